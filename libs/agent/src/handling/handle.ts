import { DecisionUnit } from './decision-unit';
import { GroupCommit } from './group-commit';
import type { Input } from './input';
import type { QueueId, ReceiveQueue } from '../commands/command';
import type { Host, Store } from '../ports';
import { backoff, type RetryPolicy } from '../commands/retry';
import { TemporaryError } from '../smp-port';

export interface HandlerPorts {
  readonly store: Store;
  readonly host: Host;
  readonly retry: RetryPolicy;
  /** after a commit that made receive queues, and after one that asked for something */
  onQueues(queues: readonly ReceiveQueue[]): void;
  /** after one that deleted receive queues */
  onDeleted(queues: readonly QueueId[]): void;
  /** after one that gave relays something to forward */
  onJobs(relayOwnIds: readonly string[]): void;
  onCommands(): void;
}

/** Events of one commit; more arrive while it runs and are the next one. */
const MOST_PER_COMMIT = 500;

/**
 * From event to commit: the only place where records change. Record and commands are one commit. Events that arrive
 * while a commit runs are taken together by the next; an event of which the commit fails for its own reasons is refused
 * alone, and while the database is away everything waits.
 */
export class Handler {
  private readonly commits = new GroupCommit<Input>(MOST_PER_COMMIT, (inputs) => this.commit(inputs));

  constructor(private readonly ports: HandlerPorts) {}

  /** Resolves when the inputs are committed; rejects when one was refused, the others being committed. */
  async handle(inputs: readonly Input[]): Promise<void> {
    await this.commits.add(inputs);
  }

  private async commit(inputs: readonly Input[]): Promise<void> {
    const { store, host, retry } = this.ports;
    for (let tries = 1; ; tries++) {
      try {
        const decisions = await store.commit(async (unit) => {
          const decided = new DecisionUnit(unit, host);
          await decided.run(inputs);
          await this.reach(decided.points, 'before-commit');
          await decided.save();
          return decided;
        });
        decisions.tell(host);
        await this.reach(decisions.points, 'after-commit');
        // of the inputs, not of this commit's decisions: the one before may have been committed although its answer was lost
        const queues = inputs.flatMap((input) => ('queue' in input && input.queue ? [input.queue] : []));
        if (queues.length > 0) this.ports.onQueues(queues);
        const deleted = inputs.flatMap((input) => ('deleted' in input ? (input.deleted ?? []) : []));
        if (deleted.length > 0) this.ports.onDeleted(deleted);
        if (decisions.forwarding.length > 0) this.ports.onJobs(decisions.forwarding);
        if (decisions.asked) this.ports.onCommands();
        return;
      } catch (error) {
        if (!(error instanceof TemporaryError)) throw error;
        host.observe({ what: 'waiting', on: 'database', reason: error.message });
        await host.sleep(backoff(tries, retry));
      }
    }
  }

  private async reach(points: readonly string[], moment: string): Promise<void> {
    if (!this.ports.host.failpoint) return;
    for (const point of points) await this.ports.host.failpoint(`${point}.${moment}`);
  }
}
