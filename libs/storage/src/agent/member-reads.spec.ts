import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../data-source';
import { agentTables } from './agent-tables';
import type { MissingMessages } from './gap-reads';
import { MemberReads } from './member-reads';
import { MessageStore } from './message-store';

const address = { url: process.env['DATABASE_URL'] ?? '', schema: `member_reads_spec_${process.pid}` };
const news = 'simplex:/c#news';
const sports = 'simplex:/c#sports';
let source: DataSource;
let reads: MemberReads;

async function join(member: string, groupLink: string, status: string, name?: string): Promise<void> {
  const data = { groupLink, memberName: member, profile: name && { displayName: name } };
  await source.query(
    `INSERT INTO groups (id, identity, protocol, data, membership_status) VALUES ($1, $2, 'full', $3, $4)`,
    [`${member}/${groupLink}`, member, data, status],
  );
}

async function get(member: string, groupLink: string, ...messageIds: string[]): Promise<void> {
  await bring('simplex:/r#1', member, groupLink, ...messageIds);
}

/** A message is `id`, or `id text` where its text is another one. */
async function bring(
  relayLink: string,
  member: string,
  groupLink: string,
  ...messages: string[]
): Promise<void> {
  await new MessageStore(source).insert(
    messages.map((message, index) => ({
      membershipId: `${member}/${groupLink}`,
      groupLink,
      author: 'channel',
      messageId: message.split(' ')[0],
      body: Buffer.from(`body of ${message}`),
      via: `${member}/${groupLink} ${relayLink}`,
      receivedAt: 1_000 + index,
    })),
    [],
  );
}

beforeAll(async () => {
  await migrate(address, agentTables);
  source = await openDataSource(address, agentTables);
  reads = new MemberReads(source);
  await join('bob', news, 'joined', 'news');
  await join('cath', news, 'reading');
  await join('bob', sports, 'joined', 'sports');
  await get('bob', news, 'a', 'b', 'a');
  await get('bob', sports, 'c');
  await get('cath', news, 'a');
});

afterAll(async () => {
  await source.query(`DROP SCHEMA ${address.schema} CASCADE`);
  await source.destroy();
});

