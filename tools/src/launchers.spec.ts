import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inheritedEnv, repositoryRoot } from './config';

/** A checkout in miniature, on which the real launchers run. */
describe('the launchers', () => {
  let root: string;
  const write = (path: string, content: unknown): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const node = (...parameters: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, parameters, { cwd: root, encoding: 'utf8', env: inheritedEnv() });
  const bootstrap = () =>
    node('-e', `import('./tools/bootstrap.mjs').then((m) => (process.exitCode = m.bootstrap() ? 0 : 1))`);

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'launchers-'));
    mkdirSync(join(root, 'tools'));
    for (const name of ['bootstrap.mjs', 'run-main.mjs', 'run.mjs', 'test.mjs']) {
      copyFileSync(join(repositoryRoot, 'tools', name), join(root, 'tools', name));
    }
    write('package-lock.json', { packages: { '': {} } });
    write('node_modules/.package-lock.json', { packages: {} });
    for (const name of ['typescript', 'jest']) {
      symlinkSync(join(repositoryRoot, 'node_modules', name), join(root, 'node_modules', name));
    }
    write('tsconfig.base.json', {});
    write('tsconfig.json', { files: [], references: [{ path: 'libs/one' }] });
    write('libs/one/tsconfig.json', {
      compilerOptions: {
        composite: true,
        module: 'node20',
        rootDir: 'src',
        outDir: 'dist',
        types: [],
        lib: ['es2023'],
        skipLibCheck: true,
      },
      include: ['src'],
    });
    write('libs/one/src/main.ts', 'declare const process: any;\nprocess.exit(process.argv.length);\n');
    write('libs/one/src/old.ts', 'export const old = 1;\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('build once, and say nothing when there is nothing to do', () => {
    expect(bootstrap()).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Building … \S+ s\n$/),
    });
    expect(bootstrap()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('leave nothing in dist that has no source, and restore a dist that was removed', () => {
    rmSync(join(root, 'libs/one/src/old.ts'));
    expect(bootstrap().status).toBe(0);
    expect(existsSync(join(root, 'libs/one/dist/old.js'))).toBe(false);
    rmSync(join(root, 'libs/one/dist'), { recursive: true });
    expect(bootstrap().status).toBe(0);
    expect(existsSync(join(root, 'libs/one/dist/main.js'))).toBe(true);
  });

  it('show what the compiler says when it fails, each time', () => {
    write('libs/one/src/wrong.ts', 'export const wrong: number = "text";\n');
    for (const _ of [1, 2])
      expect(bootstrap()).toMatchObject({ status: 1, stderr: expect.stringContaining('TS2322') });
    expect(node('tools/test.mjs')).toMatchObject({ status: 1, stdout: '0 passed, 1 failed\n' });
    rmSync(join(root, 'libs/one/src/wrong.ts'));
  });

  it('become the program, with its arguments and its exit code', () => {
    expect(node('tools/run.mjs', 'libs/one', 'a', 'b').status).toBe(4);
    expect(node('tools/run.mjs', 'libs/none')).toMatchObject({
      status: 1,
      stderr: 'libs/none has no src/main.ts.\n',
    });
  });

  it('count the tests of both suites; a suite that cannot run is a failure', () => {
    write('jest.config.js', `module.exports = { testMatch: ['<rootDir>/specs/*.js'] };`);
    write('apps/e2e/jest.config.js', `module.exports = { testMatch: ['<rootDir>/*.e2e.js'] };`);
    write(
      'specs/good.js',
      `it('a', () => undefined); it('b', () => undefined); it.skip('c', () => undefined);`,
    );
    write('apps/e2e/good.e2e.js', `it('d', () => undefined);`);
    expect(node('tools/test.mjs')).toMatchObject({ status: 0, stdout: '3 passed, 0 failed\n' });
    expect(node('tools/test.mjs', 'specs/good')).toMatchObject({ status: 0, stdout: '2 passed, 0 failed\n' });
    write('specs/bad.js', `it('e', () => { throw new Error('no'); });`);
    write('specs/broken.js', `require('./nothing');`);
    expect(node('tools/test.mjs')).toMatchObject({ status: 1, stdout: '3 passed, 2 failed\n' });
    write('apps/e2e/jest.config.js', `throw new Error('no configuration');`);
    expect(node('tools/test.mjs')).toMatchObject({ status: 1, stdout: '2 passed, 3 failed\n' });
  });
});
