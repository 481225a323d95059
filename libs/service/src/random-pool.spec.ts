import { RandomPool } from './random-pool';

test('ids are of the length asked for, all different, and stay what they were', () => {
  const pool = new RandomPool();
  const ids = Array.from({ length: 2_000 }, () => pool.take(24));
  const texts = ids.map((id) => Buffer.from(id).toString('hex'));
  expect(ids.every((id) => id.length === 24)).toBe(true);
  expect(new Set(texts).size).toBe(2_000);
  pool.take(20_000);
  expect(ids.map((id) => Buffer.from(id).toString('hex'))).toEqual(texts);
});
