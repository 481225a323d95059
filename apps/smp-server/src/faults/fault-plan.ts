import type { CommandKind } from '@chat-relays/smp';
import type { Chance, FaultRule } from './fault-rule';

/** What is to happen to one command. */
export interface Fate {
  /** the faults that hit it, for counting */
  readonly faults: readonly FaultRule['fault'][];
  readonly delayMs: number;
  readonly drop?: true;
  readonly dropReply?: true;
  readonly error?: string;
}

interface Entry {
  readonly rule: FaultRule;
  readonly random: () => number;
  /** hits that it still has */
  left: number;
}

const SPARED: Fate = { faults: [], delayMs: 0 };

/**
 * Rules, asked in their order for each command. Delays that hit add up; of drop, drop-reply and error the first that hits
 * counts, and those after it are not asked. A rule with a count is gone when it has hit so often.
 */
export class FaultPlan {
  private entries: Entry[];

  constructor(
    rules: readonly FaultRule[],
    /** for rules without a seed: 0 to 1, 1 excluded */
    random: () => number = Math.random,
  ) {
    this.entries = rules.map((rule) => ({
      rule,
      left: rule.count ?? Infinity,
      random: rule.seed === undefined ? random : seeded(rule.seed),
    }));
  }

  /** The rules that can still hit, with the counts that they have left. */
  get rules(): FaultRule[] {
    return this.entries.map(({ rule, left }) => (left === Infinity ? rule : { ...rule, count: left }));
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** @param kind undefined for bytes that are no command: only rules for all commands hit those */
  fateOf(kind: CommandKind | undefined): Fate {
    const hits: FaultRule[] = [];
    for (const entry of this.entries) {
      const { rule } = entry;
      if (rule.fault !== 'delay' && hits.some(({ fault }) => fault !== 'delay')) continue;
      if (!isFor(rule, kind) || !strikes(rule, entry.random)) continue;
      entry.left--;
      hits.push(rule);
    }
    if (hits.length === 0) return SPARED;
    if (this.entries.some(({ left }) => left <= 0))
      this.entries = this.entries.filter(({ left }) => left > 0);
    return fate(hits);
  }
}

function isFor({ commands }: FaultRule, kind: CommandKind | undefined): boolean {
  return commands === 'all' || (kind !== undefined && commands.includes(kind));
}

function strikes({ probability = 1 }: Chance, random: () => number): boolean {
  return probability >= 1 || random() < probability;
}

function fate(hits: readonly FaultRule[]): Fate {
  let delayMs = 0;
  let outcome: Pick<Fate, 'drop' | 'dropReply' | 'error'> = {};
  for (const hit of hits) {
    if (hit.fault === 'delay') delayMs += hit.ms;
    else if (hit.fault === 'error') outcome = { error: hit.error };
    else outcome = hit.fault === 'drop' ? { drop: true } : { dropReply: true };
  }
  return { faults: hits.map(({ fault }) => fault), delayMs, ...outcome };
}

/** mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
