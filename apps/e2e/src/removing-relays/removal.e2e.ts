import { ownerRequests, request, smpServerRequests } from '@chat-relays/bus';
import { connectionsOf, groupRelayId, type ProtocolName, protocolNames } from '@chat-relays/protocol';
import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { StatusLog } from '../status-log';
import { MEMBERS, Town } from '../town';
import { knownToAll } from './aftermath';

/** Nobody looks by himself unless a test says so: members know what relays tell them. */
describe('an owner removes a relay', () => {
  let town: Town;
  let evidence: Evidence;
  let heard: StatusLog;

  beforeAll(async () => {
    town = await Town.start({ STATUS_EVENTS: 'all' });
    evidence = Evidence.open(town);
    heard = await StatusLog.open(town.bus);
  });

  afterAll(async () => {
    heard.close();
    await evidence.close();
    await town.stop();
  });

  it.each(protocolNames)(
    'and it tells the members and deletes its queues, and so do all who had some for it: %s (scenario 1)',
    async (protocol) => {
      const channel = await joined('told', protocol, ['relay-1', 'relay-2']);
      const before = await evidence.queues(['smp-owner', 'smp-members']);
      await channel.addRelay('relay-3');
      await channel.relaysConfirmed();
      await channel.join(MEMBERS);
      await channel.membersConnected(MEMBERS.length);
      expect(await evidence.listed(await channel.link())).toHaveLength(3);
      expect(await evidence.serving('relay-3')).toBeGreaterThan(0);

      await channel.removeRelay('relay-3');
      await removed(channel, protocol, 'relay-3');
      await converges(() => evidence.queues(['smp-owner', 'smp-members']), before);
      await converges(() => evidence.serving('relay-3'), 0);
      await converges(() => evidence.orphans(), 0);
      await channel.send(['to those who are left']);
      await channel.arrived(MEMBERS.length);
    },
  );

  it('and owner, relay and members tell their changes of status', async () => {
    const { groupId } = await groupOf('told');
    const owners = heard.told.filter(({ id }) => id === groupRelayId(groupId, 'relay-3'));
    expect(owners.slice(-2).map(({ to }) => to)).toEqual(['Removing', 'Removed']);
    const link = (await groupOf('told')).groupLink;
    const own = heard.told.filter(({ noun, identity }) => noun === 'relay_own' && identity === 'relay-3');
    expect(own.filter(({ group }) => group === link).at(-1)).toMatchObject({ to: 'Removed' });
    const gone = heard.told.filter(
      ({ noun, group, to }) => noun === 'member_connection' && group === link && to === 'Removed',
    );
    expect(new Set(gone.map(({ identity }) => identity))).toEqual(new Set(MEMBERS));
  });

  it('that is away, and it hears of it when it is back', async () => {
    const channel = await joined('away', 'paired');
    await town.fleet.kill('relay-3', 'SIGTERM');
    await channel.removeRelay('relay-3');
    await channel.relayIs('relay-3', 'Removed');
    await town.fleet.restart('relay-3');
    await removed(channel, 'paired', 'relay-3');
  });

  it('that cannot be told, and it finds out by itself and tells the members (scenario 2)', async () => {
    const channel = await joined('untold', 'paired');
    const { groupId } = await groupOf(channel.name);
    const { server, id } = await evidence.queueOf(groupId, 'relay-3');
    await request(town.bus, smpServerRequests['smp-server.*.queue.delete'], { id }, { scope: server });
    await channel.removeRelay('relay-3');
    const owners = await channel.relayIs('relay-3', 'Removed');
    expect(owners.reason).toMatch(/AUTH/);
    expect(await evidence.ownStatuses('relay-3', await channel.link())).toEqual(['Confirmed']);
    await town.fleet.restart('relay-3', { LINK_CHECK_MS: '300' });
    await removed(channel, 'paired', 'relay-3');
    await town.fleet.restart('relay-3');
  });

  it('the last one only with force: then nobody can send, and no member old or new finds a relay', async () => {
    const channel = await joined('last', 'paired', ['relay-1']);
    await expect(channel.removeRelay('relay-1')).rejects.toMatchObject({ code: 'last_relay' });
    expect(await channel.relayStatuses()).toMatchObject([{ relay: 'relay-1', status: 'Confirmed' }]);
    await channel.removeRelay('relay-1', true);
    await removed(channel, 'paired', 'relay-1');
    await expect(channel.send(['anybody?'])).rejects.toMatchObject({ code: 'no_relays' });
    // by hand, as everybody may try
    await channel.join([...MEMBERS, 'eve']);
    await converges(async () => (await channel.status()).membersByStatus, { NoRelays: MEMBERS.length + 1 });
  });

  async function joined(name: string, protocol: ProtocolName, relays?: readonly string[]): Promise<Channel> {
    const channel = await town.channel(name, protocol, relays);
    await channel.relaysConfirmed();
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    return channel;
  }

  function removed(channel: Channel, protocol: ProtocolName, relay: string): Promise<void> {
    const each = MEMBERS.length * connectionsOf(protocol).length;
    const left = channel.relays.length * each;
    return knownToAll(evidence, channel, relay, { ...(left > 0 && { Connected: left }), Removed: each });
  }

  const groupOf = (group: string) =>
    request(town.bus, ownerRequests['owner.group.get'], { owner: 'alice', group });
});
