import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, which is 100 on every Linux that Node runs on */
const TICKS_PER_SECOND = 100;

export interface ProcessStat {
  readonly pid: number;
  readonly program: string;
  readonly parent: number;
  /** of the process and of its children that have ended */
  readonly seconds: number;
}

/** The text of `/proc/<pid>/stat`. */
export function readStat(text: string): ProcessStat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return {
    pid: Number(text.slice(0, open)),
    program: text.slice(open + 1, close),
    parent: Number(fields[1]),
    seconds: ticks / TICKS_PER_SECOND,
  };
}

/** The processes that `root` started, they started, and so on; with `root` itself. */
export function familyOf(root: number, all: readonly ProcessStat[]): ProcessStat[] {
  const family = new Set([root]);
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

/** CPU seconds so far by name, of a process and all below it; nothing where there is no /proc. @param own this process's name */
export function processTimes(root: number, own: string): Map<string, number> {
  const times = new Map<string, number>();
  for (const stat of familyOf(root, everyStat())) {
    const name = stat.pid === process.pid ? own : nameOf(stat, root);
    times.set(name, (times.get(name) ?? 0) + stat.seconds);
  }
  return times;
}

export function timesBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): { process: string; seconds: number }[] {
  return [...after]
    .map(([process, seconds]) => ({ process, seconds: seconds - (before.get(process) ?? 0) }))
    .filter(({ seconds }) => seconds > 0)
    .sort((a, b) => b.seconds - a.seconds);
}

function everyStat(): ProcessStat[] {
  return textsOf(
    names('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => `/proc/${pid}/stat`),
  ).map(readStat);
}

/** A service says its name in its environment. */
function nameOf({ pid, program }: ProcessStat, root: number): string {
  const [environment = ''] = textsOf([`/proc/${pid}/environ`]);
  const service = environment.split('\0').find((line) => line.startsWith('SERVICE_INSTANCE='));
  if (service && pid !== root) return service.slice('SERVICE_INSTANCE='.length);
  return program;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Processes may have ended since they were listed. */
function textsOf(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      return [];
    }
  });
}
