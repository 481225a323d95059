import {
  array,
  bytes,
  dictionary,
  enumeration,
  integer,
  object,
  optional,
  string,
  unknownFields,
  type TypeOf,
} from './index';

const relay = object({ name: string, ids: array(bytes(2, 2)), domain: optional(string) });

test('types come from the schema', () => {
  const value: TypeOf<typeof relay> = { name: 'a', ids: [] };
  // @ts-expect-error -- a required field
  const missing: TypeOf<typeof relay> = { ids: [] };
  // @ts-expect-error -- not a string
  const wrong: TypeOf<typeof relay> = { name: 'a', ids: [], domain: 1 };
  expect([value, missing, wrong]).toHaveLength(3);
});

test('an edited copy of a decoded object still carries the fields that we do not know', () => {
  const decoded = relay.decode({ name: 'a', ids: ['AQI='], region: 'eu' }, '');
  expect(decoded).toMatchObject({ ok: true, value: { name: 'a', [unknownFields]: { region: 'eu' } } });
  const renamed = decoded.ok && relay.encode({ ...decoded.value, name: 'b' });
  expect(renamed).toEqual({ name: 'b', ids: ['AQI='], region: 'eu' });
});

test('an object without unknown fields has nothing more than its schema', () => {
  const decoded = relay.decode({ name: 'a', ids: [], domain: null }, '');
  expect(decoded.ok && Reflect.ownKeys(decoded.value)).toEqual(['name', 'ids']);
});

test('a field called __proto__ is a field', () => {
  const json: unknown = JSON.parse('{"name":"a","ids":[],"__proto__":{"domain":"evil"}}');
  const decoded = relay.decode(json, '');
  expect(decoded.ok && decoded.value.domain).toBeUndefined();
  expect(decoded.ok && JSON.stringify(relay.encode(decoded.value))).toBe(JSON.stringify(json));

  const names = dictionary(integer).decode(JSON.parse('{"__proto__":1}'), '');
  expect(names.ok && Object.keys(names.value)).toEqual(['__proto__']);
});

test('an undefined optional field is left out', () => {
  expect(relay.encode({ name: 'a', ids: [], domain: undefined })).toEqual({ name: 'a', ids: [] });
});

test('issues of items and of several fields have their own paths', () => {
  expect(relay.decode({ name: 1, ids: ['AQI=', 'AQ=='] }, 'params')).toEqual({
    ok: false,
    issues: [
      { path: 'params.name', message: 'expected a string' },
      { path: 'params.ids[1]', message: 'expected 2 bytes' },
    ],
  });
});

test('an integer is one that a double holds exactly', () => {
  for (const wrong of [1.5, 2 ** 53, NaN, '1', null]) expect(integer.decode(wrong, '').ok).toBe(false);
  expect(integer.decode(-0, '')).toEqual({ ok: true, value: 0 });
});

test('a closed enumeration refuses other words, names of Object.prototype too', () => {
  const answer = enumeration('yes', 'no');
  expect(answer.decode('yes', '').ok).toBe(true);
  expect(answer.decode('constructor', '').ok).toBe(false);
});
