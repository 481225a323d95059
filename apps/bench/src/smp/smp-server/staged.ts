import type { Course, Result } from '../contender';
import type { Pass } from '../tally';

/** Seconds by stage, as the server counts them. */
type Stages = Readonly<Record<string, number>>;

const LINE = /^chat_relays_smp_stage_seconds_total\{stage="(\w+)"\} (\S+)$/gm;

const WORDS: Readonly<Record<string, string>> = {
  execute: 'checking and executing commands, sealing',
  store: 'waiting for PostgreSQL',
  answer: 'sending answers and messages',
};

/** A course through an SMP server, with where the server's batches spent their time. */
export class Staged implements Course {
  constructor(
    private readonly course: Course,
    private readonly httpUrl: string,
  ) {}

  async run(pass: Pass): Promise<Result> {
    const before = await this.stages();
    const result = await this.course.run(pass);
    return { ...result, notes: notesOf(before, await this.stages(), result) };
  }

  close(): Promise<void> {
    return this.course.close();
  }

  private async stages(): Promise<Stages> {
    const page = await (await fetch(`${this.httpUrl}/metrics`)).text();
    return Object.fromEntries([...page.matchAll(LINE)].map(([, stage, seconds]) => [stage, Number(seconds)]));
  }
}

function notesOf(before: Stages, after: Stages, { seconds, counts }: Result): string[] {
  const spent = Object.entries(after).map(([stage, total]) => [stage, total - (before[stage] ?? 0)] as const);
  const all = spent.reduce((sum, [, time]) => sum + time, 0);
  const lines = spent.map(([stage, time]) => line(WORDS[stage] ?? stage, time, seconds, counts.received));
  return [
    ...lines,
    line('waiting for commands, and reading them', Math.max(0, seconds - all), seconds, counts.received),
  ];
}

function line(words: string, time: number, seconds: number, messages: number): string {
  const share = Math.round((100 * time) / Math.max(seconds, 0.001));
  const each = ((time * 1e6) / Math.max(messages, 1)).toFixed(1);
  return `  ${`${share}`.padStart(3)} %  ${each.padStart(6)} µs for each message  ${words}`;
}
