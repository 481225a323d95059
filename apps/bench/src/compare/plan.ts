import { isProtocol, protocolNames, type ProtocolName } from '@chat-relays/protocol';
import { numberOption, SetupError, shownValue, splitOption } from '@chat-relays/tools';

/** What is compared in one run. */
export interface Plan {
  /** groups of each protocol at each delay */
  readonly runs: number;
  /** in the order of the RFC */
  readonly protocols: readonly ProtocolName[];
  /** ms by which SMP servers hold each command, ascending */
  readonly delays: readonly number[];
}

const USAGE =
  'npm run compare -- [--runs 3] [--protocols full,pooled,paired] [--delays 0,50,200 (ms of each SMP server)]';

const LONGEST_DELAY_MS = 2_000;

/** @throws {SetupError} one sentence about the first argument that is wrong */
export function readPlan(args: readonly string[]): Plan {
  let plan: Plan = { runs: 3, protocols: protocolNames, delays: [0, 50, 200] };
  for (let at = 0; at < args.length; at++) {
    const [option, attached] = splitOption(args[at]);
    const read = options[option];
    if (!read) throw new SetupError(`"${args[at]}" is not known; it is ${USAGE}`);
    plan = { ...plan, ...read(option, attached ?? args[++at]) };
  }
  return plan;
}

const options: Readonly<Record<string, (option: string, value: string | undefined) => Partial<Plan>>> = {
  '--runs': (option, value) => ({
    runs: numberOption(option, value, { least: 1, most: 1_000, whole: true }),
  }),
  '--protocols': (option, value) => {
    const names = value?.split(',') ?? [];
    if (names.length === 0 || !names.every(isProtocol)) {
      throw new SetupError(
        `${option} takes names of ${protocolNames.join(', ')} with commas, and was given ${shownValue(value)}.`,
      );
    }
    return { protocols: protocolNames.filter((name) => names.includes(name)) };
  },
  '--delays': (option, value) => {
    const range = { least: 0, most: LONGEST_DELAY_MS, whole: true };
    const delays = (value?.split(',') ?? [undefined]).map((one) => numberOption(option, one, range));
    return { delays: [...new Set(delays)].sort((a, b) => a - b) };
  },
};
