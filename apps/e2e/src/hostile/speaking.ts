import type { Channel } from '@chat-relays/tools';
import { encodeBatch, encodeEnvelope, type Message, messages } from '@chat-relays/wire';
import { converges } from '../convergence';
import type { Line } from './line';
import { OwnChannel } from './own-channel';
import { join } from './own-member';
import { OwnRelay } from './own-relay';
import { Persona } from './persona';
import type { Scene } from './scene';
import { decided, refused, type Told, Witness } from './witness';

const RELAY = 'relay-1';
/** Of a version that is yet to come. */
const future = { event: 'x.future', params: {}, unknown: true } as unknown as Message;
const sayable = [
  ...messages.map(({ tag: event, example: params }) => ({ event, params }) as Message),
  future,
];

/** Only contact queues take them. */
const requests: readonly string[] = ['x.grp.relay.inv', 'x.member', 'x.contact'];

/** Who says it, on which line; to whom; the table of the line's record; and what may be said there, or of another one. */
type Role = readonly [who: string, by: string, dialogue: string, half: string, may: readonly string[]];

// prettier-ignore
const roles: Role[] = [
  ['a member to its relay',                  RELAY,          'group.join',    'relay',  ['x.ok']],
  ['a member that asks its relay',           RELAY,          'group.join',    'relay',  ['x.ok', 'x.grp.relay.history']],
  ['an owner to its relay',                  RELAY,          'relay.add',     'relay',  ['x.ok', 'x.grp.mem.del']],
  ['an owner to its relay, where it posts',  RELAY,          'relay.connect', 'relay',  ['x.ok', 'x.msg.new']],
  ['an owner to a relay that is not listed', RELAY,          'relay.add',     'relay',  ['x.ok', 'x.grp.mem.del', 'x.grp.info', 'x.msg.new']],
  ['a relay to its owner',                   'owner-agent',  'relay.add',     'owner',  ['x.grp.relay.acpt', 'x.grp.relay.reject']],
  ['a relay to its owner, who posts there',  'owner-agent',  'relay.connect', 'owner',  ['x.ok']],
  ['a relay to a member',                    'member-agent', 'group.join',    'member', ['x.grp.link.inv', 'x.grp.mem.del']],
  ['a relay to a member that asks it',       'member-agent', 'group.join',    'member', ['x.grp.link.inv', 'x.grp.mem.del']],
];

/** Everything that there is to say, said by whoever may not say it. */
export function speaking(scene: () => Scene): void {
  let talk: Channel;
  let relay: OwnRelay;
  let unlisted: OwnChannel;
  /** by who says something there */
  let lines: Record<string, Line>;

  beforeAll(async () => {
    const { town, mallory, evidence, addresses } = scene();
    relay = await OwnRelay.open(town.bus, mallory, 'mallory');
    talk = await town.channel('talk', 'paired', [RELAY, relay.name]);
    const served = await relay.serves();
    await talk.relaysConfirmed();
    const { relayLink } = (await talk.relayStatuses()).find((one) => one.relay === RELAY)!;
    const { publicGroupId } = await evidence.ownership(await talk.link());
    const eve = await join(mallory, new Persona('eve'), publicGroupId, relayLink!);
    await talk.join(['bob']);
    const [asking, listening] = await relay.letsIn();
    const own = await OwnChannel.create(mallory, new Persona('mallory'), 'paired');
    const owned = await own.served(addresses[RELAY]);
    unlisted = await OwnChannel.create(mallory, new Persona('mallory'), 'full');
    const accepted = await unlisted.invites(addresses[RELAY]);
    await unlisted.accepted(accepted);
    lines = {
      'a member to its relay': eve.messages,
      'a member that asks its relay': eve.requests,
      'an owner to its relay': owned.requests,
      'an owner to its relay, where it posts': owned.posts,
      'an owner to a relay that is not listed': accepted,
      'a relay to its owner': served.requests,
      'a relay to its owner, who posts there': served.posts,
      'a relay to a member': listening.line,
      'a relay to a member that asks it': asking.line,
    };
  });

  afterAll(() => relay.close());

  test.each(roles)('%s', async (who, by, dialogue, half, may) => {
    const { town, mallory } = scene();
    const wrong = sayable.filter(({ event }) => !may.includes(event));
    const witness = await Witness.at(town, by);
    await mallory.say(lines[who], encodeBatch(wrong.map((message) => encodeEnvelope({ message }))));
    await witness.tells(
      ...wrong.map(({ event }): Told => {
        if (!requests.includes(event)) return decided([dialogue, half], event, 'violation');
        return refused('connection', 'element', `${event}: a request does not belong on a connection`);
      }),
    );
  });

  test('and nothing has come of it', async () => {
    const { evidence } = scene();
    expect(await evidence.ownStatuses(RELAY, unlisted.group.groupLink)).toEqual(['Accepted']);
    await talk.send(['hers']);
    await converges(async () => (await talk.messagesOf('bob')).map(({ text }) => text), ['hers']);
    expect((await talk.relayStatuses()).map(({ status }) => status)).toEqual(['Confirmed', 'Confirmed']);
    expect((await talk.status()).connectionsByStatus).toEqual({ Connected: 4 });
  });
}
