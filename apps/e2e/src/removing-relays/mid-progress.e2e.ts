import { ownerRequests, relayRequests, request } from '@chat-relays/bus';
import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { Terminal } from '../terminal';
import { MEMBERS, RELAYS, Town } from '../town';

const OWNER = 'alice';

/** Owners of these groups choose a relay whose process is stopped, so that it stays invited. */
describe('a relay that does not answer', () => {
  let town: Town;
  let evidence: Evidence;
  let addresses: string[];

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000' });
    evidence = Evidence.open(town);
    await (await town.channel('first')).relaysConfirmed();
    const ofRelay = relayRequests['relay.*.address.get'];
    const replies = await Promise.all(RELAYS.map((scope) => request(town.bus, ofRelay, {}, { scope })));
    addresses = replies.map(({ address }) => address);
  });

  afterAll(async () => {
    await evidence.close();
    await town.stop();
  });

  it('is asked once more, and when it is there it serves the group once', async () => {
    const { channel, link } = await withSilent('retried');
    const before = (await evidence.queues())['smp-relays'];
    await say('/retry #retried relay-3', /^ {2}- relay id 3: (new|invited)/);
    await channel.relayIs('relay-3', 'Invited');
    await town.fleet.restart('relay-3');
    const { relayLink } = await channel.relayIs('relay-3', 'Confirmed');
    const relays = await channel.relayStatuses();
    expect(relays.map(({ status }) => status)).toEqual(['Confirmed', 'Confirmed']);
    await converges(
      async () => (await evidence.listed(link)).sort(),
      relays.map((one) => one.relayLink!).sort(),
    );
    expect(relayLink).toBeDefined();
    expect(await evidence.ownStatuses('relay-3', link)).toEqual(['Confirmed']);
    // the relay link, and a queue for each of the owner's two connections
    await converges(async () => (await evidence.queues())['smp-relays'] - before, 3);
    channel.relays.push('relay-3');
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    await channel.send(['text 1']);
    expect(await channel.arrived(MEMBERS.length)).toMatchObject({
      received: MEMBERS.length,
      duplicates: MEMBERS.length,
    });
    await refuses('/retry #retried relay-3', /relay-3 is Confirmed.* cannot be tried again now$/);
  });

  it('is not wanted any more, and is never listed when it is there', async () => {
    const { channel, link } = await withSilent('cancelled');
    const before = await evidence.queues();
    await say('/rm #cancelled relay-3', /^ {2}- relay id 3: removed/);
    await town.fleet.restart('relay-3');
    await converges(() => evidence.ownStatuses('relay-3', link), ['Removed']);
    await channel.relayIs('relay-3', 'Removed');
    expect(await evidence.listed(link)).toHaveLength(1);
    await converges(async () => (await evidence.queues())['smp-relays'], before['smp-relays']);
    await refuses('/rm #cancelled relay-9', /^"cancelled" has no relay relay-9$/);
  });

  it('and a person at a terminal is told what is next, up to the last relay', async () => {
    await say('/pg relays=1 protocol=full #typed --wait', /^ {2}- relay id 1: confirmed/);
    await refuses('/rm #typed relay-1', /^relay-1 is the last relay of "typed".*insist with force$/);
    await say('/c --as bob ' + (await linkOf('typed')) + ' --wait', /^#typed: you joined the group/);
    await say('/rm #typed relay-1 force', /^ {2}- relay id 1: remov/);
    await refuses('#typed hello', /^no relay of "typed" is confirmed, so nobody can receive$/);
    await converges(
      async () => shown('/_get relays #typed'),
      ['#typed: group link relays updated, current relays:', '  - relay id 1: removed'],
    );
    await converges(
      async () => shown('/members #typed'),
      [
        '#typed: 1 member (1 without active relays: wait for the owner to add one)',
        '  connections to relays: 1 removed',
        '  received: 0, duplicates dropped: 0',
      ],
    );
    const eve = new Terminal(town.stack.natsUrl, `/c --as eve ${await linkOf('typed')} --wait`);
    expect(await eve.code()).toBe(1);
    expect(eve.lines.at(-1)).toMatch(/wait for the owner to add one/);
    await refuses('/pg relays=1 protocol=best #other', /full, pooled/);
  });

  async function withSilent(name: string): Promise<{ channel: Channel; link: string }> {
    const channel = await town.channel(name, 'paired', ['relay-1']);
    await channel.relaysConfirmed();
    const relays = RELAYS.map((relay, at) => ({ name: relay, address: addresses[at] }));
    await request(town.bus, ownerRequests['owner.relays.set'], { owner: OWNER, relays });
    await town.fleet.kill('relay-3', 'SIGTERM');
    await request(town.bus, ownerRequests['owner.group.relays.add'], {
      owner: OWNER,
      group: name,
      relays: [3],
    });
    await channel.relayIs('relay-3', 'Invited');
    return { channel, link: await channel.link() };
  }

  async function linkOf(group: string): Promise<string> {
    const found = await request(town.bus, ownerRequests['owner.group.get'], { owner: OWNER, group });
    return found.groupLink!;
  }

  async function shown(command: string): Promise<string[]> {
    const terminal = new Terminal(town.stack.natsUrl, command);
    await terminal.code();
    return [...terminal.errors, ...terminal.lines];
  }

  async function say(command: string, answer: RegExp): Promise<void> {
    const terminal = new Terminal(town.stack.natsUrl, command);
    await terminal.says(answer);
    expect(await terminal.code()).toBe(0);
  }

  async function refuses(command: string, sentence: RegExp): Promise<void> {
    const terminal = new Terminal(town.stack.natsUrl, command);
    expect(await terminal.code()).not.toBe(0);
    expect(terminal.errors.join('\n')).toMatch(sentence);
  }
});
