import { command, MemoryDeliveries, MemoryStore, record, save, toyCrypto } from '@chat-relays/simulation';
import type { SagaRecord } from '@chat-relays/protocol';
import { Execution } from '../../test/execution';
import { Ends } from '../../test/peers';
import type { Command, Reply } from './command';
import type { ReceiveQueue } from './command';
import type { Changes } from '../ports';
import { TemporaryError } from '../smp-port';

const relayOwnId = 'A/news';
const relay = (life?: number): SagaRecord =>
  record('relay_own', relayOwnId, { status: 'Removed', data: { ...(life && { life }) } });
const member = (name: string): SagaRecord => {
  const peer = { server: 'smp-members', senderId: name };
  return record('group_member', `${relayOwnId}/${name}`, { status: 'Accepted', data: { relayOwnId }, peer });
};
const queueOf = ({ noun, id }: SagaRecord, number: number): ReceiveQueue => ({
  ...new Ends(toyCrypto, number).receiving,
  ...{ noun, id },
});
const job = { relayOwnId, identity: 'A', author: 'channel', messageId: '1', element: Buffer.from('>1') };

async function world(changes: Partial<Changes>) {
  const deliveries: MemoryDeliveries = new MemoryDeliveries(() => store);
  const store = new MemoryStore((jobs) => deliveries.add(jobs));
  await save(store, { records: [relay()] });
  await save(store, changes);
  const execution = new Execution(toyCrypto, store, { deliveries, page: 2 });
  const cleans = (aim: object = {}, more: Partial<Command> = {}): Promise<Reply> => {
    const all = { relayOwnId, life: 0, untold: false, ...aim };
    return execution.run(command('a', 9, { kind: 'CLEAN', aim: all, ...more }));
  };
  const sendsAll = async () => deliveries.advance(await deliveries.next(relayOwnId, 9), 'complete', [], []);
  return { store, deliveries, execution, cleans, sendsAll };
}

const people = ['bob', 'carol', 'dave'].map(member);
const [bob, carol] = people;
const queues = people.map((one, at) => queueOf(one, at + 1));
const refs = (records: readonly SagaRecord[]) => records.map(({ noun, id }) => ({ noun, id }));

describe('CLEAN', () => {
  it('deletes the queues of one page, and tells which records are no more, and that there may be others', async () => {
    const { cleans, execution } = await world({ records: people, queues });
    expect(await cleans()).toMatchObject({
      name: 'CLEANED',
      facts: { rest: { untold: false } },
      deleted: queues.slice(0, 2).map(({ recipientId }) => ({ recipientId })),
      forgotten: refs(people.slice(0, 2)),
      first: [],
    });
    expect(execution.server.asked('DEL')).toHaveLength(2);
  });

  it('waits while members are being told, but not for ever, nor when the relay was invited again', async () => {
    const { store, cleans, sendsAll } = await world({ records: people, queues, jobs: [job] });
    await expect(cleans()).rejects.toThrow(TemporaryError);
    await expect(cleans({}, { tries: 15 })).rejects.toThrow(TemporaryError);
    const hurried = { facts: { rest: { untold: true } }, forgotten: refs(people.slice(0, 2)) };
    expect(await cleans({}, { tries: 16 })).toMatchObject(hurried);
    expect(await cleans({ untold: true })).toMatchObject(hurried);
    await save(store, { records: [relay(1)] });
    expect(await cleans()).toMatchObject(hurried);
    await save(store, { records: [relay()] });
    await sendsAll();
    expect(await cleans()).toMatchObject({ facts: { rest: { untold: false } } });
  });

  it('of a queue that its server will never delete is done', async () => {
    const { cleans, execution } = await world({ records: [bob], queues: [queues[0]] });
    execution.server.answers = () => ({ kind: 'ERR', error: 'CMD PROHIBITED' });
    expect(await cleans()).toMatchObject({ name: 'CLEANED', forgotten: refs([bob]) });
  });

  it('keeps who has a queue at a server that is away, and no other one', async () => {
    const { cleans, execution } = await world({ records: [bob, carol], queues: queues.slice(0, 2) });
    let count = 0;
    execution.server.answers = () => (++count === 1 ? 'lost' : undefined);
    expect(await cleans()).toMatchObject({ forgotten: refs([carol]) });
    execution.server.answers = () => 'lost';
    await expect(cleans()).rejects.toThrow(TemporaryError);
  });

  it('goes on with the next page when a whole page is at a server that is away', async () => {
    const { cleans, execution } = await world({ records: people, queues });
    let count = 0;
    execution.server.answers = () => (++count <= 2 ? 'lost' : undefined);
    expect(await cleans()).toMatchObject({ forgotten: refs(people.slice(2)) });
    execution.server.answers = () => 'lost';
    await expect(cleans()).rejects.toThrow(TemporaryError);
  });

  it('has what is still to be said to a member given up first, once', async () => {
    const { noun, id: recordId } = bob;
    const accepting = command('to bob', 1, { noun, recordId, kind: 'ACPT', attempt: 3 });
    const { store, cleans } = await world({ records: [bob], commands: [accepting] });
    const { forgotten, first = [] } = await cleans();
    expect(forgotten).toEqual([]);
    expect(first).toMatchObject([
      {
        id: 'to bob/1/leave',
        kind: 'DEL',
        lane: 'to bob',
        noun,
        recordId,
        attempt: 3,
        aim: { keepLink: true },
      },
    ]);
    await save(store, { commands: first });
    await expect(cleans()).rejects.toThrow(TemporaryError);
    await save(store, { consumed: ['to bob/1', 'to bob/1/leave'] });
    expect(await cleans()).toMatchObject({ forgotten: refs([bob]), first: [] });
  });

  it('deletes what was said when there are no members any more, and not when the relay is back', async () => {
    const { store, deliveries, cleans, sendsAll } = await world({ jobs: [job] });
    await sendsAll();
    await save(store, { records: [relay(1)] });
    expect(await cleans()).toEqual({ name: 'CLEANED', facts: {} });
    expect(deliveries.jobs).toHaveLength(1);
    await save(store, { records: [relay()] });
    expect(await cleans()).toEqual({ name: 'CLEANED', facts: { rest: { untold: false } } });
    expect(deliveries.jobs).toEqual([]);
    expect(await cleans()).toEqual({ name: 'CLEANED', facts: {} });
  });
});
