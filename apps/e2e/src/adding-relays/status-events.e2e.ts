import { ownerRequests, request, type StatusEvent } from '@chat-relays/bus';
import { groupRelayId, type Noun } from '@chat-relays/protocol';
import { StatusLog } from '../status-log';
import { Terminal } from '../terminal';
import { MEMBERS, RELAYS, Town } from '../town';

/** What one record went through, as its events tell. */
function path(events: readonly StatusEvent[]): string[] {
  expect(events.map(({ from }) => from)).toEqual(['-', ...events.slice(0, -1).map(({ to }) => to)]);
  return events.map(({ to }) => to);
}

/** Those of the RFC in its order; a peer's message that outruns the local reply skips one of them. */
const order = {
  group_relay: ['New', 'Invited', 'Accepted', 'Added', 'Confirmed'],
  relay_own: ['Invited', 'Validated', 'LinkCreated', 'Accepted', 'Confirmed'],
};

function expectInOrder(found: readonly string[], noun: keyof typeof order): void {
  expect(found).toEqual(order[noun].filter((status) => found.includes(status)));
}

describe('changes of statuses are told over NATS', () => {
  let town: Town;
  let heard: StatusLog;

  beforeAll(async () => {
    town = await Town.start({ STATUS_EVENTS: 'all', STUCK_AFTER_MS: '1000' });
    heard = await StatusLog.open(town.bus);
  });

  afterAll(async () => {
    heard.close();
    await town.stop();
  });

  const groupOf = async (name: string) =>
    request(town.bus, ownerRequests['owner.group.get'], { owner: 'alice', group: name });
  const moves = (noun: Noun) => (event: StatusEvent) => event.noun === noun && event.since === undefined;

  it('of every onboarding, in the order of the RFC, by owner and relay alike', async () => {
    const channel = await town.channel('told');
    await channel.relaysConfirmed();
    const { groupId } = await groupOf(channel.name);
    const link = await channel.link();
    await heard.hear(
      RELAYS.length * 2,
      ({ group, to }) => (group === groupId || group === link) && to === 'Confirmed',
    );
    expect(path(heard.told.filter(({ noun, id }) => noun === 'group' && id === groupId))).toEqual([
      'New',
      'Ready',
    ]);
    for (const relay of RELAYS) {
      const id = groupRelayId(groupId, relay);
      const owners = path(heard.told.filter((event) => moves('group_relay')(event) && event.id === id));
      expectInOrder(owners, 'group_relay');
      expect(owners).toEqual(expect.arrayContaining(['New', 'Accepted', 'Added', 'Confirmed']));
      const own = heard.told.filter((event) => moves('relay_own')(event) && event.identity === relay);
      const relays = path(own.filter(({ group }) => group === link));
      expectInOrder(relays, 'relay_own');
      expect(relays).toEqual(expect.arrayContaining(['Invited', 'Validated', 'LinkCreated', 'Confirmed']));
    }
  });

  it('of members and their connections, too', async () => {
    const channel = await town.channel('joined');
    await channel.relaysConfirmed();
    const link = await channel.link();
    await channel.join(MEMBERS);
    const pairs = MEMBERS.length * RELAYS.length;
    const connected = { member_connection: 2 * pairs, priority_connection: pairs, group_member: pairs };
    for (const [noun, count] of Object.entries(connected)) {
      await heard.hear(
        count,
        (event) => event.noun === noun && event.group === link && event.to === 'Connected',
      );
    }
    const joined = heard.told.filter(({ noun, group }) => noun === 'membership' && group === link);
    expect(joined.filter(({ to }) => to === 'Joined').map(({ identity }) => identity)).toEqual(
      expect.arrayContaining(MEMBERS),
    );
  });

  it('a relay whose process is stopped is stuck, visibly, until it is there again', async () => {
    const channel = await town.channel('before');
    await channel.relaysConfirmed();
    await town.fleet.kill('relay-1', 'SIGTERM');
    const owner = 'alice';
    await request(town.bus, ownerRequests['owner.group.create'], { owner, name: 'waiting', relays: [1] });
    const { groupId } = await groupOf('waiting');
    const id = groupRelayId(groupId, 'relay-1');
    const [event] = await heard.hear(1, (one) => one.event === 'stuck' && one.id === id);
    expect(event).toMatchObject({ noun: 'group_relay', identity: owner, group: groupId, to: 'Invited' });
    expect(event.since).toBeLessThan(event.time);

    const view = new Terminal(town.stack.natsUrl, '/_get relays #waiting');
    await view.says(/ {2}- relay id 1: invited, waiting for relay-1 for \d+ s: \/retry it or \/rm it/);
    expect(await view.code()).toBe(0);
    const metrics = await fetch(`${town.fleet.service('owner-agent').httpUrl}/metrics`);
    expect(await metrics.text()).toContain('chat_relay_stuck{noun="group_relay",status="Invited"} 1');

    const watch = new Terminal(town.stack.natsUrl, '/watch #waiting');
    await watch.says(/^watching #waiting until Ctrl-C$/);
    await town.fleet.restart('relay-1');
    await watch.says(/^relay-1: \w+ -> Confirmed$/);
    await watch.says(/^relay-1 itself: \w+ -> Confirmed$/);
    watch.interrupt();
    expect(await watch.code()).toBe(0);
    expect(watch.lines).toContain('relay-1 itself: Invited');
    expect(
      heard.told.filter((one) => one.event === 'stuck' && one.id === id && one.to === 'Invited'),
    ).toHaveLength(1);
  });

  it('/watch ends by itself after --for, and says when there is no such channel', async () => {
    const quiet = new Terminal(town.stack.natsUrl, '/watch', '--for', '0.2');
    expect(await quiet.code()).toBe(0);
    expect(quiet.lines).toEqual(['watching all channels for 0.2 s', 'no status changed']);
    const wrong = new Terminal(town.stack.natsUrl, '/watch #nowhere');
    expect(await wrong.code()).toBe(1);
    expect(wrong.errors).toEqual(['alice has no group "nowhere"']);
  });
});
