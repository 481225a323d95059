import fc from 'fast-check';
import { toyCrypto } from '@chat-relays/simulation';
import {
  encodeBatch,
  encodeEnvelope,
  encodeForward,
  maxBatchElementSize,
  type Message,
  messages,
  textId,
} from '@chat-relays/wire';
import { Ends } from '../../test/peers';
import type { ReceiveQueue } from '../commands/command';
import type { KnockInput } from './input';
import type { Delivered } from '../sealing/opener';
import { route, type Routed } from './route';
import { signElement } from '../sealing/signing';

const id = Buffer.from('bWVzc2FnZS0wMDAx');

const queueOf = (noun: ReceiveQueue['noun'], purpose?: ReceiveQueue['purpose']): ReceiveQueue => ({
  ...new Ends(toyCrypto, 1, noun, purpose).receiving,
  id: 'record',
});

const post = encodeEnvelope({
  msgId: id,
  message: { event: 'x.msg.new', params: { content: { type: 'text', text: 'hello' }, asGroup: true } },
});
const postWithoutId = encodeEnvelope({
  message: { event: 'x.msg.new', params: { content: { type: 'text', text: 'hello' }, asGroup: true } },
});
const ok = encodeEnvelope({ message: { event: 'x.ok', params: {} } });
const bytes = (text: string): Buffer => Buffer.from(text);

const peer = { server: 'smp-peer', senderId: textId(Buffer.alloc(24, 7)), dhKey: Buffer.alloc(44, 1) };
const message = (body: Uint8Array, trace?: string): Delivered => ({
  ...{ kind: 'message', body, timestamp: 17 },
  ...(trace && { trace }),
});
const confirmation = (body: Uint8Array): Delivered => ({ kind: 'confirmation', body, peer, timestamp: 17 });
const invitation = (body: Uint8Array): Delivered => ({ kind: 'invitation', body, peer, timestamp: 17 });

const places = ({ refusals }: Routed): string[] => refusals.map(({ where, reason }) => `${where}: ${reason}`);

const postOf = (length: number): Uint8Array => {
  const draft = (text: string) =>
    encodeEnvelope({
      msgId: id,
      message: { event: 'x.msg.new', params: { content: { type: 'text', text } } },
    });
  return draft('x'.repeat(length - draft('').length));
};

describe('what a message is for', () => {
  it('an event for the record of the connection, with its trace', () => {
    const { inputs } = route(queueOf('group_relay'), message(ok, '00-1-2-01'));
    expect(inputs).toMatchObject([
      {
        ref: { noun: 'group_relay', id: 'record' },
        event: { name: 'x.ok' },
        identity: 'somebody',
        trace: '00-1-2-01',
      },
    ]);
    expect(inputs[0].peer).toBeUndefined();
  });

  it('a confirmation brings the queue to answer to', () => {
    const { inputs } = route(queueOf('group_relay'), confirmation(ok));
    expect(inputs).toMatchObject([{ event: { name: 'x.ok' }, peer }]);
  });

  it('a contact request, for whoever owns the link', () => {
    const { inputs } = route(queueOf('relay_own', 'relay_link'), invitation(ok));
    expect(inputs).toMatchObject([{ knock: { purpose: 'relay_link', event: 'x.ok', params: {} }, peer }]);
  });

  it('one contact request of a stranger, not as many as fit a batch', () => {
    const queue = queueOf('relay_own', 'relay_link');
    expect(route(queue, invitation(encodeBatch([ok]))).inputs).toHaveLength(1);
    const { inputs, refusals } = route(queue, invitation(encodeBatch(Array(255).fill(ok))));
    expect({ inputs, refusals: refusals.length }).toEqual({ inputs: [], refusals: 1 });
  });

  it('a post that fits a batch when it is forwarded, and no longer one', () => {
    const longest = maxBatchElementSize - encodeForward({ kind: 'channel' }, 17, new Uint8Array(0)).length;
    const queue = queueOf('relay_own');
    expect(route(queue, message(postOf(longest))).posts).toHaveLength(1);
    const { posts, refusals } = route(queue, message(postOf(longest + 1)));
    expect({ posts, refusals: refusals.length }).toEqual({ posts: [], refusals: 1 });
  });

  it('a post for a relay to forward, byte by byte', () => {
    const { posts, inputs } = route(queueOf('relay_own'), message(post));
    expect(inputs).toEqual([]);
    expect(posts).toMatchObject([{ author: 'channel', messageId: textId(id), time: 17 }]);
    expect(Buffer.from(posts[0].body).equals(post)).toBe(true);
  });

  it('a forwarded message for a member to keep', () => {
    const forwarded = encodeForward({ kind: 'channel' }, 99, post);
    const { forwards } = route(queueOf('member_connection'), message(forwarded));
    expect(forwards).toMatchObject([{ author: 'channel', messageId: textId(id), time: 99 }]);
  });

  it('every element of a batch for itself: a bad one spoils no other', () => {
    const routed = route(queueOf('group_relay'), message(encodeBatch([ok, bytes('{"v"'), ok])));
    expect(routed.inputs).toHaveLength(2);
    expect(places(routed)).toEqual([expect.stringMatching(/^element 1: /)]);
  });
});

