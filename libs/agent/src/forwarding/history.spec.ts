import { save } from '@chat-relays/simulation';
import type { SagaRecord } from '@chat-relays/protocol';
import { decodeBody } from '@chat-relays/wire';
import { decisions, told } from '../../test/decisions';
import { HISTORY, type NewPost } from './message';
import { post } from './posts';

const group: SagaRecord = {
  ...{
    noun: 'group',
    id: 'news',
    identity: 'alice',
    protocol: 'full',
    status: 'Ready',
    attempt: 1,
    data: {},
  },
};
const peerOf = (senderId: string) => ({ server: 'smp', senderId });
const relay = (name: string, status: string, more: Partial<SagaRecord> = {}): SagaRecord => ({
  ...{ noun: 'group_relay', id: `news/${name}`, identity: 'alice', protocol: 'full', status, attempt: 1 },
  ...{ parent: 'news', peer: peerOf(name), data: { groupId: 'news', groupRelayId: `news/${name}` } },
  ...more,
});
const second = (name: string, more: Partial<SagaRecord> = {}): SagaRecord =>
  relay(name, 'Connected', {
    ...{
      noun: 'relay_connection',
      id: `news/${name}/messages`,
      protocol: 'paired',
      peer: peerOf(`${name} 2`),
    },
    ...more,
  });

describe('a post', () => {
  const posting = async (records: readonly SagaRecord[], texts: readonly string[] = ['one', 'two']) => {
    const made = await decisions({ records: [group, ...records] });
    const posted = await made.memory.commit((unit) => post(unit, 'news', texts, made.host));
    return { ...made, posted };
  };

  it('goes to every serving relay, once and in order, on the connection for messages', async () => {
    const { commands, posted, memory } = await posting([
      relay('A', 'Confirmed'),
      relay('B', 'Confirmed', { protocol: 'paired' }),
      second('B'),
      relay('C', 'Notified'),
    ]);
    expect(posted.relays).toEqual(['news/A', 'news/B']);
    const [one, two] = posted.messageIds;
    expect(commands().map(({ id, peer, lane }) => ({ id, peer, lane }))).toEqual(
      [one, two].flatMap((id) => [
        { id: `group_relay:news/A/1/16/${id}`, peer: peerOf('A'), lane: 'to smp A' },
        { id: `relay_connection:news/B/messages/1/16/${id}`, peer: peerOf('B 2'), lane: 'to smp B 2' },
      ]),
    );
    expect(memory.posts.map(({ messageId }) => messageId)).toEqual([one, two]);
    const texts = commands().map(({ body }) => decodeBody(body!));
    expect(texts).toMatchObject(
      ['one', 'one', 'two', 'two'].map((text) => [
        { value: { envelope: { message: { event: 'x.msg.new', params: { content: { text } } } } } },
      ]),
    );
  });

  it('is not queued, and not kept, where no relay serves', async () => {
    const { commands, posted, memory } = await posting([relay('A', 'Added'), relay('B', 'Broken')]);
    expect({ relays: posted.relays, ids: posted.messageIds.length }).toEqual({ relays: [], ids: 2 });
    expect({ commands: commands(), posts: memory.posts }).toEqual({ commands: [], posts: [] });
  });

  it('waits for the second connection of a relay that has none yet', async () => {
    const paired = relay('B', 'Confirmed', { protocol: 'paired' });
    for (const records of [[paired], [paired, second('B', { peer: undefined })]]) {
      const { commands, posted } = await posting(records);
      expect({ relays: posted.relays, commands: commands() }).toEqual({ relays: [], commands: [] });
    }
  });
});

describe('a relay that is new to a group', () => {
  const posts = Array.from({ length: HISTORY + 5 }, (_, at): NewPost => ({
    groupId: 'news',
    messageId: `m${at}`,
    body: Buffer.from(`post ${at}`),
  }));
  const newest = posts.slice(-HISTORY);
  const elsewhere: NewPost = { groupId: 'other', messageId: 'x', body: Buffer.from('other') };
  const ready = told('x.grp.relay.ready', {}, { attempt: 1 });
  const said = (commands: readonly { send?: string; body?: Uint8Array }[]) =>
    commands.flatMap(({ send, body }) => (send === 'x.msg.new' ? Buffer.from(body!).toString() : []));

  it('gets the newest posts in order, under the ids that they had', async () => {
    const records = [group, relay('A', 'Notified'), relay('B', 'Confirmed')];
    const { decide, commands } = await decisions({ records, posts: [...posts, elsewhere] });
    expect(await decide(ready)).toEqual(['moved']);
    expect(said(commands())).toEqual(newest.map(({ body }) => Buffer.from(body).toString()));
    expect(commands().map(({ id }) => id)).toEqual(
      newest.map(({ messageId }) => `group_relay:news/A/1/16/${messageId}`),
    );
    expect(new Set(commands().map(({ lane }) => lane))).toEqual(new Set(['to smp A']));
  });

  it('is not sent twice what is on its way to it', async () => {
    const { decide, commands, memory, host } = await decisions({ records: [group, relay('A', 'Confirmed')] });
    await memory.commit((unit) => post(unit, 'news', ['one'], host));
    await save(memory, { records: [relay('A', 'Notified')] });
    await decide(ready);
    expect(commands()).toHaveLength(1);
  });

  it('gets them on the connection that this commit learned of, after what confirms it', async () => {
    const added = relay('A', 'Added', { protocol: 'paired' });
    const records = [group, added, second('A', { status: 'Invited', peer: undefined })];
    const { decide, commands } = await decisions({ records, posts: posts.slice(0, 2) });
    const ref = { noun: 'relay_connection', id: 'news/A/messages' } as const;
    const peer = { ...peerOf('new'), dhKey: Buffer.alloc(44, 1) };
    expect(await decide(told('x.ok', {}, { ref, protocol: 'paired', attempt: 1, peer }))).toEqual([
      'moved',
      'moved',
    ]);
    expect(commands().map(({ kind, lane, send }) => ({ kind, lane, send }))).toEqual([
      { kind: 'LET', lane: 'to smp new', send: 'x.ok' },
      { kind: 'SEND', lane: 'to smp new', send: 'x.msg.new' },
      { kind: 'SEND', lane: 'to smp new', send: 'x.msg.new' },
    ]);
  });

  it('of a group without posts gets nothing', async () => {
    const { decide, commands } = await decisions({
      records: [group, relay('A', 'Notified')],
      posts: [elsewhere],
    });
    expect(await decide(ready)).toEqual(['moved']);
    expect(commands()).toEqual([]);
  });
});
