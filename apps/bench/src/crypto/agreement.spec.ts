import { ensureAgreement } from './agreement';
import { type Library, operations, type Run } from './operation';

const library = (name: string, run: Run): Library => ({
  name,
  runs: Object.fromEntries(operations.map((operation) => [operation, run])),
});

describe('ensureAgreement', () => {
  const one = library('one', () => Uint8Array.of(1));

  it('takes libraries that say the same, and one that cannot do all', () => {
    expect(() =>
      ensureAgreement([one, library('two', () => Uint8Array.of(1)), { name: 'none', runs: {} }]),
    ).not.toThrow();
  });

  it('names the operation and both libraries', () => {
    const odd = { ...one, name: 'odd', runs: { ...one.runs, 'X25519 DH': () => Uint8Array.of(2) } };
    expect(() => ensureAgreement([one, odd])).toThrow('X25519 DH: odd and one disagree.');
  });

  it('notices bytes that change from one time to the next', () => {
    let count = 0;
    expect(() => ensureAgreement([library('unsteady', () => Uint8Array.of(count++))])).toThrow('disagree');
  });

  it('refuses an operation that nobody can do', () => {
    expect(() => ensureAgreement([])).toThrow('there is no library that can');
  });
});