describe('what is said by whom', () => {
  const seed = textId(Buffer.alloc(32, 1));
  const signer = { seed, publicGroupId: textId(Buffer.from('group')), memberId: textId(Buffer.from('me')) };
  const signed = signElement(toyCrypto, signer, ok);

  it('a signed request keeps its signatures and exact bytes, for whoever knows the key', () => {
    const { inputs } = route(queueOf('relay_own', 'relay_link'), invitation(signed));
    const [{ knock }] = inputs as KnockInput[];
    expect(knock).toMatchObject({ event: 'x.ok', signed: { binding: 'G', signatures: [expect.anything()] } });
    expect(Buffer.from(knock.signed!.body).equals(ok)).toBe(true);
    const unsigned = route(queueOf('relay_own', 'relay_link'), invitation(ok)).inputs as KnockInput[];
    expect(unsigned[0].knock).not.toHaveProperty('signed');
  });

  it.each(messages.filter(({ tag }) => ['x.grp.relay.inv', 'x.member', 'x.contact'].includes(tag)))(
    'a $tag is for a contact queue, and nothing on a connection, signed or not',
    ({ tag: event, example: params }) => {
      const request = encodeEnvelope({ message: { event, params } as Message });
      for (const body of [request, signElement(toyCrypto, signer, request)]) {
        const { inputs, ...routed } = route(queueOf('relay_own'), message(body));
        expect(inputs).toEqual([]);
        expect(places(routed as Routed)).toEqual([
          `element 0: ${event}: a request does not belong on a connection`,
        ]);
      }
    },
  );

  it('a signed event of a connection is its event, of the attempt of its queue', () => {
    const queue = { ...queueOf('group_relay'), attempt: 4 };
    const { inputs } = route(queue, message(signed));
    expect(inputs).toMatchObject([{ event: { name: 'x.ok' }, attempt: 4 }]);
  });

  const removal = encodeEnvelope({
    message: { event: 'x.grp.mem.del', params: { memberId: Buffer.from('relay') } },
  });

  it('a relay that says in its forwarding that it is removed tells its connection', () => {
    const forwarded = encodeForward({ kind: 'channel' }, 99, removal);
    const routed = route({ ...queueOf('member_connection'), attempt: 2 }, message(encodeBatch([forwarded])));
    const event = { name: 'x.grp.mem.del', facts: { memberId: Buffer.from('relay') } };
    const ref = { noun: 'member_connection', id: 'record' };
    expect(routed).toMatchObject({ inputs: [{ ref, event, attempt: 2 }], forwards: [], refusals: [] });
  });

  it('nobody else says so in that way', () => {
    const forwarded = encodeForward({ kind: 'channel' }, 99, removal);
    for (const noun of ['relay_own', 'group_relay'] as const) {
      expect(route(queueOf(noun), message(forwarded))).toMatchObject({ inputs: [], refusals: [{}] });
    }
  });

  it.each([
    ['relay_own', 'full', 'connection', 1],
    ['relay_own', 'pooled', 'connection', 1],
    ['relay_own', 'paired', 'connection', 0],
    ['owner_connection', 'paired', 'connection', 1],
    ['owner_connection', 'full', 'connection', 0],
    ['relay_own', 'full', 'relay_link', 0],
    ['group_member', 'full', 'connection', 0],
  ] as const)('a post on a %s of %s (%s) counts as %s', (noun, protocol, purpose, count) => {
    const queue = { ...queueOf(noun, purpose), protocol };
    const delivered = purpose === 'connection' ? message(post) : invitation(post);
    const { posts, inputs } = route(queue, delivered);
    expect({ posts: posts.length, inputs: inputs.length }).toEqual({ posts: count, inputs: 1 - count });
  });
});

