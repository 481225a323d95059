import { z } from 'zod';

/** A request: an object with these fields and no others. */
export const requestOf = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `there is no field ${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(', ')}`
        : 'a JSON object is expected',
  });

const named = (what: string) =>
  z
    .string(`${what} is expected`)
    .regex(/^[A-Za-z0-9_-]{1,64}$/, `${what} is expected: 1 to 64 letters (a to z), digits, - or _`);

export const ownerName = named('the name of an owner');
export const relayName = named('the name of a relay');
export const memberName = named('the name of a member');

export const groupName = z
  .string('the name of a group is expected')
  .regex(/^[\p{L}\p{N}_-][\p{L}\p{N}\p{M}_.-]{0,63}$/u, 'a group name is 1 to 64 letters, digits, -, _ or .');

/** its name or its id */
export const groupReference = z
  .string('the name or id of a group is expected')
  .min(1, 'the name or id of a group is expected')
  .max(200, 'the name or id of a group is expected');

export const link = z
  .string('a link is expected')
  .regex(/^(simplex:\/|https:\/\/)\S+$/, 'a link starts with simplex:/ or https:// and has no spaces')
  .max(2_000, 'a link has at most 2000 characters');

export const text = z
  .string('a text is expected')
  .min(1, 'the text is empty')
  // as it travels: a message has to fit the blocks of relays, and a line break takes two bytes of JSON
  .refine(
    (value) => Buffer.byteLength(JSON.stringify(value)) <= 15_002,
    'the text is longer than 15000 bytes',
  );

/** one of the RFC's */
export const protocol = z.enum(
  ['full', 'pooled', 'paired'],
  'a protocol is expected: full, pooled or paired',
);

/** where relays stand in the owner's list, counted from 1 */
export const positions = z
  .array(z.int('a position is a whole number').min(1, 'positions start at 1'), 'relay positions are expected')
  .min(1, 'name at least one relay')
  .max(100, 'name at most 100 relays')
  .refine((list) => new Set(list).size === list.length, 'a relay is named twice');

export const pageSize = (max: number, byDefault: number) =>
  z.int('a whole number is expected').min(1, 'at least 1').max(max, `at most ${max}`).default(byDefault);

/** where the last page ended; 0 is before the first */
export const cursor = z.int('a whole number is expected').min(0, 'at least 0').default(0);

export const count = z.int().min(0);
/** milliseconds since 1970 */
export const time = z.number();
/** how many are in each status */
export const countByStatus = z.record(z.string(), count);
