import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsBinary } from './nats-binary';

describe('natsBinary', () => {
  let folder: string;
  const place = (name: string, mode = 0o755): string => {
    mkdirSync(join(folder, name), { recursive: true });
    const program = join(folder, name, 'nats-server');
    writeFileSync(program, '');
    chmodSync(program, mode);
    return program;
  };
  const never = (): string => {
    throw new Error('fetched');
  };

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nats-binary-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('prefers PATH to the cache', () => {
    const onPath = place('bin');
    const search = {
      path: `${join(folder, 'none')}:${join(folder, 'bin')}`,
      caches: [join(folder, 'cache')],
      fetch: never,
    };
    place('cache');
    expect(natsBinary(folder, search)).toBe(onPath);
  });

  it('takes the cache when PATH has none that may be executed', () => {
    place('bin', 0o644);
    const cached = place('cache');
    expect(
      natsBinary(folder, { path: join(folder, 'bin'), caches: [join(folder, 'cache')], fetch: never }),
    ).toBe(cached);
  });

  it('fetches into the first cache that can be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const caches = [join(folder, 'file', 'cache'), join(folder, 'second')];
    expect(natsBinary(folder, { path: '', caches, fetch: (cache) => `${cache}/fetched` })).toBe(
      `${caches[1]}/fetched`,
    );
  });

  it('says in one sentence what to do when there is none', () => {
    const search = { path: '', caches: [join(folder, 'cache')], fetch: () => undefined };
    expect(() => natsBinary(folder, search)).toThrow(/brew install nats-server.*docker.*NATS_URL/);
  });
});
