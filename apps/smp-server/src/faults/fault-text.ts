/**
 * Faults as text: items with `;` between them.
 *
 *     delay <commands> <time> [chance]        drop <commands> [chance]
 *     drop-reply <commands> [chance]          error <commands> <SMP error> [chance]
 *     slow-storage <time>     refuse-new      pause [time]
 *
 * Commands are `all` or such as `SEND,ACK`; a time is such as `50ms` or `2s`; chance is any of `p=0.1` (probability),
 * `n=3` (only so often) and `seed=7`.
 */
import { MAX_FAULT_COUNT, MAX_FAULT_MS, MAX_FAULT_SEED } from '@chat-relays/bus';
import { COMMAND_KINDS, isSmpError, type CommandKind } from '@chat-relays/smp';
import type { Chance, Fault, FaultRule, FaultSettings } from './fault-rule';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Read = { readonly faults: FaultSettings } | { readonly problem: string };

/** Says what is wrong with the words of an item. */
class Wrong extends Error {}

/** The faults, or a sentence that says which item is wrong and how: `item 2, "drop EVERY": …`. */
export function parseFaults(text: string): Read {
  const settings: Writable<FaultSettings> = { rules: [] };
  const items = text.split(';').map((item) => item.trim());
  for (const [index, item] of items.entries()) {
    // nothing at all, or nothing after the last `;`
    if (item === '' && index === items.length - 1) continue;
    try {
      readItem(item, settings);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      const shown = item.length > 60 ? `${item.slice(0, 60)}…` : item;
      return { problem: `item ${index + 1}, "${shown}": ${error.message}` };
    }
  }
  return { faults: settings };
}

function readItem(item: string, settings: Writable<FaultSettings>): void {
  const [name, ...words] = item.split(/\s+/);
  switch (name) {
    case 'delay':
    case 'drop':
    case 'drop-reply':
    case 'error':
      settings.rules = [...settings.rules, readRule(name, words)];
      return;
    case 'slow-storage':
      if (settings.slowStorageMs !== undefined) throw new Wrong('slow-storage is there twice');
      settings.slowStorageMs = readTime(words.shift());
      return nothingAfter(words);
    case 'refuse-new':
      settings.refuseNew = true;
      return nothingAfter(words);
    case 'pause':
      if (settings.pause) throw new Wrong('pause is there twice');
      settings.pause = words.length > 0 ? { ms: readTime(words.shift()) } : {};
      return nothingAfter(words);
    default:
      throw new Wrong(
        `${name ? `there is no fault ${name}` : 'a fault is expected'}; there are delay, drop, drop-reply, error, slow-storage, refuse-new and pause`,
      );
  }
}

function readRule(fault: Fault['fault'], words: string[]): FaultRule {
  const commands = readCommands(words.shift());
  const chance = readChance(words);
  switch (fault) {
    case 'delay': {
      const ms = readTime(words.shift());
      nothingAfter(words);
      return { fault, commands, ms, ...chance };
    }
    case 'error': {
      const error = words.join(' ');
      if (!isSmpError(error))
        throw new Wrong(`an SMP error is expected, such as AUTH or CMD PROHIBITED, not "${error}"`);
      return { fault, commands, error, ...chance };
    }
    default:
      nothingAfter(words);
      return { fault, commands, ...chance };
  }
}

function readCommands(word = ''): FaultRule['commands'] {
  if (word === 'all') return word;
  const kinds = word.split(',');
  const unknown = kinds.find((kind) => !(COMMAND_KINDS as readonly string[]).includes(kind));
  if (unknown === undefined) return kinds as CommandKind[];
  throw new Wrong(
    `${unknown === '' ? 'commands are expected' : `there is no command ${unknown}`}; name them as SEND,ACK, or all of them as all`,
  );
}

/** Takes the chance off the end of the words. */
function readChance(words: string[]): Chance {
  const chance: Writable<Chance> = {};
  for (;;) {
    const [, name, value] = /^(p|n|seed)=(.*)$/.exec(words.at(-1) ?? '') ?? [];
    if (name === undefined) return chance;
    const field = ({ p: 'probability', n: 'count', seed: 'seed' } as const)[name as 'p' | 'n' | 'seed'];
    if (chance[field] !== undefined) throw new Wrong(`${name}= is there twice`);
    chance[field] = readNumber(name, value ?? '');
    words.pop();
  }
}

function readNumber(name: string, value: string): number {
  const number = /^\d+(\.\d+)?(e-\d+)?$/.test(value) ? Number(value) : NaN;
  if (name === 'p') {
    if (number >= 0 && number <= 1) return number;
    throw new Wrong(`p= takes a probability from 0 to 1, not "${value}"`);
  }
  const [least, most] = name === 'n' ? [1, MAX_FAULT_COUNT] : [0, MAX_FAULT_SEED];
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Wrong(`${name}= takes a whole number from ${least} to ${most}, not "${value}"`);
}

function readTime(word = ''): number {
  const [, amount, unit] = /^(\d{1,9})(ms|s)$/.exec(word) ?? [];
  const ms = Number(amount) * (unit === 's' ? 1_000 : 1);
  if (ms >= 0 && ms <= MAX_FAULT_MS) return ms;
  throw new Wrong(`a time is expected, such as 50ms or 2s, at most 3600s, not "${word}"`);
}

function nothingAfter(words: readonly string[]): void {
  if (words.length > 0) throw new Wrong(`"${words.join(' ')}" is too much`);
}

/** The text that reads as these faults. */
export function formatFaults({ rules, slowStorageMs, refuseNew, pause }: FaultSettings): string {
  const items = rules.map(formatRule);
  if (slowStorageMs !== undefined) items.push(`slow-storage ${slowStorageMs}ms`);
  if (refuseNew) items.push('refuse-new');
  if (pause) items.push(pause.ms === undefined ? 'pause' : `pause ${pause.ms}ms`);
  return items.join('; ');
}

function formatRule(rule: FaultRule): string {
  const { fault, commands, probability, count, seed } = rule;
  const words: string[] = [fault, commands === 'all' ? commands : commands.join(',')];
  if (fault === 'delay') words.push(`${rule.ms}ms`);
  if (fault === 'error') words.push(rule.error);
  if (probability !== undefined) words.push(`p=${probability}`);
  if (count !== undefined) words.push(`n=${count}`);
  if (seed !== undefined) words.push(`seed=${seed}`);
  return words.join(' ');
}
