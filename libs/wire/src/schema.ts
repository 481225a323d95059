import { decodeBase64Url, encodeBase64Url } from './base64url';
import { isJsonObject, isTooDeep, maxJsonDepth, type Json, type JsonObject } from './json';
import { failure, fieldPath, success, type Failure, type Issue, type Result } from './result';

/** Both directions of one JSON value. `decode` never throws; `encode` trusts its types. */
export interface Codec<T> {
  decode(json: unknown, path: string): Result<T>;
  encode(value: T): Json;
}

export interface OptionalCodec<T> extends Codec<T> {
  readonly optional: true;
}

export type TypeOf<C> = C extends Codec<infer T> ? T : never;

/** Where a decoded object keeps the fields that its schema does not name: spreads copy it, `encode` writes it back. */
export const unknownFields: unique symbol = Symbol('unknownFields');

export interface WithUnknownFields {
  readonly [unknownFields]?: JsonObject;
}

/**
 * A word of a newer version that we carry but do not understand. Only decoders make it, so that our own code cannot
 * misspell a known word. It exists for the type checker alone, and as an enum because, unlike a branded string,
 * an enum is narrowed away by a comparison with a known word.
 */
export declare enum UnknownText {
  word = 'any other word',
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- shapes are heterogeneous; TypeOf gets the types back
type Shape = Readonly<Record<string, Codec<any>>>;
type OptionalKey<S extends Shape> = { [K in keyof S]: S[K] extends { optional: true } ? K : never }[keyof S];
type Flat<T> = { [K in keyof T]: T[K] };

export type ObjectOf<S extends Shape> = Flat<
  { readonly [K in Exclude<keyof S, OptionalKey<S>>]: TypeOf<S[K]> } & {
    readonly [K in OptionalKey<S>]?: TypeOf<S[K]>;
  }
> &
  WithUnknownFields;

export function object<S extends Shape>(shape: S): Codec<ObjectOf<S>> {
  const fields = Object.entries(shape);
  return {
    decode(json, path) {
      if (!isJsonObject(json)) return failure(path, 'expected an object');
      const value: Record<PropertyKey, unknown> = {};
      const issues: Issue[] = [];
      let known = 0;
      for (const [key, codec] of fields) {
        const part = json[key];
        if (part !== undefined) known++;
        if (part === undefined || (part === null && isOptional(codec))) {
          if (!isOptional(codec)) issues.push({ path: fieldPath(path, key), message: 'is missing' });
          continue;
        }
        const decoded = codec.decode(part, fieldPath(path, key));
        if (decoded.ok) value[key] = decoded.value;
        else issues.push(...decoded.issues);
      }
      if (Object.keys(json).length > known) {
        const rest = Object.fromEntries(Object.entries(json).filter(([key]) => !Object.hasOwn(shape, key)));
        if (isTooDeep(rest)) issues.push(tooDeep(path));
        value[unknownFields] = rest;
      }
      return issues.length === 0 ? success(value as ObjectOf<S>) : { ok: false, issues };
    },
    encode(value) {
      const json: JsonObject = {};
      for (const [key, codec] of fields) {
        const part = value[key as keyof ObjectOf<S>];
        if (part !== undefined) json[key] = codec.encode(part);
      }
      return { ...json, ...value[unknownFields] };
    },
  };
}

/** Of an object's field: absent or null when decoded, left out when encoded. */
export function optional<T>(codec: Codec<T>): OptionalCodec<T> {
  return { ...codec, optional: true };
}

function isOptional(codec: Codec<unknown>): boolean {
  return 'optional' in codec;
}

export const string: Codec<string> = primitive('expected a string', (json) => typeof json === 'string');

export const boolean: Codec<boolean> = primitive('expected a boolean', (json) => typeof json === 'boolean');

/** An integer that a double holds exactly; `-0` becomes `0`. */
export const integer: Codec<number> = {
  decode: (json, path) =>
    Number.isSafeInteger(json) ? success((json as number) + 0) : failure(path, 'expected an integer'),
  encode: (value) => value,
};

/** JSON that is carried and not read. */
export const jsonObject: Codec<JsonObject> = {
  decode(json, path) {
    if (!isJsonObject(json)) return failure(path, 'expected an object');
    return isTooDeep(json) ? { ok: false, issues: [tooDeep(path)] } : success(json);
  },
  encode: (value) => value,
};

/** A byte string of `min` to `max` bytes: base64url in JSON, padded when encoded, padded or not when decoded. */
export function bytes(min = 0, max = Infinity): Codec<Uint8Array> {
  const size = min === max ? `${min}` : max === Infinity ? `at least ${min}` : `${min} to ${max}`;
  return {
    decode(json, path) {
      const value = typeof json === 'string' ? decodeBase64Url(json) : undefined;
      if (value === undefined) return failure(path, 'expected base64url');
      return value.length < min || value.length > max
        ? failure(path, `expected ${size} bytes`)
        : success(value);
    },
    encode: encodeBase64Url,
  };
}

export function literal<const T extends string | boolean>(only: T): Codec<T> {
  return primitive(`expected ${JSON.stringify(only)}`, (json) => json === only);
}

/** One of these words: for the fields in which upstream refuses any other. */
export function enumeration<const T extends string>(...words: readonly T[]): Codec<T> {
  const known = new Set<unknown>(words);
  return primitive(`expected one of ${words.join(', ')}`, (json) => known.has(json));
}

/** One of these words, or a newer one: for the fields in which upstream carries what it does not know. */
export function openEnumeration<const T extends string>(..._words: readonly T[]): Codec<T | UnknownText> {
  return primitive('expected a string', (json) => typeof json === 'string');
}

export const newerWord: Codec<UnknownText> = primitive(
  'expected a string',
  (json) => typeof json === 'string',
);

export function array<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    decode(json, path) {
      if (!Array.isArray(json)) return failure(path, 'expected an array');
      return all(json.map((part, index) => item.decode(part, `${path}[${index}]`)));
    },
    encode: (value) => value.map((part) => item.encode(part)),
  };
}

