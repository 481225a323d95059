import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const rows = readFileSync(join(root, 'docs/faults.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ /.test(line))
  .map((line) => line.split('|').slice(1, -1));

/** Each file that a cell names, and the tests of it, which follow in quotation marks. */
function testsOf(cell: string, folder: string): { file: string; tests: string[] }[] {
  return cell
    .split('`')
    .slice(1)
    .reduce<{ file: string; tests: string[] }[]>((found, text, at) => {
      if (at % 2 === 0) return [...found, { file: join(folder, text), tests: [] }];
      found.at(-1)!.tests.push(...[...text.matchAll(/"([^"]+)"/g)].map(([, test]) => test));
      return found;
    }, [])
    .filter(({ file }) => /\.(ts|json)$/.test(file));
}

/** With strings that go over several lines as one, and quotation marks as they are meant. */
const source = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/['`] \+\s*['`]/g, '')
    .replaceAll("\\'", "'");

describe('docs/faults.md', () => {
  it('has each of the 28 faults once, in order', () => {
    expect(rows.map(([fault]) => Number(fault.trim().split(' ')[0]))).toEqual(
      Array.from({ length: 28 }, (_, index) => index + 1),
    );
  });

  it.each(rows)('%s: the tests are there', (_, real, others) => {
    for (const { file, tests } of [...testsOf(real, 'apps/e2e/src'), ...testsOf(others, '.')]) {
      expect([file, existsSync(join(root, file))]).toEqual([file, true]);
      expect([file, tests.filter((test) => !source(file).includes(test))]).toEqual([file, []]);
    }
  });

  it('would notice a test that is not there', () => {
    expect(testsOf(' `a.ts` "one", "two": some, `b.ts`; and `npm run sim` ', 'x')).toEqual([
      { file: 'x/a.ts', tests: ['one', 'two'] },
      { file: 'x/b.ts', tests: [] },
    ]);
  });
});
