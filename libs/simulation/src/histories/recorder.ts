import type { decide, SagaRecord } from '@chat-relays/protocol';
import { refKey } from '@chat-relays/protocol';
import { isDeepStrictEqual } from 'node:util';
import type { Process } from '../world';
import { type Entry, type History, replayed } from './history';
import { toJson } from './json-form';

type Asked = Parameters<typeof decide>;
type Decided = ReturnType<typeof decide>;

interface Call {
  readonly asked: Asked;
  readonly decided: Decided;
}

/** Listens to the decisions of a world. */
export class Recorder {
  private readonly calls: Call[] = [];

  note(asked: Asked, decided: Decided): Decided {
    this.calls.push({ asked, decided });
    return decided;
  }

  history(head: Pick<History, 'protocol' | 'name' | 'about'>, processes: readonly Process[]): History {
    const stored = new Map(processes.flatMap(({ store }) => [...store.records]));
    const entries = this.calls.map((call, at): Entry => {
      const { asked, decided } = call;
      const [{ noun }, { id, protocol, identity }, , { name, of, facts }] = asked;
      const same = { noun, id, identity, protocol, event: name, ...(of !== undefined && { of }) };
      const entry: Entry = { ...same, facts: toJson(facts), outcome: decided.outcome };
      if (decided.outcome !== 'moved') return entry;
      const key = refKey({ noun, id });
      const after = this.calls.slice(at + 1).find(({ asked: next }) => keyOf(next) === key);
      const then = after ? after.asked[2] : stored.get(key);
      // what was there and is there no more was deleted later, in a block
      const isForgotten = then === undefined && asked[2] !== undefined;
      return isForgotten || isSame(then, decided.record) ? entry : { ...entry, lost: true };
    });
    return replayed({ ...head, entries, end: [] });
  }
}

function keyOf([{ noun }, { id }]: Asked): string {
  return refKey({ noun, id });
}

function isSame(one: SagaRecord | undefined, { status, attempt, data }: SagaRecord): boolean {
  return one?.status === status && one.attempt === attempt && isDeepStrictEqual(one.data, data);
}
