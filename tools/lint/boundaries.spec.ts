import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { cases } from './boundary-cases';

describe('the boundaries that eslint.config.mjs draws', () => {
  const answers = JSON.parse(
    execFileSync(process.execPath, [join(__dirname, 'lint-text.mjs')], {
      input: JSON.stringify(cases.map(([path, text]) => ({ path, text }))),
      env: { ...process.env, NX_DAEMON: 'false' },
      encoding: 'utf8',
    }),
  ) as string[][];

  const rows = cases.map(([path, text, rule], index) => ({
    path,
    line: text.split('\n', 1)[0]?.slice(0, 70),
    expected: rule === undefined ? [] : [rule],
    found: [...new Set(answers[index])],
  }));

  it.each(rows)('$path: $line -> $expected', ({ expected, found }) => expect(found).toEqual(expected));
});
