import { numberOption, type NumberRange, SetupError, splitOption } from '@chat-relays/tools';

/** What one load test does. */
export interface Plan {
  readonly members: number;
  readonly messages: number;
  readonly relays: number;
  /** messages per second; absent: as fast as the window allows */
  readonly rate?: number;
  /** bytes of each text */
  readonly size: number;
  /** where the report is written */
  readonly json?: string;
  /** on what `npm start -- --keep` runs, instead of a fleet of its own */
  readonly running: boolean;
  /** messages are padded as SMP pads them: the price of not showing their sizes. Of a running fleet it decides itself */
  readonly padded: boolean;
}

interface NumberOption extends NumberRange {
  readonly field: 'members' | 'messages' | 'relays' | 'rate' | 'size';
}

const numbers: Readonly<Record<string, NumberOption>> = {
  '--members': { field: 'members', least: 1, most: 100_000, whole: true },
  '--messages': { field: 'messages', least: 1, most: 1_000_000, whole: true },
  '--relays': { field: 'relays', least: 1, most: 20, whole: true },
  '--rate': { field: 'rate', least: 0.01, most: 100_000, whole: false },
  '--size': { field: 'size', least: 16, most: 15_000, whole: true },
};

/** so that a text begins with its number and every delivery is one bit of memory that there is */
const MOST_DELIVERIES = 100_000_000;

const usage =
  'npm run load -- --members 200 --messages 200 --relays 2 [--rate MESSAGES_PER_SECOND] [--size BYTES] [--json FILE] [--padded | --running]';

/** @throws {SetupError} one sentence about the first argument that is wrong */
export function readPlan(args: readonly string[]): Plan {
  const plan = {
    members: 200,
    messages: 200,
    relays: 2,
    size: 1024,
    running: false,
    padded: false,
  } as Writable<Plan>;
  for (let at = 0; at < args.length; at++) {
    const [option, attached] = splitOption(args[at]);
    if ((option === '--running' || option === '--padded') && attached === undefined) {
      plan[option === '--running' ? 'running' : 'padded'] = true;
      continue;
    }
    const number = numbers[option];
    if (!number && option !== '--json') throw new SetupError(`"${args[at]}" is not known; it is ${usage}`);
    const value = attached ?? args[++at];
    if (number) plan[number.field] = numberOption(option, value, number);
    else plan.json = fileOf(value);
  }
  if (plan.running && plan.padded)
    throw new SetupError(
      '--padded is for a fleet of its own: what --running finds is padded or not already.',
    );
  if (plan.members * plan.messages > MOST_DELIVERIES)
    throw new SetupError(`--members times --messages is more than ${MOST_DELIVERIES}: give less of one.`);
  return plan;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function fileOf(value: string | undefined): string {
  if (value) return value;
  throw new SetupError('--json takes the name of a file, and was given nothing.');
}
