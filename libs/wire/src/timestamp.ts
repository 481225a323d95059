import { failure, success } from './result';
import type { Codec } from './schema';

const utc =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,12})?Z$/;

/** ISO 8601 in UTC with up to 12 digits of fraction: kept as text, because no number holds picoseconds. */
export const timestamp: Codec<string> = {
  decode: (json, path) =>
    typeof json === 'string' && utc.test(json) ? success(json) : failure(path, 'expected a UTC timestamp'),
  encode: (value) => value,
};
