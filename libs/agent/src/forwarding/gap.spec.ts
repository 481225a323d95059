import { MemoryMessages, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import { memberConnectionId } from '@chat-relays/protocol';
import { encodeEnvelope, encodeForward } from '@chat-relays/wire';
import { Connection, telling } from '../../test/connection';
import { hostOf, silent } from '../../test/peers';
import type { ReceiveQueue } from '../commands/command';
import { Handler } from '../handling/handle';
import { Receiver } from '../handling/receive';

const retry = { initialMs: 100, maxMs: 2_000 };
const relayLink = 'https://smp/r#a';
const via = memberConnectionId('bob/news', relayLink, 'messages');
const content = { type: 'text', text: 'hello' } as const;
const post = encodeEnvelope({
  msgId: Buffer.from('bWVzc2FnZS0wMDAx'),
  message: { event: 'x.msg.new', params: { content, asGroup: true } },
});
const bodies = [
  ['with messages of the group', encodeForward({ kind: 'channel' }, 99, post)],
  ['with an event', encodeEnvelope({ message: { event: 'x.ok', params: {} } })],
  ['with nothing that is understood', Buffer.from('?')],
] as const;

/** A member, as its process is killed before a commit and starts again; `told` are the gaps that it told of. */
async function reader(queue: ReceiveQueue) {
  const memory = new MemoryStore();
  await save(memory, { queues: [queue] });
  const commits = { fail: false };
  const before = () => (commits.fail ? Promise.reject(new RangeError('it dies')) : Promise.resolve());
  const store = telling(memory, before, () => undefined);
  const kept = new MemoryMessages((received) => memory.keepReceived(received));
  const insert: MemoryMessages['insert'] = async (...copies) => {
    await before();
    return kept.insert(...copies);
  };
  const { host, observed } = hostOf(toyCrypto);
  const handler = new Handler({ store, host, retry, ...silent });
  const start = async () => {
    const ports = { store, messages: { insert }, smp: { acknowledge: () => undefined }, host, handler };
    const receiver = new Receiver({ ...ports, retry, onJobs: () => undefined });
    receiver.know(await memory.queues());
    return receiver;
  };
  const told = () => observed.filter(({ what }) => what === 'gap');
  return { memory, commits, start, told };
}

describe('a gap in what a relay broadcasts to a member', () => {
  it.each(bodies)('is kept in the commit of what follows it: %s', async (_, body) => {
    const connection = new Connection(toyCrypto, 1, 'member_connection');
    const { memory, commits, start, told } = await reader({ ...connection.queue, id: via });
    await (await start()).receive([connection.says(body)]);
    connection.says(body);
    const next = connection.says(body);
    commits.fail = true;
    await (await start()).receive([next]);
    expect([...memory.gaps.values()]).toEqual([]);
    commits.fail = false;
    const before = told().length;
    await (await start()).receive([next]);
    const around = { after: 17, before: 17, noticedAt: 1_000 };
    expect([...memory.gaps.values()]).toEqual([{ membershipId: 'bob/news', via, from: 2, to: 2, ...around }]);
    expect(told().slice(before)).toEqual([{ what: 'gap', relayLink, gaps: 1 }]);
    await (await start()).receive([connection.says(body)]);
    expect(memory.gaps.size).toBe(1);
  });

  it('at its beginning has no message before it', async () => {
    const connection = new Connection(toyCrypto, 1, 'member_connection');
    const { memory, start } = await reader({ ...connection.queue, id: via });
    connection.says(bodies[0][1]);
    await (await start()).receive([connection.says(bodies[0][1])]);
    expect([...memory.gaps.values()]).toMatchObject([{ from: 1, to: 1, after: 0, before: 17 }]);
  });

  it('is none before a message that comes once more, late', async () => {
    const connection = new Connection(toyCrypto, 1, 'member_connection');
    const { memory, start, told } = await reader({ ...connection.queue, id: via });
    const [first, second, third] = [1, 2, 3].map(() => connection.says(bodies[0][1]));
    for (const next of [first, second, first, third]) await (await start()).receive([next]);
    expect(memory.gaps.size).toBe(0);
    expect(told()).toEqual([]);
  });

  it.each([
    ['of what an owner sends', 'relay_own', 'news'],
    ['of what a relay answers', 'member_connection', memberConnectionId('bob/news', relayLink, 'priority')],
  ] as const)('is not one %s', async (_, noun, id) => {
    const connection = new Connection(toyCrypto, 1, noun);
    const { memory, start, told } = await reader({ ...connection.queue, id });
    connection.says(bodies[2][1]);
    await (await start()).receive([connection.says(bodies[2][1])]);
    expect(memory.gaps.size).toBe(0);
    expect(told()).toEqual([]);
  });
});
