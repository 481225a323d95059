import { converges } from '../convergence';
import type { Town } from '../town';
import { ServiceLog } from '../service-log';

/** What a service says of something that it does not take: a line of its log, by parts in their order, and a counter. */
export interface Told {
  readonly line: readonly string[];
  readonly counter: string;
}

/** What one service says from now on of what is done to it. */
export class Witness {
  private constructor(
    private readonly url: string,
    private readonly log: ServiceLog,
    private readonly before: string,
  ) {}

  static async at({ fleet }: Town, name: string): Promise<Witness> {
    const { httpUrl, logFile } = fleet.service(name);
    return new Witness(httpUrl, new ServiceLog(logFile), await metricsAt(httpUrl));
  }

  /** Waits for the lines, and until the counters have counted each of them. */
  async tells(...told: readonly Told[]): Promise<void> {
    await this.log.says(...told.map(({ line }) => new RegExp(line.map(escaped).join('[^\\n]*'))));
    for (const counter of new Set(told.map((one) => one.counter))) {
      const times = told.filter((one) => one.counter === counter).length;
      const counted = async () => ({ [counter]: Math.min(await this.counted(counter), times) });
      await converges(counted, { [counter]: times });
    }
  }

  /** How often since it began to look. */
  async counted(counter: string): Promise<number> {
    return valueOf(counter, await metricsAt(this.url)) - valueOf(counter, this.before);
  }
}

/** Refused before any table saw it. */
export function refused(purpose: string, where: string, reason: string): Told {
  return {
    line: [`"purpose":"${purpose}","where":"${where}`, reason],
    counter: `chat_relays_refusals_total{purpose="${purpose}"}`,
  };
}

/** What a table made of an event; a violation is of no step. */
export function decided(
  [dialogue, half, step = '']: readonly [dialogue: string, half: string, step?: string],
  event: string,
  outcome: 'moved' | 'unmet' | 'violation' | 'ignored',
  ...more: string[]
): Told {
  return {
    line: [
      `"dialogue":"${dialogue}","half":"${half}"`,
      `"event":"${event}"`,
      ...(step === '' ? [] : [`"step":"${step}"`]),
      `"outcome":"${outcome}"`,
      ...more,
    ],
    counter: `chat_relays_decisions_total{dialogue="${dialogue}",half="${half}",step="${step}",outcome="${outcome}"}`,
  };
}

async function metricsAt(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

function valueOf(counter: string, metrics: string): number {
  const line = metrics.split('\n').find((one) => one.startsWith(`${counter} `));
  return line ? Number(line.slice(counter.length)) : 0;
}

function escaped(part: string): string {
  return part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
