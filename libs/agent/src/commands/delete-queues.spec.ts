import { command, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import { Execution } from '../../test/execution';
import { Ends } from '../../test/peers';
import type { ReceiveQueue } from './command';
import { privateKey } from '../sealing/keys';
import { TemporaryError } from '../smp-port';

const queueOf = (number: number, more: Partial<ReceiveQueue> = {}): ReceiveQueue => ({
  ...new Ends(toyCrypto, number, 'relay_own').receiving,
  ...{ id: 'A/news', ...more },
});
const link = { uri: 'https://smp/g#a', linkId: Buffer.alloc(24, 1), fixedData: Buffer.alloc(9) };
const linked = queueOf(1, { purpose: 'relay_link', link });
const first = queueOf(2);
const second = queueOf(3, { attempt: 2, server: 'smp-other' });
const later = queueOf(4, { attempt: 3 });
const others = [queueOf(5, { id: 'A/other' }), queueOf(6, { noun: 'owner_connection' })];

const deleting = (aim: object = {}) =>
  command('a', 1, { kind: 'DEL', noun: 'relay_own', recordId: 'A/news', attempt: 2, aim });

async function world() {
  const store = new MemoryStore();
  await save(store, { queues: [linked, first, second, later, ...others] });
  return new Execution(toyCrypto, store);
}

const ids = (queues: readonly ReceiveQueue[]) =>
  queues.map(({ server, recipientId }) => ({ server, recipientId }));

describe('DEL', () => {
  it('deletes what the record has of this attempt and earlier ones, each at its server, with its key', async () => {
    const execution = await world();
    const reply = await execution.run(deleting());
    const gone = [linked, first, second];
    expect(reply).toEqual({ name: 'DELETED', facts: {}, deleted: ids(gone) });
    expect(execution.server.requests).toMatchObject(
      gone.map(({ server, recipientId: entityId, seed }) => {
        return { server, entityId, command: { kind: 'DEL' }, key: privateKey(toyCrypto, seed, 'recipient') };
      }),
    );
    expect(execution.server.requests).toHaveLength(3);
  });

  it('keeps the link where that is asked', async () => {
    const execution = await world();
    expect((await execution.run(deleting({ keepLink: true }))).deleted).toEqual(ids([first, second]));
    expect(execution.server.asked('DEL')).toHaveLength(2);
  });

  it('of a queue that is gone is done', async () => {
    const execution = await world();
    execution.server.answers = () => ({ kind: 'ERR', error: 'AUTH' });
    expect((await execution.run(deleting())).deleted).toEqual(ids([linked, first, second]));
  });

  it('that is answered otherwise is an error, and the queues stay known', async () => {
    const execution = await world();
    execution.server.answers = () => ({ kind: 'ERR', error: 'CMD PROHIBITED' });
    const refused = { name: 'ERR', facts: { reason: 'DEL: CMD PROHIBITED' } };
    expect(await execution.run(deleting())).toEqual(refused);
    execution.server.answers = () => 'lost';
    await expect(execution.run(deleting())).rejects.toThrow(TemporaryError);
  });

  it('of a record without queues asks nobody', async () => {
    const execution = new Execution(toyCrypto, new MemoryStore());
    expect(await execution.run(deleting())).toEqual({ name: 'DELETED', facts: {}, deleted: [] });
    expect(execution.server.requests).toEqual([]);
  });
});
