import { MemoryDeliveries, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import type { SagaRecord } from '@chat-relays/protocol';
import type { PrivateKey, Response } from '@chat-relays/smp';
import { decodeBody } from '@chat-relays/wire';
import { Ends, hostOf, sealerOf, silent } from '../../test/peers';
import { Deliverer } from './deliver';
import { Handler } from '../handling/handle';
import { privateKey } from '../sealing/keys';
import { type Smp, TemporaryError } from '../smp-port';

const retry = { initialMs: 100, maxMs: 100 };
const group = 'relay/group';
const OK: Response = { kind: 'OK' };

function member(ends: Ends, number: number): SagaRecord {
  const { server, senderId } = ends.sending;
  return {
    noun: 'group_member',
    id: `m${number}`,
    identity: 'relay',
    protocol: 'full',
    status: 'Connected',
    attempt: 1,
    data: { relayOwnId: group },
    peer: { server, senderId },
  };
}

/** A relay with members, each with a queue of its own. */
async function relayOf(members: number, smp: Pick<Smp, 'request'>) {
  const deliveries: MemoryDeliveries = new MemoryDeliveries(() => store);
  const queues = Array.from({ length: members }, (_, index) => new Ends(toyCrypto, index + 1));
  const store = new MemoryStore(
    () => undefined,
    (members) => deliveries.welcome(members),
  );
  const sendQueues = queues.map(({ sending }) => sending);
  await save(store, { records: queues.map((ends, index) => member(ends, index)), sendQueues });
  const { host, clock, observed } = hostOf(toyCrypto);
  const handler = new Handler({ store, host, retry, ...silent });
  const deliverer = new Deliverer({
    ...{ deliveries, smp, host, handler, retry, sealer: sealerOf(host) },
    protocol: 'full',
    identity: 'relay',
    page: 100,
  });
  return { deliverer, deliveries, clock, queues, store, observed };
}

/** Members whose server never answers; `atOnce` are the most sends that nobody had answered yet. */
async function deadServer(members: number) {
  const waiting: (() => void)[] = [];
  const most = { atOnce: 0 };
  const smp: Pick<Smp, 'request'> = {
    request: () =>
      new Promise((_, reject) => {
        waiting.push(() => reject(new TemporaryError('no session')));
        most.atOnce = Math.max(most.atOnce, waiting.length);
        // the time that a client waits for a session
        setTimeout(() => waiting.splice(0).forEach((fail) => fail()), 20);
      }),
  };
  return { ...(await relayOf(members, smp)), most };
}

/** Members whose server takes what it is told to take; `sent` are the bodies per queue, by `senderId` in base64url. */
async function server(members: number, answer: (senderId: string) => Response | Promise<Response>) {
  const sent = new Map<string, Uint8Array[]>();
  const keys = new Map<string, PrivateKey | undefined>();
  const smp: Pick<Smp, 'request'> = {
    request: async (_, { entityId, command, key }) => {
      if (command.kind !== 'SEND') throw new Error(command.kind);
      const senderId = Buffer.from(entityId).toString('base64url');
      sent.set(senderId, [...(sent.get(senderId) ?? []), command.body]);
      keys.set(senderId, key);
      return answer(senderId);
    },
  };
  return { ...(await relayOf(members, smp)), sent, keys };
}

const job = (messageId: string) => ({
  relayOwnId: group,
  identity: 'relay',
  author: 'channel',
  messageId,
  element: Buffer.from(messageId),
});

test('members of a dead server are waited for together, not one after the other', async () => {
  const { deliverer, deliveries, clock, most } = await deadServer(30);
  deliveries.add([job('one')]);
  expect(await deliverer.step(group)).toBe(true);
  most.atOnce = 0;
  clock.now += retry.maxMs;
  expect(await deliverer.step(group)).toBe(true);
  expect(most.atOnce).toBe(30);
});

test('each member gets messages of its own numbering, sealed and authorized for it alone', async () => {
  const { deliverer, deliveries, queues, store, sent, keys } = await server(3, () => OK);
  const [first] = queues;
  // one that has had two messages more than the others
  const ahead = { id: 2, hash: Buffer.alloc(32, 9) };
  store.keepSent([{ server: first.sending.server, senderId: first.sending.senderId, position: ahead }]);
  for (const text of ['one', 'two']) {
    deliveries.add([job(text)]);
    expect(await deliverer.step(group)).toBe(true);
  }
  for (const ends of queues) {
    let queue = ends === first ? { ...ends.receiving, received: ahead } : ends.receiving;
    const bodies = sent.get(ends.sending.senderId)!;
    for (const [index, text] of ['one', 'two'].entries()) {
      const { body, integrity, received } = ends.read(bodies[index], queue);
      expect(decodeBody(body)).toHaveLength(1);
      expect(Buffer.from(body).includes(text)).toBe(true);
      expect(integrity).toEqual({ is: 'ok' });
      queue = { ...queue, received: received!.position! };
    }
    expect(keys.get(ends.sending.senderId)).toEqual(privateKey(toyCrypto, ends.sending.seed, 'sender'));
    expect(queue.received.id).toBe(ends === first ? 4 : 2);
    expect(store.sendQueues.get(`smp ${ends.sending.senderId}`)!.sent).toEqual(queue.received);
  }
  const [, second, third] = queues;
  const positionOf = ({ sending }: Ends) => store.sendQueues.get(`smp ${sending.senderId}`)!.sent;
  // numbered and hashed once for all that stand at the same place
  expect(positionOf(second)).toBe(positionOf(third));
  expect(() => second.read(sent.get(third.sending.senderId)![0])).toThrow('another sender');
});

test('a queue that takes nothing stands where it stood, and what it missed is numbered on from there', async () => {
  let full = true;
  const { deliverer, deliveries, queues, store, sent, clock } = await server(2, (senderId) =>
    full && senderId === queues[0].sending.senderId ? { kind: 'ERR', error: 'QUOTA' } : OK,
  );
  const [{ sending }] = queues;
  const position = () => store.sendQueues.get(`smp ${sending.senderId}`)!.sent;
  deliveries.add([job('one')]);
  await deliverer.step(group);
  expect(position().id).toBe(0);
  full = false;
  clock.now += retry.maxMs;
  await deliverer.step(group);
  expect(position().id).toBe(1);
  const [, again] = sent.get(sending.senderId)!;
  expect(queues[0].read(again)).toMatchObject({ integrity: { is: 'ok' }, received: { position: { id: 1 } } });
});

test('a member whose key nothing can be sealed for is gone; the others are sent to', async () => {
  const { deliverer, deliveries, queues, store, observed, sent } = await server(2, () => OK);
  const [first, second] = queues;
  const key = `smp ${first.sending.senderId}`;
  store.sendQueues.set(key, { ...first.sending, dhKey: Buffer.alloc(44) });
  deliveries.add([job('one')]);
  await deliverer.step(group);
  expect([...sent.keys()]).toEqual([second.sending.senderId]);
  expect(observed).toContainEqual({ what: 'delivered', sends: 1, behind: 0, gone: 1 });
});

describe('a member that joins again while its old queue is sent to', () => {
  const AUTH: Response = { kind: 'ERR', error: 'AUTH' };
  const QUOTA: Response = { kind: 'ERR', error: 'QUOTA' };

  it.each([
    ['is gone', OK, AUTH],
    ['is full', OK, QUOTA],
    ['took it', OK, OK],
    ['is gone, having missed one', QUOTA, AUTH],
    ['is full, having missed one', QUOTA, QUOTA],
    ['took it, having missed one', QUOTA, OK],
  ])('gets everything on its new queue, whatever the old one answers late: it %s', async (_, first, late) => {
    let answer: () => Response | Promise<Response> = () => first;
    const { deliverer, deliveries, store, clock, sent, queues } = await server(1, () => answer());
    const again = new Ends(toyCrypto, 9);
    const record = { ...member(again, 0), attempt: 2 };
    deliveries.add([job('one')]);
    await deliverer.step(group);
    if (first === OK) deliveries.add([job('two')]);
    answer = async () => {
      answer = () => OK;
      await save(store, { records: [{ ...record, status: 'New' }], sendQueues: [again.sending] });
      await save(store, { records: [record] });
      return late;
    };
    clock.now += retry.maxMs;
    await deliverer.step(group);
    if (first !== OK) deliveries.add([job('two')]);
    for (let times = 1; times <= 3; times++) {
      clock.now += retry.maxMs;
      await deliverer.step(group);
    }
    expect(sent.get(queues[0].sending.senderId)).toHaveLength(2);
    expect(store.records.get(`group_member:${record.id}`)).toMatchObject({ status: 'Connected', attempt: 2 });
    let queue = again.receiving;
    const texts = (sent.get(again.sending.senderId) ?? []).flatMap((sealed) => {
      const { received, body } = again.read(sealed, queue);
      queue = { ...queue, received: received!.position! };
      return ['one', 'two'].filter((text) => Buffer.from(body).includes(text));
    });
    expect(texts).toEqual(['one', 'two']);
  });
});
