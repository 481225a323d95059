import { MemoryStore } from '@chat-relays/simulation';
import type { SagaRecord } from '@chat-relays/protocol';
import type { Observation } from '../observation';
import { TemporaryError } from '../smp-port';
import { StuckTimer } from './timers';

const AFTER_MS = 300_000;

/** A store with a clock of its own, and what a timer over it tells. */
function world({ page }: { page?: number } = {}) {
  const clock = { now: 1_000_000 };
  const store = new MemoryStore(undefined, undefined, () => clock.now);
  const told: Observation[] = [];
  const host = { now: () => clock.now, observe: (one: Observation) => void told.push(one) };
  const save = (...records: SagaRecord[]) => store.commit((unit) => unit.save({ records }));
  const timer = () => new StuckTimer({ store, host, afterMs: AFTER_MS, page });
  return { clock, store, host, told, save, timer };
}

const relay = (name: string, status: string): SagaRecord => ({
  noun: 'group_relay',
  id: `news/${name}`,
  identity: 'alice',
  protocol: 'full',
  status,
  attempt: 1,
  data: { groupId: 'news', groupLink: 'https://smp-owner/c#x' },
});

const idsOf = (told: readonly Observation[]) => told.map((one) => 'id' in one && one.id);

describe('a record that waits for its peer', () => {
  it('is told once, when its time is over', async () => {
    const { clock, told, save, timer } = world();
    const watch = timer();
    await save(relay('a', 'Invited'), relay('b', 'Accepted'));
    clock.now += AFTER_MS - 1;
    expect(await watch.look()).toBe(0);
    clock.now += 1;
    expect(await watch.look()).toBe(1);
    expect(await watch.look()).toBe(0);
    expect(told).toEqual([
      {
        what: 'stuck',
        protocol: 'full',
        half: 'owner',
        noun: 'group_relay',
        id: 'news/a',
        identity: 'alice',
        group: 'news',
        status: 'Invited',
        since: 1_000_000,
      },
    ]);
  });

  it('is told anew when it waits in another status, and of a process that starts again', async () => {
    const { clock, told, save, timer } = world();
    const watch = timer();
    await save(relay('a', 'Invited'));
    clock.now += AFTER_MS;
    await watch.look();
    await save(relay('a', 'Notified'));
    clock.now += AFTER_MS;
    await watch.look();
    expect(told).toMatchObject([{ status: 'Invited' }, { status: 'Notified' }]);
    expect(await timer().look()).toBe(1);
  });

  it('is told among any number of others', async () => {
    const { clock, told, save, timer } = world({ page: 2 });
    await save(...['a', 'b', 'c', 'd', 'e'].map((name) => relay(name, 'Invited')));
    clock.now += AFTER_MS;
    expect(await timer().look()).toBe(5);
    expect(idsOf(told)).toEqual(['news/a', 'news/b', 'news/c', 'news/d', 'news/e']);
  });

  it('is told later when the database is away', async () => {
    const { clock, store, host, told, save } = world();
    let away = true;
    const stuck: MemoryStore['stuck'] = async (request) => {
      if (away) throw new TemporaryError('away');
      return store.stuck(request);
    };
    const watch = new StuckTimer({ store: { stuck }, host, afterMs: AFTER_MS });
    await save(relay('a', 'Invited'));
    clock.now += AFTER_MS;
    await watch.look();
    away = false;
    await watch.look();
    expect(told).toMatchObject([{ what: 'waiting', on: 'database' }, { what: 'stuck' }]);
  });
});

it('a timer looks by itself until it is stopped', async () => {
  let looks = 0;
  const stuck = async () => {
    looks++;
    return [];
  };
  const timer = new StuckTimer({
    store: { stuck },
    host: { now: () => 0, observe: () => undefined },
    afterMs: 1,
  });
  timer.start();
  while (looks < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await timer.stop();
  const atStop = looks;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(looks).toBe(atStop);
});
