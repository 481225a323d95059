import { request, smpServerRequests } from '@chat-relays/bus';
import { connectionsOf, type ProtocolName, protocolNames } from '@chat-relays/protocol';
import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { MEMBERS, Town } from '../town';
import { knownToAll } from './aftermath';

/** The relay is killed once in the middle of it, at points where work is done but not yet known to be. */
const kills: [protocol: ProtocolName, failpoint: string][] = [
  ['full', 'relay.remove.3.relay.left.after-commit:1'],
  ['pooled', 'relay.remove.3.CLEAN.before-execute:1'],
  ['paired', 'relay.remove.3.CLEAN.after-execute:1'],
  ['paired', 'relay.remove.3.CLEAN.after-execute:2'],
  ['paired', 'relay.remove.3.CLEANED.before-commit:2'],
];

const nothing = { members: 0, connections: 0, queues: 0, theirs: 0, messages: 0, commands: 0 };
const TEXTS = ['text 1', 'text 2'];

describe('a relay that is removed deletes what it has of its members', () => {
  let town: Town;
  let evidence: Evidence;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', LINK_POOL: '0' });
    evidence = Evidence.open(town);
  });

  afterAll(async () => {
    await evidence.close();
    await town.stop();
  });

  it.each(protocolNames)('and its queues for them are gone from the SMP server: %s', async (protocol) => {
    const { channel, before } = await joined(protocol);
    await channel.removeRelay('relay-2');
    await isClean(channel, protocol, before);
  });

  it.each(kills)('also when it is killed with SIGKILL meanwhile: %s at %s', async (protocol, failpoint) => {
    const { channel, before } = await joined(protocol);
    await town.arm('relay-2', failpoint);
    await channel.removeRelay('relay-2');
    await town.revive('relay-2');
    await isClean(channel, protocol, before);
  });

  it('of members that cannot be told, too; they find out by looking', async () => {
    const { channel, before } = await joined('paired');
    const scope = { scope: 'smp-members' };
    await request(town.bus, smpServerRequests['smp-server.*.pause'], {}, scope);
    await channel.removeRelay('relay-2');
    await converges(() => evidence.ofMembers('relay-2'), nothing);
    await request(town.bus, smpServerRequests['smp-server.*.resume'], {}, scope);
    await isClean(channel, 'paired', before);
  });

  it('and those who come to it when it is chosen again stay', async () => {
    const { channel } = await joined('paired');
    await channel.removeRelay('relay-2');
    await channel.addRelay('relay-2');
    await channel.relaysConfirmed();
    await channel.membersConnected(MEMBERS.length);
    await channel.send(['text 3']);
    for (const member of MEMBERS) {
      const texts = async () => (await channel.messagesOf(member)).map(({ text }) => text);
      await converges(texts, [...TEXTS, 'text 3']);
    }
    const { length } = MEMBERS;
    await converges(
      async () => {
        const { members, connections, queues, theirs } = await evidence.ofMembers('relay-2');
        return { members, connections, queues, theirs };
      },
      { members: length, connections: length, queues: 2 * length, theirs: 2 * length },
    );
    await converges(() => evidence.orphans(), 0);
    await channel.removeRelay('relay-2');
    await converges(() => evidence.ofMembers('relay-2'), nothing);
  });

  /** Everybody is in, over both relays, and has something; what there was before relay-2 came. */
  async function joined(
    protocol: ProtocolName,
  ): Promise<{ channel: Channel; before: Record<string, number> }> {
    const channel = await town.channel('left', protocol, ['relay-1']);
    await channel.relaysConfirmed();
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    await converges(() => evidence.orphans(), 0);
    const before = await evidence.queues();
    await channel.addRelay('relay-2');
    await channel.relaysConfirmed();
    await channel.membersConnected(MEMBERS.length);
    await channel.send(TEXTS);
    await channel.arrived(TEXTS.length * MEMBERS.length);
    const { members, queues, messages } = await evidence.ofMembers('relay-2');
    const each = connectionsOf(protocol).length;
    expect({ members, queues }).toEqual({ members: MEMBERS.length, queues: MEMBERS.length * each });
    expect(messages).toBe(TEXTS.length);
    return { channel, before };
  }

  async function isClean(
    channel: Channel,
    protocol: ProtocolName,
    before: Record<string, number>,
  ): Promise<void> {
    const each = MEMBERS.length * connectionsOf(protocol).length;
    await knownToAll(evidence, channel, 'relay-2', { Connected: each, Removed: each });
    await converges(() => evidence.ofMembers('relay-2'), nothing);
    await converges(() => evidence.queues(), before);
    await converges(() => evidence.orphans(), 0);
    await channel.send(['to those who are left']);
    await channel.arrived((TEXTS.length + 1) * MEMBERS.length);
  }
});
