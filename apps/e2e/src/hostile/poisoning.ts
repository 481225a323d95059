import { randomBytes } from 'node:crypto';
import {
  encodeBatch,
  encodeEnvelope,
  encodeForward,
  type Message,
  maxEncodedMsgLength,
} from '@chat-relays/wire';
import { Audience } from './audience';
import type { Line } from './line';
import { OwnChannel } from './own-channel';
import { OwnRelay } from './own-relay';
import { Persona, post } from './persona';
import type { Scene } from './scene';
import { decided, refused, type Told, Witness } from './witness';

const RELAY = 'relay-1';
const MESSAGES = 20;
const EACH = 50;

interface Poison {
  readonly title: string;
  /** of what comes beside it in a message; alone otherwise */
  readonly beside?: true;
  readonly element: Uint8Array;
  readonly told: Told;
}

const texts = Array.from({ length: MESSAGES * EACH }, (_, at) => `text ${at + 1}`);
const unknown = (event: string): Uint8Array =>
  encodeEnvelope({
    msgId: randomBytes(12),
    message: { event, params: {}, unknown: true } as unknown as Message,
  });
const nobodys = (where: string, reason: string): Told => refused('connection', where, reason);

const malformed: Poison[] = [
  {
    title: 'no JSON',
    beside: true,
    element: Buffer.from('{"event":"x.msg.new","params":'),
    told: nobodys('element', ''),
  },
  {
    title: 'no element',
    beside: true,
    element: randomBytes(1_000).fill('?', 0, 1),
    told: nobodys('element', 'invalid element prefix'),
  },
  { title: 'nothing', element: Buffer.alloc(0), told: nobodys('element', 'empty body') },
  {
    title: 'a batch that ends too early',
    element: Buffer.from([0x3d, 9, 0, 9, 0x7b]),
    told: nobodys('element', ''),
  },
];

const toRelay: Poison[] = [
  ...malformed,
  {
    title: 'an event that is not known',
    beside: true,
    element: unknown('x.future'),
    told: decided(['relay.connect', 'relay'], 'x.future', 'violation'),
  },
  {
    title: 'a post that is too long to be forwarded',
    element: longest(),
    told: nobodys('element', 'x.msg.new: longer than'),
  },
  {
    title: 'a post without an id',
    beside: true,
    element: encodeEnvelope({
      message: { event: 'x.msg.new', params: { content: { type: 'text', text: 'lost' } } },
    }),
    told: nobodys('element', 'msgId'),
  },
];

const toMember: Poison[] = [
  ...malformed,
  {
    title: 'a forwarded event that is not known',
    beside: true,
    element: forwarded(unknown('x.future')),
    told: nobodys('element', 'unsupported forwarded event x.future'),
  },
  {
    title: 'a forwarded one in a forwarded one',
    beside: true,
    element: forwarded(forwarded(post('lost'))),
    told: nobodys('element', ''),
  },
];

/** A thousand messages with a few among them that nobody can read: those are told, and the others are had, in order. */
export function poisoning(scene: () => Scene): void {
  test('from an owner', async () => {
    const { town, mallory, addresses } = scene();
    const own = await OwnChannel.create(mallory, new Persona('borgia'), 'paired');
    const { posts } = await own.served(addresses[RELAY]);
    const eve = new Audience(town.bus, own.group.groupLink, 'eve');
    await eve.joins();
    await eve.connects({ Connected: 2 });
    const witness = await Witness.at(town, RELAY);
    await says(posts, texts.map(post), toRelay);
    await witness.tells(...toRelay.map(({ told }) => told));
    await eve.has(texts);
  });

  test('from a relay', async () => {
    const { town, mallory } = scene();
    const relay = await OwnRelay.open(town.bus, mallory, 'borgia');
    const channel = await town.channel('poisoned', 'paired', [RELAY, relay.name]);
    await relay.serves();
    await channel.relaysConfirmed();
    const bob = new Audience(town.bus, await channel.link(), 'bob');
    await bob.joins();
    const [, { line }] = await relay.letsIn();
    await bob.connects({ Connected: 4 });
    const witness = await Witness.at(town, 'member-agent');
    await says(
      line,
      texts.map((text) => forwarded(post(text))),
      toMember,
    );
    await witness.tells(...toMember.map(({ told }) => told));
    await bob.has(texts);
    await channel.send(['hers']);
    relay.close();
  });

  /** One poison in each message, until there is no other one. */
  async function says(
    line: Line,
    elements: readonly Uint8Array[],
    poisons: readonly Poison[],
  ): Promise<void> {
    const { mallory } = scene();
    for (let n = 0; n < MESSAGES; n++) {
      const valid = elements.slice(n * EACH, (n + 1) * EACH);
      const poison = poisons.at(n);
      if (poison?.beside) valid.splice(EACH / 2, 0, poison.element);
      else if (poison) await mallory.say(line, poison.element);
      await mallory.say(line, encodeBatch(valid));
    }
  }
}

function forwarded(element: Uint8Array): Uint8Array {
  return encodeForward({ kind: 'channel' }, Math.floor(Date.now() / 1_000), element);
}

/** Fits a message, and no message that forwards it. */
function longest(): Uint8Array {
  const { length } = post('');
  return post('x'.repeat(maxEncodedMsgLength - length));
}
