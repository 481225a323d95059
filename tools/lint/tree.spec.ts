import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

const sources = files.filter((path) => /^(libs|apps|tools)\/.*\.(ts|mjs|js)$/.test(path));

const dumpingGrounds = (paths: readonly string[]) =>
  paths.filter((path) => {
    const parts = path.split('/').map((part) => part.split('.')[0] ?? '');
    return (
      parts.some((part) => /^(utils?|common|shared|core|dto|helpers?|misc)$/.test(part)) ||
      path.includes('.service.')
    );
  });

const notKebab = (paths: readonly string[]) =>
  paths.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(basename(path)));

describe('the tree', () => {
  it('has no dumping grounds', () => expect(dumpingGrounds(sources)).toEqual([]));

  it('names files in kebab-case', () => expect(notKebab(sources)).toEqual([]));

  it('would notice both', () => {
    expect(
      dumpingGrounds([
        'libs/wire/src/utils/a.ts',
        'apps/cli/src/a.service.ts',
        'libs/common/src/a.ts',
        'libs/wire/src/core.ts',
      ]),
    ).toHaveLength(4);
    expect(dumpingGrounds(['libs/service/src/service.module.ts', 'libs/wire/src/score.ts'])).toEqual([]);
    expect(
      notKebab(['libs/wire/src/addRelay.ts', 'libs/wire/src/add_relay.ts', 'libs/wire/src/Relay.ts']),
    ).toHaveLength(3);
    expect(notKebab(['libs/protocol/src/add-relay.owner.ts'])).toEqual([]);
  });

  it('gives every package one layer', () => {
    const manifests = files.filter((path) => /^((libs|apps)\/[^/]+|tools)\/package\.json$/.test(path));
    expect(manifests.length).toBeGreaterThan(16);
    const layers = manifests.map((path) => {
      const { nx } = JSON.parse(read(path)) as { nx?: { tags?: string[] } };
      return [
        path,
        nx?.tags?.filter((tag) => /^layer:(wire|protocol|agent|adapter|host|testkit|app|tool)$/.test(tag))
          .length,
      ];
    });
    expect(layers.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it('has one index.ts by hand in every lib, and no barrel of barrels', () => {
    const indexes = sources.filter((path) => path.startsWith('libs/') && basename(path) === 'index.ts');
    expect(indexes.filter((path) => !/^libs\/[^/]+\/src\/index\.ts$/.test(path))).toEqual([]);
  });

  it('has at most six ports', () => {
    const path = 'libs/agent/src/ports.ts';
    const count = existsSync(join(root, path))
      ? [...read(path).matchAll(/^(export )?interface /gm)].length
      : 0;
    expect(count).toBeLessThanOrEqual(6);
  });
});
