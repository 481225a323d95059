import { numberOption, type NumberRange, SetupError, shownValue, splitOption } from '@chat-relays/tools';

/** What every contender of one run does. */
export interface Plan {
  readonly queues: number;
  /** for each queue, in each round */
  readonly messages: number;
  readonly rounds: number;
  /** bytes of each body */
  readonly size: number;
  /** keys of contenders; absent: all */
  readonly only?: readonly string[];
}

interface NumberOption extends Omit<NumberRange, 'whole'> {
  readonly field: 'queues' | 'messages' | 'rounds' | 'size';
}

const numbers: Readonly<Record<string, NumberOption>> = {
  '--queues': { field: 'queues', least: 1, most: 10_000 },
  '--messages': { field: 'messages', least: 1, most: 100_000 },
  '--rounds': { field: 'rounds', least: 1, most: 100 },
  '--size': { field: 'size', least: 16, most: 15_000 },
};

/** so that every message is a byte of memory that there is, for the fastest contenders too */
const MOST_MESSAGES = 10_000_000;

/** @param contenders keys that --only may name. @throws {SetupError} one sentence about the first argument that is wrong */
export function readPlan(args: readonly string[], contenders: readonly string[]): Plan {
  const plan: Writable<Plan> = { queues: 1_000, messages: 50, rounds: 3, size: 1_024 };
  for (let at = 0; at < args.length; at++) {
    const [option, attached] = splitOption(args[at]);
    const number = numbers[option];
    if (!number && option !== '--only')
      throw new SetupError(`"${args[at]}" is not known; it is ${usage(contenders)}`);
    const value = attached ?? args[++at];
    if (number) plan[number.field] = numberOption(option, value, { ...number, whole: true });
    else plan.only = namesOf(value, contenders);
  }
  if (plan.queues * plan.messages > MOST_MESSAGES)
    throw new SetupError(`--queues times --messages is more than ${MOST_MESSAGES}: give less of one.`);
  return plan;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function usage(contenders: readonly string[]): string {
  return `npm run bench:smp -- --queues 1000 --messages 50 [--rounds 3] [--size BYTES] [--only ${contenders.join(',')}]`;
}

function namesOf(value: string | undefined, contenders: readonly string[]): string[] {
  const names = value?.split(',') ?? [];
  if (names.length > 0 && names.every((name) => contenders.includes(name))) return names;
  throw new SetupError(
    `--only takes names of ${contenders.join(', ')} with commas, and was given ${shownValue(value)}.`,
  );
}
