import fc from 'fast-check';
import { AGENT_VERSIONS, encodeAgentEnvelope, type QueueUri, SMP_CLIENT_VERSIONS } from '@chat-relays/smp';
import { encodeBatch, encodeEnvelope, encodeForward, maxBatchElementSize, textId } from '@chat-relays/wire';
import type { ReceiveQueue } from './command';
import { route, type Routed } from './route';
import type { IncomingMessage } from './smp-port';

const version = AGENT_VERSIONS.max;
const id = Buffer.from('bWVzc2FnZS0wMDAx');

const queueOf = (
  noun: ReceiveQueue['noun'],
  purpose: ReceiveQueue['purpose'] = 'connection',
): ReceiveQueue => ({
  ...{ noun, id: 'record', server: 'smp', recipientId: Buffer.alloc(24), identity: 'somebody' },
  ...{ protocol: 'full', purpose },
});

const incoming = (body: Uint8Array, more: Partial<IncomingMessage> = {}): IncomingMessage => ({
  ...{ server: 'smp', recipientId: Buffer.alloc(24), msgId: Buffer.alloc(24), timestamp: 17, quota: false },
  body,
  ...more,
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

const ours: QueueUri = {
  server: { hosts: ['smp-peer'], port: '', keyHash: new Uint8Array(0) },
  senderId: Buffer.alloc(24, 7),
  dhKey: Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), Buffer.alloc(32, 1)]),
  mode: 'M',
  versions: SMP_CLIENT_VERSIONS,
};
const message = (body: Uint8Array): Uint8Array => encodeAgentEnvelope({ kind: 'message', version, body });
const confirmation = (connInfo: Uint8Array): Uint8Array =>
  encodeAgentEnvelope({ kind: 'confirmation', version, replyQueues: [ours], connInfo });
const invitation = (connInfo: Uint8Array): Uint8Array =>
  encodeAgentEnvelope({
    kind: 'invitation',
    version,
    connection: { mode: 'I', agentVersions: AGENT_VERSIONS, queues: [ours] },
    connInfo,
  });

const peer = { server: 'smp-peer', senderId: textId(Buffer.alloc(24, 7)) };
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
    const { inputs } = route(queueOf('group_relay'), incoming(message(ok), { trace: '00-1-2-01' }));
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
    const { inputs } = route(queueOf('group_relay'), incoming(confirmation(ok)));
    expect(inputs).toMatchObject([{ event: { name: 'x.ok' }, peer }]);
  });

  it('a contact request, for whoever owns the link', () => {
    const { inputs } = route(queueOf('relay_own', 'relay_link'), incoming(invitation(ok)));
    expect(inputs).toMatchObject([{ knock: { purpose: 'relay_link', event: 'x.ok', params: {} }, peer }]);
  });

  it('one contact request of a stranger, not as many as fit a batch', () => {
    const queue = queueOf('relay_own', 'relay_link');
    expect(route(queue, incoming(invitation(encodeBatch([ok])))).inputs).toHaveLength(1);
    const { inputs, refusals } = route(queue, incoming(invitation(encodeBatch(Array(255).fill(ok)))));
    expect({ inputs, refusals: refusals.length }).toEqual({ inputs: [], refusals: 1 });
  });

  it('a post that fits a batch when it is forwarded, and no longer one', () => {
    const longest = maxBatchElementSize - encodeForward({ kind: 'channel' }, 17, new Uint8Array(0)).length;
    const queue = queueOf('relay_own');
    expect(route(queue, incoming(message(postOf(longest)))).posts).toHaveLength(1);
    const { posts, refusals } = route(queue, incoming(message(postOf(longest + 1))));
    expect({ posts, refusals: refusals.length }).toEqual({ posts: [], refusals: 1 });
  });

  it('a post for a relay to forward, byte by byte', () => {
    const { posts, inputs } = route(queueOf('relay_own'), incoming(message(post)));
    expect(inputs).toEqual([]);
    expect(posts).toMatchObject([{ author: 'channel', messageId: textId(id), time: 17 }]);
    expect(Buffer.from(posts[0].body).equals(post)).toBe(true);
  });

  it('a forwarded message for a member to keep', () => {
    const forwarded = encodeForward({ kind: 'channel' }, 99, post);
    const { forwards } = route(queueOf('member_connection'), incoming(message(forwarded)));
    expect(forwards).toMatchObject([{ author: 'channel', messageId: textId(id), time: 99 }]);
  });

  it('every element of a batch for itself: a bad one spoils no other', () => {
    const routed = route(queueOf('group_relay'), incoming(message(encodeBatch([ok, bytes('{"v"'), ok]))));
    expect(routed.inputs).toHaveLength(2);
    expect(places(routed)).toEqual([expect.stringMatching(/^element 1: /)]);
  });

  it('a quota marker says nothing', () => {
    const routed = route(queueOf('group_relay'), incoming(new Uint8Array(0), { quota: true }));
    expect(routed).toEqual({ inputs: [], posts: [], forwards: [], refusals: [] });
  });
});

describe('what says nothing to us is refused, with its place and the reason', () => {
  const forward = (body: Uint8Array): Uint8Array => encodeForward({ kind: 'channel' }, 99, body);
  it.each([
    ['bytes', queueOf('group_relay'), bytes('nonsense'), /^agent envelope: /],
    ['nothing', queueOf('group_relay'), bytes(''), /^agent envelope: /],
    [
      'an invitation on a connection',
      queueOf('group_relay'),
      invitation(ok),
      /^agent envelope: an SMP invitation does not belong on a queue for connection$/,
    ],
    [
      'a message on a link',
      queueOf('group', 'group_link'),
      message(ok),
      /^agent envelope: an SMP message does not belong on a queue for group_link$/,
    ],
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
    const routed = route(queue, incoming(body));
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
  const good = [message(ok), confirmation(post), invitation(ok), message(encodeBatch([ok, post]))];
  const random = fc.uint8Array({ maxLength: 300 });
  const spoiled = fc
    .tuple(fc.constantFrom(...good), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([body, at, value]) => Buffer.from(body).fill(value, at % body.length, (at % body.length) + 1));

  it.each([
    ['random', random],
    ['almost right', spoiled],
    ['a random body', random.map(message)],
    ['a random element', random.map((element) => message(encodeBatch([element])))],
  ])('%s', (_, bodies) => {
    fc.assert(
      fc.property(fc.constantFrom(...queues), bodies, (queue, body) => {
        const { inputs, posts, forwards, refusals } = route(queue, incoming(body));
        expect(inputs.length + posts.length + forwards.length + refusals.length).toBeGreaterThan(0);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
