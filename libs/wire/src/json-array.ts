import { failure, type Failure } from './result';

export interface JsonArrayItems {
  /** Views of the array's text, white space trimmed. They are not parsed yet: one bad item spoils no other. */
  readonly items: readonly Uint8Array[];
  readonly failed?: Failure;
}

const enum Char {
  Quote = 0x22,
  Comma = 0x2c,
  OpenBracket = 0x5b,
  Backslash = 0x5c,
  CloseBracket = 0x5d,
  OpenBrace = 0x7b,
  CloseBrace = 0x7d,
}

/** Cuts the text of a JSON array, from its `[`, into its items, so that each keeps its exact bytes. */
export function splitJsonArray(bytes: Uint8Array): JsonArrayItems {
  const items: Uint8Array[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 1; at < bytes.length; at++) {
    const char = bytes[at];
    if (char === Char.Quote) at = endOfString(bytes, at);
    else if (char === Char.OpenBracket || char === Char.OpenBrace) depth++;
    else if (depth > 0 && (char === Char.CloseBracket || char === Char.CloseBrace)) depth--;
    else if (depth === 0 && char === Char.Comma) {
      items.push(trimmed(bytes, start, at));
      start = at + 1;
    } else if (depth === 0 && char === Char.CloseBracket) {
      const last = trimmed(bytes, start, at);
      if (items.length > 0 || last.length > 0) items.push(last);
      const rest = trimmed(bytes, at + 1, bytes.length);
      return rest.length === 0 ? { items } : { items, failed: failure('', 'bytes after the JSON array') };
    }
  }
  return { items, failed: failure('', 'truncated JSON array') };
}

/** Position of the closing quote, or the end of the bytes. */
function endOfString(bytes: Uint8Array, openingQuote: number): number {
  let at = openingQuote + 1;
  while (at < bytes.length && bytes[at] !== Char.Quote) at += bytes[at] === Char.Backslash ? 2 : 1;
  return at;
}

function trimmed(bytes: Uint8Array, start: number, end: number): Uint8Array {
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return bytes.subarray(start, end);
}

function isSpace(char: number): boolean {
  return char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
}
