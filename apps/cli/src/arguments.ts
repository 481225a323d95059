import { Mistake } from './command';
import { nearest } from './nearest';

/** A command line and who says it. */
export interface Arguments {
  readonly line: string;
  readonly owner: string;
  readonly member: string;
  /** the services' reply as it is, instead of words */
  readonly json: boolean;
  /** comes back when what was begun has ended */
  readonly wait: boolean;
  /** how long /watch watches; until Ctrl-C unless said */
  readonly seconds?: number;
}

const byDefault: Arguments = { line: '', owner: 'alice', member: 'bob', json: false, wait: false };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const names: Readonly<Record<string, 'owner' | 'member'>> = { '--owner': 'owner', '--as': 'member' };
const switches: Readonly<Record<string, 'json' | 'wait'>> = { '--json': 'json', '--wait': 'wait' };
const known = [...Object.keys(names), ...Object.keys(switches), '--for', '--help'];

/** the longest that a timer of Node waits is 24 days */
const LONGEST_SECONDS = 86_400;

/**
 * The command as one argument or as words, options anywhere. What is said in a message stays: once it has begun, only
 * options that are arguments of their own are taken out, and words that look like options are words.
 * @throws {Mistake}
 */
export function readArguments(argv: readonly string[], before: Arguments = byDefault): Arguments {
  const { words, ...rest } = takeOptions(argv, { ...before, line: '' });
  const line = words.join(' ').trim();
  if (!line.startsWith('/')) return { ...rest, line };
  const again = takeOptions(line.split(/\s+/), rest);
  return { ...rest, ...omitWords(again), line: again.words.join(' ') };
}

function takeOptions(argv: readonly string[], before: Arguments): Arguments & { words: string[] } {
  const taken: Writable<Arguments> & { words: string[] } = { ...before, words: [] };
  for (let at = 0; at < argv.length; at++) {
    const [option, attached] = split(argv[at]);
    if (names[option]) {
      const value = attached ?? argv[++at];
      if (!value) throw new Mistake(`${option} takes a name, such as "${option} carol".`);
      taken[names[option]] = value;
    } else if (option === '--for' && !isMessage(taken.words)) {
      taken.seconds = seconds(attached ?? argv[++at]);
    } else if (switches[option] && attached === undefined) taken[switches[option]] = true;
    else if (option === '--help' && taken.words.length === 0) taken.words.push('/help');
    else if (/^--\w/.test(option) && !isMessage(taken.words))
      throw new Mistake(`There is no option "${argv[at]}"; the nearest is "${nearest(option, known)}".`);
    else taken.words.push(argv[at]);
  }
  return taken;
}

function seconds(value: string | undefined): number {
  const read = Number(value || NaN);
  if (!(read > 0 && read <= LONGEST_SECONDS))
    throw new Mistake(`--for takes seconds, above 0 and up to ${LONGEST_SECONDS}, such as "--for 10".`);
  return read;
}

function omitWords({ words: _, ...rest }: Arguments & { words: string[] }): Arguments {
  return rest;
}

function split(argument: string): [string, string | undefined] {
  const option = /^(--\w+)=(.*)$/s.exec(argument);
  return option ? [option[1], option[2]] : [argument, undefined];
}

function isMessage([first]: readonly string[]): boolean {
  return first?.startsWith('#') ?? false;
}
