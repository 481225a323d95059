const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const invalid = 0xff;
const sextets = new Uint8Array(128).fill(invalid);
for (let i = 0; i < alphabet.length; i++) sextets[alphabet.charCodeAt(i)] = i;

/** Base64url with `=` padding, as upstream writes every byte string in JSON. */
export function encodeBase64Url(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let i = 0; i < whole; i += 3) {
    const group = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
    text +=
      alphabet[group >> 18] +
      alphabet[(group >> 12) & 63] +
      alphabet[(group >> 6) & 63] +
      alphabet[group & 63];
  }
  if (bytes.length - whole === 1) {
    const last = bytes[whole];
    text += alphabet[last >> 2] + alphabet[(last & 3) << 4] + '==';
  } else if (bytes.length - whole === 2) {
    const last = (bytes[whole] << 8) | bytes[whole + 1];
    text += alphabet[last >> 10] + alphabet[(last >> 4) & 63] + alphabet[(last & 15) << 2] + '=';
  }
  return text;
}

/**
 * Padded or not; undefined when the text is not base64url. Half padding and stray bits after the last byte are refused,
 * so no two spellings of one id differ in more than padding.
 */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  const length = unpaddedLength(text);
  if (length === undefined || length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let written = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const sextet = code < 128 ? sextets[code] : invalid;
    if (sextet === invalid) return undefined;
    buffer = ((buffer << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = buffer >> bits;
    }
  }
  const stray = buffer & ((1 << bits) - 1);
  return stray === 0 ? bytes : undefined;
}

function unpaddedLength(text: string): number | undefined {
  if (!text.endsWith('=')) return text.length;
  if (text.length % 4 !== 0) return undefined;
  return text.endsWith('==') ? text.length - 2 : text.length - 1;
}