/** An object with any keys. Issues name an entry by position: keys are written by people. */
export function dictionary<T>(item: Codec<T>): Codec<Readonly<Record<string, T>>> {
  return {
    decode(json, path) {
      if (!isJsonObject(json)) return failure(path, 'expected an object');
      const values = all(Object.values(json).map((part, index) => item.decode(part, `${path}[${index}]`)));
      if (!values.ok) return values;
      return success(Object.fromEntries(Object.keys(json).map((key, index) => [key, values.value[index]])));
    },
    encode: (value) =>
      Object.fromEntries(Object.entries(value).map(([key, part]) => [key, item.encode(part)])),
  };
}

/** Objects told apart by the word in the field `tag`; a newer word is decoded by `newer`. */
export function variant<V extends Shape, N>(
  tag: string,
  variants: V,
  newer: Codec<N>,
): Codec<TypeOf<V[keyof V]> | N> {
  const chosen = (value: unknown): Codec<TypeOf<V[keyof V]> | N> => {
    const word = isJsonObject(value) ? value[tag] : undefined;
    return typeof word === 'string' && Object.hasOwn(variants, word)
      ? (variants[word] as Codec<TypeOf<V[keyof V]>>)
      : newer;
  };
  return {
    decode: (json, path) => chosen(json).decode(json, path),
    encode: (value) => chosen(value).encode(value),
  };
}

function primitive<T extends Json>(expected: string, matches: (json: unknown) => boolean): Codec<T> {
  return {
    decode: (json, path) => (matches(json) ? success(json as T) : failure(path, expected)),
    encode: (value) => value,
  };
}

function all<T>(results: readonly Result<T>[]): Result<T[]> {
  const issues = results.flatMap((result) => (result.ok ? [] : result.issues));
  if (issues.length > 0) return { ok: false, issues } satisfies Failure;
  return success(results.flatMap((result) => (result.ok ? [result.value] : [])));
}

function tooDeep(path: string): Issue {
  return { path, message: `nested deeper than ${maxJsonDepth}` };
}
