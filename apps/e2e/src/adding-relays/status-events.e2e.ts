import { ownerRequests, request, type StatusEvent, StatusStream } from '@chat-relays/bus';
import { dialogueOf, groupRelayId, type Noun, statuses } from '@chat-relays/protocol';
import { Terminal } from '../terminal';
import { MEMBERS, RELAYS, Town } from '../town';

/** What one record went through, as its events tell. */
function path(events: readonly StatusEvent[]): string[] {
  expect(events.map(({ from }) => from)).toEqual(['-', ...events.slice(0, -1).map(({ to }) => to)]);
  return events.map(({ to }) => to);
}

/** The statuses of the RFC, in its order; a peer's message that outruns the local reply skips one of them. */
function expectInOrder(found: readonly string[], noun: Noun): void {
  const order = statuses(dialogueOf('full', noun)).filter((status) => found.includes(status));
  expect(found).toEqual(order);
}

describe('changes of statuses are told over NATS', () => {
  let town: Town;
  let stream: StatusStream;
  const told: StatusEvent[] = [];
  let heard = (): void => undefined;

  beforeAll(async () => {
    town = await Town.start({ STATUS_EVENTS: 'all', STUCK_AFTER_MS: '1000' });
    stream = new StatusStream(town.bus);
    await stream.ready();
    void listen();
  });

  afterAll(async () => {
    stream.close();
    await town.stop();
  });

  async function listen(): Promise<void> {
    for await (const event of stream) {
      told.push(event);
      heard();
    }
  }

  /** Resolves when this many events like this one have been told. */
  async function hear(count: number, wanted: (event: StatusEvent) => boolean): Promise<StatusEvent[]> {
    while (told.filter(wanted).length < count) await new Promise<void>((resolve) => (heard = resolve));
    return told.filter(wanted);
  }

  const groupOf = async (name: string) =>
    request(town.bus, ownerRequests['owner.group.get'], { owner: 'alice', group: name });
  const moves = (noun: Noun) => (event: StatusEvent) => event.noun === noun && event.since === undefined;

  it('of every onboarding, in the order of the RFC, by owner and relay alike', async () => {
    const channel = await town.channel('told');
    await channel.relaysConfirmed();
    const { groupId } = await groupOf(channel.name);
    const link = await channel.link();
    await hear(
      RELAYS.length * 2,
      ({ group, to }) => (group === groupId || group === link) && to === 'Confirmed',
    );
    expect(path(told.filter(({ noun, id }) => noun === 'group' && id === groupId))).toEqual(['New', 'Ready']);
    for (const relay of RELAYS) {
      const id = groupRelayId(groupId, relay);
      const owners = path(told.filter((event) => moves('group_relay')(event) && event.id === id));
      expectInOrder(owners, 'group_relay');
      expect(owners).toEqual(expect.arrayContaining(['New', 'Accepted', 'Added', 'Confirmed']));
      const own = told.filter((event) => moves('relay_own')(event) && event.identity === relay);
      const relays = path(own.filter(({ group }) => group === link));
      expectInOrder(relays, 'relay_own');
      expect(relays).toEqual(expect.arrayContaining(['Invited', 'LinkCreated', 'Notified', 'Confirmed']));
    }
  });

  it('of members and their connections, too', async () => {
    const channel = await town.channel('joined');
    await channel.relaysConfirmed();
    const link = await channel.link();
    await channel.join(MEMBERS);
    const connected = MEMBERS.length * RELAYS.length;
    for (const noun of ['member_connection', 'group_member'] as const) {
      await hear(
        connected,
        (event) => event.noun === noun && event.group === link && event.to === 'Connected',
      );
    }
    const joined = told.filter(({ noun, group }) => noun === 'membership' && group === link);
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
    const [event] = await hear(1, (one) => one.event === 'stuck' && one.id === id);
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
    expect(told.filter((one) => one.event === 'stuck' && one.id === id && one.to === 'Invited')).toHaveLength(
      1,
    );
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
