import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../data-source';
import { agentTables } from './agent-tables';
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
  await new MessageStore(source).insert(
    messageIds.map((messageId, index) => ({
      membershipId: `${member}/${groupLink}`,
      groupLink,
      author: 'channel',
      messageId,
      body: Buffer.from(`body of ${messageId}`),
      via: 'relay',
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
});
