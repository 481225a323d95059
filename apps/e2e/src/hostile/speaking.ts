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
const future: Message = { event: 'x.future' as never, params: {}, unknown: true };

/** Only contact queues take them. */
const requests = ['x.grp.relay.inv', 'x.member', 'x.contact'];

interface Role {
  readonly title: string;
  readonly line: () => Line;
  /** who is told */
  readonly by: string;
  /** of the record that the line is of */
  readonly dialogue: readonly [string, string];
  /** what it may say, and what it may say of another; everything else is a violation */
  readonly may: readonly string[];
}

/** Everything that there is to say, said by who may not say it. */
export function speaking(scene: () => Scene): void {
  let talk: Channel;
  let relay: OwnRelay;
  const lines = {} as Record<
    | 'member'
    | 'askingMember'
    | 'owner'
    | 'postingOwner'
    | 'relay'
    | 'secondRelay'
    | 'toMember'
    | 'toAskingMember',
    Line
  >;

  beforeAll(async () => {
    const { town, mallory, evidence, addresses } = scene();
    relay = await OwnRelay.open(town.bus, mallory, 'mallory');
    talk = await town.channel('talk', 'paired', [RELAY, relay.name]);
    const { requests: answers, posts } = await relay.serves();
    await talk.relaysConfirmed();
    const groupLink = await talk.link();
    const statuses = await talk.relayStatuses();
    const { relayLink } = statuses.find((one) => one.relay === RELAY)!;
    const { publicGroupId } = await evidence.ownership(groupLink);
    const member = await join(mallory, new Persona('eve'), publicGroupId, relayLink!);
    await talk.join(['bob']);
    const [toAskingMember, toMember] = await relay.letsIn();
    const own = await OwnChannel.create(mallory, new Persona('mallory'), 'paired');
    const owner = await own.served(addresses[RELAY]);
    Object.assign(lines, {
      ...{ member: member.messages, askingMember: member.requests },
      ...{ owner: owner.requests, postingOwner: owner.posts },
      ...{ relay: answers, secondRelay: posts, toMember: toMember.line, toAskingMember: toAskingMember.line },
    });
  });

  afterAll(() => relay.close());

  const roles: Role[] = [
    {
      title: 'a member to its relay',
      line: () => lines.member,
      by: RELAY,
      dialogue: ['group.join', 'relay'],
      may: ['x.ok'],
    },
    {
      title: 'a member to its relay, where it asks',
      line: () => lines.askingMember,
      by: RELAY,
      dialogue: ['group.join', 'relay'],
      may: ['x.ok', 'x.grp.relay.history'],
    },
    {
      title: 'an owner to its relay',
      line: () => lines.owner,
      by: RELAY,
      dialogue: ['relay.add', 'relay'],
      may: ['x.ok', 'x.grp.mem.del'],
    },
    {
      title: 'an owner to its relay, where it posts',
      line: () => lines.postingOwner,
      by: RELAY,
      dialogue: ['relay.connect', 'relay'],
      may: ['x.ok', 'x.msg.new'],
    },
    {
      title: 'a relay to its owner',
      line: () => lines.relay,
      by: 'owner-agent',
      dialogue: ['relay.add', 'owner'],
      may: ['x.grp.relay.acpt', 'x.grp.relay.reject'],
    },
    {
      title: 'a relay to its owner, who posts',
      line: () => lines.secondRelay,
      by: 'owner-agent',
      dialogue: ['relay.connect', 'owner'],
      may: ['x.ok'],
    },
    {
      title: 'a relay to a member',
      line: () => lines.toMember,
      by: 'member-agent',
      dialogue: ['group.join', 'member'],
      may: ['x.grp.link.inv', 'x.grp.mem.del'],
    },
    {
      title: 'a relay to a member that asks',
      line: () => lines.toAskingMember,
      by: 'member-agent',
      dialogue: ['group.join', 'member'],
      may: ['x.grp.link.inv', 'x.grp.mem.del'],
    },
  ];

  test.each(roles)('$title', async ({ line, by, dialogue, may }) => {
    const { town, mallory } = scene();
    const said: Message[] = [
      ...messages.map(({ tag: event, example: params }) => ({ event, params }) as Message),
      future,
    ];
    const wrong = said.filter(({ event }) => !may.includes(event));
    const witness = await Witness.at(town, by);
    await mallory.say(line(), encodeBatch(wrong.map((message) => encodeEnvelope({ message }))));
    await witness.tells(
      ...wrong.map(({ event }): Told =>
        requests.includes(event)
          ? refused('connection', 'element', `${event}: a request does not belong on a connection`)
          : decided(dialogue, event, 'violation'),
      ),
    );
  });

  test('changes nothing', async () => {
    await talk.send(['hers']);
    await converges(async () => (await talk.messagesOf('bob')).map(({ text }) => text), ['hers']);
    expect((await talk.relayStatuses()).map(({ status }) => status)).toEqual(['Confirmed', 'Confirmed']);
    expect((await talk.status()).connectionsByStatus).toEqual({ Connected: 4 });
  });
}
