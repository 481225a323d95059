/** Facts as JSON: bytes are `{"$bytes": base64url}`, and what is undefined is not there. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** @throws {TypeError} for what has no such form */
export function toJson(value: unknown): Json {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64url') };
  if (Array.isArray(value)) return value.map(toJson);
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return Object.fromEntries(fields.map(([name, field]) => [name, toJson(field)]));
  }
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return value as Json;
  throw new TypeError(`a fact is a ${typeof value}`);
}

export function fromJson(json: Json): unknown {
  if (Array.isArray(json)) return json.map(fromJson);
  if (json === null || typeof json !== 'object') return json;
  const object = json as { readonly [key: string]: Json };
  if (typeof object['$bytes'] === 'string') return new Uint8Array(Buffer.from(object['$bytes'], 'base64url'));
  return Object.fromEntries(Object.entries(object).map(([name, field]) => [name, fromJson(field)]));
}
