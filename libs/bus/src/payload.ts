export interface PayloadLimits {
  readonly maxBytes: number;
  /** nested arrays and objects */
  readonly maxDepth: number;
}

/** Why a payload was not read. */
export type PayloadFault = 'empty' | 'too_large' | 'not_json' | 'too_deep';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON from the bus, from anybody: never throws. */
export function readPayload(
  bytes: Uint8Array,
  limits: PayloadLimits,
): { value: unknown } | { fault: PayloadFault } {
  if (bytes.length === 0) return { fault: 'empty' };
  if (bytes.length > limits.maxBytes) return { fault: 'too_large' };
  if (isDeeperThan(bytes, limits.maxDepth)) return { fault: 'too_deep' };
  try {
    return { value: JSON.parse(utf8.decode(bytes)) };
  } catch {
    return { fault: 'not_json' };
  }
}

/** Counts brackets outside of strings before anything recursive sees them. */
function isDeeperThan(bytes: Uint8Array, maxDepth: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case 0x5c: // backslash
        if (inString) i++;
        break;
      case 0x22: // quote
        inString = !inString;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (!inString && ++depth > maxDepth) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (!inString) depth--;
        break;
    }
  }
  return false;
}