describe('MemberReads', () => {
  it('lists the groups of all members in the order of joining, each once, with what they got', async () => {
    expect(await reads.groups()).toEqual([
      { link: news, name: 'news', members: 2, messages: 3 },
      { link: sports, name: 'sports', members: 1, messages: 1 },
    ]);
  });

  it('lists the groups of one member', async () => {
    expect((await reads.groups('cath')).map(({ link, members }) => [link, members])).toEqual([[news, 1]]);
    expect(await reads.groups('eve')).toEqual([]);
  });

  it('finds a link by the name of the group, and by itself', async () => {
    expect(await reads.linkOf('sports')).toBe(sports);
    expect(await reads.linkOf(news)).toBe(news);
    expect(await reads.linkOf('music')).toBeUndefined();
  });

  it('tells by which protocol a member is in a group', async () => {
    expect(await reads.protocol(`bob/${news}`)).toBe('full');
    expect(await reads.protocol(`eve/${news}`)).toBeUndefined();
    await join('eve', news, 'joined');
    await source.query(`UPDATE groups SET data = data || '{"protocol":"paired"}' WHERE id = $1`, [
      `eve/${news}`,
    ]);
    expect(await reads.protocol(`eve/${news}`)).toBe('paired');
    await source.query('DELETE FROM groups WHERE id = $1', [`eve/${news}`]);
  });

  it('counts members and copies of one group', async () => {
    expect(await reads.status(news)).toMatchObject({
      name: 'news',
      membersByStatus: { Joined: 1, Reading: 1 },
      received: 3,
      duplicates: 1,
    });
  });

  it('pages through what one member got', async () => {
    const [first] = await reads.messages(`bob/${news}`, 0, 1);
    expect(first).toMatchObject({ member: 'bob', messageId: 'a', receivedAt: 1_000 });
    expect(first.body.toString()).toBe('body of a');
    const rest = await reads.messages(`bob/${news}`, first.position, 10);
    expect(rest.map(({ messageId }) => messageId)).toEqual(['b']);
  });

  it('pages through what everybody in one group got', async () => {
    const [first, ...rest] = await reads.groupDeliveries(news, 0, 10);
    expect([first, ...rest].map(({ member, messageId }) => [member, messageId])).toEqual([
      ['bob', 'a'],
      ['bob', 'b'],
      ['cath', 'a'],
    ]);
    expect(await reads.groupDeliveries(news, first.position, 1)).toEqual([rest[0]]);
  });

  it('tells which relay brought a message, whether another one did, and what others said', async () => {
    const music = 'simplex:/c#music';
    const [one, two] = ['simplex:/r#1', 'simplex:/r#2'];
    await bring(one, 'bob', music, 'a', 'b', 'c');
    await bring(two, 'bob', music, 'a', 'b of two', 'd');
    await bring(two, 'cath', music, 'c of two', 'd');
    await bring(one, 'cath', music, 'c of one');
    const seen = async (member: string) =>
      (await reads.messages(`${member}/${music}`, 0, 10)).map(
        ({ messageId, relayLink, corroborated, divergences }) =>
          [messageId, relayLink, corroborated, divergences] as const,
      );
    expect(await seen('bob')).toEqual([
      ['a', one, true, 0],
      ['b', one, false, 1],
      ['c', one, false, 0],
      ['d', two, false, 0],
    ]);
    expect(await seen('cath')).toEqual([
      ['c', two, false, 1],
      ['d', two, false, 0],
    ]);
    const page = { after: 0, limit: 10 };
    const [found, ...more] = await reads.divergences(`bob/${music}`, page);
    expect(more).toEqual([]);
    expect({ ...found, body: String(found.body), first: String(found.first.body) }).toMatchObject({
      ...{ messageId: 'b', relayLink: two, body: 'body of b of two', first: 'body of b', receivedAt: 1_001 },
    });
    expect(found.first).toMatchObject({ relayLink: one, receivedAt: 1_001 });
    expect(await reads.divergences(`bob/${music}`, { ...page, after: found.position })).toEqual([]);
    expect(await reads.divergences(`bob/${music}`, { ...page, messageId: 'a' })).toEqual([]);
    expect(await reads.divergences(`cath/${music}`, { ...page, messageId: 'c' })).toHaveLength(1);
  });

  it('tells what is missing, and how many other relays had nothing missing meanwhile', async () => {
    const jazz = 'simplex:/c#jazz';
    const of = `bob/${jazz}`;
    const via = (relay: string): string => `${of} simplex:/r#${relay}`;
    const second = 1_000;
    const connect = (relay: string, since: number, status = 'connected', purpose = 'messages') =>
      source.query(
        `INSERT INTO member_connections (id, identity, protocol, data, group_id, connection_status, since)
         VALUES ($1, 'bob', 'paired', $2, $3, $4, $5)`,
        [
          purpose === 'priority' ? `${via(relay)} priority` : via(relay),
          { relayLink: `simplex:/r#${relay}`, purpose },
          ...[of, status, since],
        ],
      );
    for (const relay of ['A', 'B', 'C']) {
      await connect(relay, 5 * second);
      await connect(relay, 5 * second, 'connected', 'priority');
    }
    await connect('late', 31 * second);
    await connect('gone', 5 * second, 'broken');
    let queue = 0;
    const lose = (relay: string, from: number, to: number, after: number, before: number) =>
      new MessageStore(source).insert(
        [],
        [
          {
            ...{ server: 'smp', recipientId: Buffer.alloc(24, ++queue) },
            gap: { membershipId: of, via: via(relay), from, to, after, before, noticedAt: 99 * second },
          },
        ],
      );
    await lose('A', 1, 2, 0, 20);
    await lose('A', 4, 4, 30, 40);
    await lose('B', 7, 9, 40, 50);
    await lose('B', 11, 11, 60, 70);
    const seen = (gap: MissingMessages) =>
      `${gap.relayLink.slice(-1)} ${gap.from}-${gap.to} ${gap.after}..${gap.before} ${gap.others}`;
    const gaps = await reads.gaps(of, { after: 0, limit: 3 });
    expect(gaps.map(seen)).toEqual([
      'A 1-2 undefined..20000 0',
      // of B something is missing in the same second
      'A 4-4 30000..40000 1',
      'B 7-9 40000..50000 2',
    ]);
    expect((await reads.gaps(of, { after: gaps[2].position, limit: 3 })).map(seen)).toEqual([
      'B 11-11 60000..70000 3',
    ]);
    expect(await reads.priorityConnections(of)).toEqual(['A', 'B', 'C'].map((one) => `${via(one)} priority`));
    expect(gaps[0].noticedAt).toBe(99 * second);
    expect(await reads.gaps(`cath/${jazz}`, { after: 0, limit: 3 })).toEqual([]);
  });

  it('counts the relays that a member is connected to', async () => {
    for (const [link, status] of [
      ['1', 'connected'],
      ['2', 'connected'],
      ['3', 'broken'],
    ]) {
      await source.query(
        `INSERT INTO member_connections (id, identity, protocol, data, group_id, connection_status)
         VALUES ($1, 'bob', 'full', $2, $3, $4)`,
        [`bob/${news} ${link}`, { relayLink: link }, `bob/${news}`, status],
      );
    }
    expect(await reads.relays(`bob/${news}`)).toBe(2);
    expect(await reads.relays(`cath/${news}`)).toBe(0);
  });
});