describe('what says nothing to us is refused, with its place and the reason', () => {
  const forward = (body: Uint8Array): Uint8Array => encodeForward({ kind: 'channel' }, 99, body);
  it.each([
    ['an empty body', queueOf('group_relay'), message(bytes('')), /^element 0: bytes: empty body$/],
    ['an unknown element', queueOf('group_relay'), message(bytes('?')), /^element 0: bytes: /],
    [
      'a wrong message',
      queueOf('group_relay'),
      message(bytes('{"event":"x.grp.relay.acpt","params":{}}')),
      /^element 0: params.relayLink: is missing$/,
    ],
    [
      'a forwarded message for an owner',
      queueOf('group_relay'),
      message(forward(post)),
      /^element 0: a forwarded element does not belong on a queue of a group_relay$/,
    ],
    [
      'a post without an id',
      queueOf('relay_own'),
      message(postWithoutId),
      /^element 0: msgId: a message without an id cannot be deduplicated$/,
    ],
    [
      'a forwarded message without an id',
      queueOf('member_connection'),
      message(forward(postWithoutId)),
      /^element 0: msgId: /,
    ],
    [
      'a forwarded event',
      queueOf('member_connection'),
      message(forward(ok)),
      /^element 0: x.grp.msg.forward: unsupported forwarded event x.ok$/,
    ],
  ])('%s', (_, queue, body, place) => {
    const routed = route(queue, body);
    expect(places(routed)).toEqual([expect.stringMatching(place)]);
    expect({ ...routed, refusals: [] }).toEqual({ inputs: [], posts: [], forwards: [], refusals: [] });
  });
});

describe('no bytes make it throw', () => {
  const queues = [
    queueOf('group_relay'),
    queueOf('relay_own'),
    queueOf('member_connection'),
    queueOf('relay_own', 'relay_link'),
    queueOf('group', 'group_link'),
  ];
  const kinds = [message, confirmation, invitation];
  const good = [ok, post, encodeForward({ kind: 'channel' }, 99, post), encodeBatch([ok, post])];
  const random = fc.uint8Array({ maxLength: 300 });
  const spoiled = fc
    .tuple(fc.constantFrom(...good), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([body, at, value]) => Buffer.from(body).fill(value, at % body.length, (at % body.length) + 1));

  it.each([
    ['random', random],
    ['almost right', spoiled],
    ['a random element', random.map((element) => encodeBatch([element]))],
  ])('%s', (_, bodies) => {
    fc.assert(
      fc.property(fc.constantFrom(...queues), fc.constantFrom(...kinds), bodies, (queue, kind, body) => {
        const { inputs, posts, forwards, refusals } = route(queue, kind(body));
        expect(inputs.length + posts.length + forwards.length + refusals.length).toBeGreaterThan(0);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
