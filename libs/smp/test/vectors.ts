/** For specs: the language-neutral vectors. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const VECTORS = join(__dirname, '../../../vectors');

export const vectors = (file: string) => JSON.parse(readFileSync(join(VECTORS, file), 'utf8'));

/** Fields whose JSON value is text or a number; every other string is hex. */
const TEXTUAL = new Set(['kind', 'error', 'mode', 'type', 'hosts', 'port']);

export function fromJson(value: unknown, key = ''): unknown {
  // what INFO carries is JSON itself
  if (key === 'info') return value;
  if (typeof value === 'string') return TEXTUAL.has(key) ? value : Buffer.from(value, 'hex');
  if (Array.isArray(value)) return value.map((item) => fromJson(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromJson(item, name)]));
}

export const hex = (text: string): Buffer => Buffer.from(text, 'hex');
export const ok = (value: unknown) => ({ ok: true, value });
