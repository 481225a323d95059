import { failure, success, type Result } from './result';
import { decodeUtf8 } from './utf8';

export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/**
 * Deepest nesting kept in fields that we do not know. JSON.parse takes any depth but JSON.stringify recurses:
 * with this limit, all that was decoded can be encoded.
 */
export const maxJsonDepth = 100;

/** Parses UTF-8 JSON text. Messages of JSON.parse quote the text, so they are not passed on. */
export function parseJson(bytes: Uint8Array): Result<unknown> {
  const text = decodeUtf8(bytes);
  if (text === undefined) return failure('', 'invalid UTF-8');
  try {
    return success(JSON.parse(text));
  } catch {
    return failure('', 'invalid JSON');
  }
}

export function isJsonObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function isTooDeep(json: unknown, allowed = maxJsonDepth): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return allowed === 0 || Object.values(json).some((part) => isTooDeep(part, allowed - 1));
}
