/** How links and addresses spell bytes and parameters. */
import { asBuffer } from '../encoding';

export function base64url(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64url');
}

/** With `=` up to a multiple of four characters. */
export function paddedBase64url(bytes: Uint8Array): string {
  const text = base64url(bytes);
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** base64url, padded or not, of exactly these bytes and no other spelling of them; undefined for anything else. */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text.replace(/={1,2}$/, '') ? bytes : undefined;
}

/** All but letters, digits and `-_.~`. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `?name=value&…` of the parameters that have a value; '' when none has. */
export function queryOf(params: readonly (readonly [name: string, value: string | undefined])[]): string {
  const said = params.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${percentEncoded(value)}`],
  );
  return said.length === 0 ? '' : `?${said.join('&')}`;
}
