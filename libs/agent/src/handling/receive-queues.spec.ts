import { MemoryMessages, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import type { NewDeliveryJob } from '../forwarding/delivery';
import type { SagaRecord } from '@chat-relays/protocol';
import { encodeEnvelope } from '@chat-relays/wire';
import { Connection, recordOf } from '../../test/connection';
import { hostOf, silent } from '../../test/peers';
import { Handler } from './handle';
import { Receiver } from './receive';

const post = encodeEnvelope({
  msgId: Buffer.from('bWVzc2FnZS0wMDAx'),
  message: { event: 'x.msg.new', params: { content: { type: 'text', text: 'hello' }, asGroup: true } },
});
const accepted = encodeEnvelope({
  message: { event: 'x.grp.relay.acpt', params: { relayLink: 'https://smp/r#a' } },
});
const retry = { initialMs: 100, maxMs: 2_000 };

async function world({ queue }: Pick<Connection, 'queue'>, records: readonly SagaRecord[]) {
  const jobs: NewDeliveryJob[] = [];
  const store = new MemoryStore((made) => jobs.push(...made));
  await save(store, { queues: [queue], records });
  const { host, observed } = hostOf(toyCrypto);
  const handler = new Handler({ store, host, retry, ...silent });
  let acknowledged = 0;
  const receiver = new Receiver({
    ...{ store, host, handler, retry },
    messages: new MemoryMessages((received) => store.keepReceived(received)),
    smp: { acknowledge: (messages) => void (acknowledged += messages.length) },
    onJobs: () => undefined,
  });
  receiver.know([queue]);
  const refusals = () => observed.flatMap((one) => (one.what === 'refused' ? [one.reason] : []));
  const relays = () => jobs.map(({ relayOwnId }) => relayOwnId);
  return { receiver, store, relays, refusals, observed, acknowledged: () => acknowledged };
}

/** A connection of which the queue is kept otherwise. */
function connectionAs(noun: 'relay_own' | 'owner_connection', more: Partial<Connection['queue']>) {
  const connection = new Connection(toyCrypto, 1, noun);
  return {
    says: (body: Uint8Array) => connection.says(body),
    queue: { ...connection.queue, ...more },
    connection,
  };
}

describe('a post', () => {
  const refused = 'this relay does not serve the group';

  it('on a connection of an earlier attempt is refused, and acknowledged', async () => {
    const { says, queue, connection } = connectionAs('relay_own', { attempt: 1 });
    const serving = recordOf(connection, 'Confirmed');
    const { receiver, store, relays, refusals, acknowledged } = await world({ queue }, [
      { ...serving, attempt: 2 },
    ]);
    await receiver.receive([says(post)]);
    expect([relays(), refusals(), acknowledged()]).toEqual([[], [refused], 1]);
    await save(store, { records: [serving] });
    await receiver.receive([says(post)]);
    expect([relays(), refusals(), acknowledged()]).toEqual([['record 1'], [refused], 2]);
  });

  it("on the owner's second connection is for the relay's group, while that is served", async () => {
    const of = { id: 'tea/news/owner', protocol: 'paired' };
    const { says, queue, connection } = connectionAs('owner_connection', of);
    const second = { ...recordOf(connection, 'Connected'), ...of };
    const relay = (status: string): SagaRecord => ({ ...second, noun: 'relay_own', id: 'tea/news', status });
    const { receiver, store, relays, refusals } = await world({ queue }, [second, relay('Accepted')]);
    await receiver.receive([says(post)]);
    expect([relays(), refusals()]).toEqual([[], [refused]]);
    await save(store, { records: [{ ...relay('Confirmed'), attempt: 5 }] });
    await receiver.receive([says(post)]);
    expect(relays()).toEqual(['tea/news']);
  });
});

describe('a queue', () => {
  it('that got another record is for that one; the same record again changes nothing', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const other = { ...recordOf(connection, 'Invited'), id: 'other' };
    const { receiver, store } = await world(connection, [recordOf(connection, 'Invited'), other]);
    receiver.know([{ ...connection.queue, id: 'other' }]);
    await receiver.receive([connection.says(accepted)]);
    const statuses = [...store.records.values()].map(({ id, status }) => [id, status]);
    expect(statuses).toEqual([
      ['record 1', 'Invited'],
      ['other', 'Accepted'],
    ]);
  });

  it('that is known keeps how far it has come', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, observed } = await world(connection, [recordOf(connection, 'Invited')]);
    await receiver.receive([connection.says(accepted)]);
    receiver.know([connection.queue]);
    await receiver.receive([connection.says(accepted)]);
    expect(observed.filter(({ what }) => what === 'integrity')).toEqual([]);
  });

  it('that is forgotten takes nothing, and acknowledges nothing; others go on', async () => {
    const connection = new Connection(toyCrypto, 1, 'group_relay');
    const { receiver, observed, acknowledged } = await world(connection, [recordOf(connection, 'Invited')]);
    const { server, recipientId } = connection.queue;
    receiver.forget([{ server: 'smp-other', recipientId }]);
    await receiver.receive([connection.says(accepted)]);
    expect(acknowledged()).toBe(1);
    const before = observed.length;
    receiver.forget([{ server, recipientId }]);
    await receiver.receive([connection.says(accepted)]);
    expect([acknowledged(), observed.length]).toEqual([1, before]);
  });
});
