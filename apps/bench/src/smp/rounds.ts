import type { Contender, Course, Result } from './contender';
import type { Plan } from './plan';

/** A part of a round whose time nobody counts, but its messages: programs are slow until they have run. */
const WARM_UP = 0.2;

export interface Rounds {
  readonly contender: Contender;
  readonly warmUp: Result;
  readonly results: readonly Result[];
}

/** Contenders that are opened, and closed whatever happens. */
export class Courses {
  private readonly open: { readonly contender: Contender; readonly course: Course; from: number }[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly say: (line: string) => void,
  ) {}

  /** Each opened and warmed up, then round after round, in which every contender has its turn. */
  async run(contenders: readonly Contender[]): Promise<Rounds[]> {
    for (const contender of contenders) {
      this.say(`  ${contender.name}: ${contender.promises}`);
      this.open.push({ contender, course: await contender.open(this.plan), from: 0 });
    }
    const rounds: (Rounds & { results: Result[] })[] = [];
    for (const [index, { contender }] of this.open.entries())
      rounds.push({ contender, warmUp: await this.turn(index, WARM_UP), results: [] });
    for (let round = 1; round <= this.plan.rounds; round++) {
      this.say(`  round ${round} of ${this.plan.rounds}`);
      for (const [index, { results }] of rounds.entries()) results.push(await this.turn(index, 1));
    }
    return rounds;
  }

  async close(): Promise<void> {
    await Promise.all(this.open.splice(0).map(({ course }) => course.close()));
  }

  /** Numbers go on from turn to turn, so that what is late from the one before is noticed. */
  private turn(index: number, part: number): Promise<Result> {
    const entry = this.open[index];
    const messages = Math.ceil(this.plan.messages * entry.contender.times * part);
    const pass = { queues: this.plan.queues, from: entry.from, messages };
    entry.from += messages;
    return entry.course.run(pass);
  }
}
