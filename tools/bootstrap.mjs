import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Everything that has to be there before a project can run: Node, the packages of the lock file, the build.
 * Does only what is missing, and says nothing when nothing is. Answers false when it could not, having said why.
 */
export function bootstrap() {
  return nodeIsNewEnough() && install() && build();
}

function nodeIsNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return true;
  console.error(`chat-relays needs Node 20.19 or newer; this is ${process.versions.node}.`);
  return false;
}

function install() {
  const stamp = join(root, 'node_modules', '.chat-relays-installed');
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const wanted = digest(`${lock} ${process.platform} ${process.arch}`);
  if (textOf(stamp) === wanted) return true;
  if (!isInstalledByHand(JSON.parse(lock))) {
    const npm = ['ci', '--include=dev', '--no-audit', '--no-fund', ...cacheOfOurOwn()];
    if (!step('Installing packages', 'npm', npm)) return false;
  }
  writeFileSync(stamp, wanted);
  return true;
}

/** npm notes beside the packages what it has installed: somebody may have called it without us. */
function isInstalledByHand(lock) {
  const note = textOf(join(root, 'node_modules', '.package-lock.json'));
  if (!note) return false;
  const installed = JSON.parse(note).packages;
  return Object.entries(lock.packages)
    .filter(([path, wanted]) => path.startsWith('node_modules/') && !wanted.optional)
    .every(([path, wanted]) => installed[path] && installed[path].version === wanted.version);
}

/** npm wants to write below the home folder, which may not exist or be somebody else's. */
function cacheOfOurOwn() {
  try {
    accessSync(homedir(), constants.W_OK);
    return [];
  } catch {
    return [`--cache=${join(root, '.cache', 'npm')}`];
  }
}

function build() {
  const projects = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references.map(
    (r) => r.path,
  );
  projects.forEach(sweep);
  const stamp = join(root, 'node_modules', '.chat-relays-built');
  const wanted = digest(
    projects.map(fingerprint).join('\n') + fingerprintOf(join(root, 'tsconfig.base.json')),
  );
  const built = projects.every((project) => existsSync(join(root, project, 'tsconfig.tsbuildinfo')));
  if (built && textOf(stamp) === wanted) return true;
  const tsc = [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', '--pretty', 'false'];
  if (!step('Building', process.execPath, tsc)) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/** `tsc -b` trusts its notes: it neither restores a `dist` that was removed nor removes what has no source any more. */
function sweep(project) {
  const dist = join(root, project, 'dist');
  const notes = join(root, project, 'tsconfig.tsbuildinfo');
  if (!existsSync(dist)) rmSync(notes, { force: true });
  for (const file of filesBelow(dist)) {
    const output = /(\.d)?\.([cm]?)[jt]s(\.map)?$/.exec(file);
    if (!output) continue;
    const stem = join(root, project, 'src', file.slice(dist.length + 1, output.index));
    if (existsSync(`${stem}.${output[2]}ts`)) continue;
    rmSync(file);
    rmSync(notes, { force: true });
  }
}

function fingerprint(project) {
  const sources = filesBelow(join(root, project, 'src'));
  return [join(root, project, 'tsconfig.json'), ...sources].map(fingerprintOf).join('\n');
}

function fingerprintOf(file) {
  const { mtimeMs, size } = statSync(file);
  return `${file} ${mtimeMs} ${size}`;
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function digest(text) {
  return createHash('sha256').update(text).digest('hex');
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** One line on the error output while it works; the program's own words only when it fails. */
function step(title, command, args) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  process.stderr.write(`${title} … `);
  const started = Date.now();
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, SCARF_ANALYTICS: 'false', NX_DAEMON: 'false', NX_NO_CLOUD: 'true' },
  });
  process.stderr.write(
    `${done.status === 0 ? '' : 'failed after '}${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  );
  if (done.status === 0) return true;
  if (done.error && done.error.code === 'ENOENT')
    process.stderr.write(`There is no ${command} on this machine: install it.\n`);
  process.stderr.write(`${done.stdout || ''}${done.stderr || ''}`);
  return false;
}
