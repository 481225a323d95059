import { command, MemoryStore, toyCrypto } from '@chat-relays/simulation';
import {
  contactLinkKeys,
  type NewQueue,
  openContactLink,
  parseShortLink,
  senderIdOf,
  sha256,
} from '@chat-relays/smp';
import { textId } from '@chat-relays/wire';
import { Execution, seen } from '../../test/execution';
import { Ends } from '../../test/peers';
import type { NewAim } from './command';
import { keyPair } from '../sealing/keys';

const aim: NewAim = { type: 'r', purpose: 'relay_address', direct: true, data: { name: 'tea' } };
const making = command('a', 1, { kind: 'NEW', noun: 'relay_address', aim });
const world = (more: { basicAuth?: Uint8Array } = {}) => new Execution(toyCrypto, new MemoryStore(), more);

describe('NEW', () => {
  it('is the same bytes on every try, the sealed data of its link included', async () => {
    const execution = world();
    const reply = await execution.tries(making, [1, 2]);
    const asked = execution.server.asked('NEW').map(seen);
    expect(asked).toEqual([asked[0], asked[0], asked[0]]);
    const { queue } = execution.server.asked('NEW')[0].command;
    expect(queue).toMatchObject({ mode: 'C', link: { senderId: senderIdOf(reply.queue!.recipientId) } });
    // another process, with other luck
    expect((await world().run(making)).facts).toEqual(reply.facts);
  });

  it('says all that follows from its seed, and keeps what is needed to follow it again', async () => {
    const execution = world();
    const { name, facts, queue } = await execution.run(making);
    const [{ server: at, entityId, command: asked, key, corrId }] = execution.server.asked('NEW');
    const { seed } = making;
    expect({ name, at, entityId }).toEqual({ name: 'INV', at: 'smp-own', entityId: new Uint8Array(0) });
    expect(corrId).toHaveLength(24);
    expect(key).toEqual(keyPair(toyCrypto, seed, 'recipient'));
    expect(asked).toMatchObject({
      recipientKey: keyPair(toyCrypto, seed, 'recipient').publicKey,
      recipientDhKey: keyPair(toyCrypto, seed, 'recipient dh').publicKey,
      subscribe: false,
    });
    expect(asked).not.toHaveProperty('basicAuth');
    const { link: uri } = facts as { link: string };
    expect(queue).toEqual({
      ...{ noun: 'relay_address', id: 'a', identity: 'alice', protocol: 'full', purpose: 'relay_address' },
      ...{
        attempt: 1,
        server: 'smp-own',
        recipientId: corrId,
        serverDhKey: execution.serverKey.publicKey,
        seed,
      },
      received: { id: 0, hash: Buffer.alloc(0) },
      link: { uri, linkId: linkOf(asked).linkId, fixedData: linkOf(asked).fixedData },
    });
  });

  it('makes a link that says the queue, the root key, and the data; the entity is the hash of the root key', async () => {
    const execution = world();
    const { facts } = await execution.run(making);
    const [{ command: asked }] = execution.server.asked('NEW');
    const { link: uri, entityId } = facts as { link: string; entityId: string };
    const parsed = parseShortLink(uri);
    if (!parsed.ok || parsed.value.kind !== 'contact') throw new Error(uri);
    expect(parsed.value.type).toBe('r');
    expect(contactLinkKeys(parsed.value.linkKey).linkId).toEqual(linkOf(asked).linkId);
    const read = openContactLink(toyCrypto, parsed.value, linkOf(asked));
    if (!read.ok) throw new Error(read.error);
    const { fixed, user } = read.value;
    const root = keyPair(toyCrypto, making.seed, 'root').publicKey;
    expect(fixed).toMatchObject({ rootKey: Buffer.from(root), entityId: sha256(root.subarray(12)) });
    expect(textId(fixed.entityId!)).toBe(entityId);
    expect(fixed.connection.queues[0]).toMatchObject({
      senderId: linkOf(asked).senderId,
      dhKey: asked.recipientDhKey,
      server: { hosts: ['smp-own'] },
    });
    expect(user).toMatchObject({ direct: true, owners: [], relays: [] });
    expect(JSON.parse(user.userLinkData.toString())).toEqual({ name: 'tea' });
  });

  it('has another link, other keys and another id for another seed', async () => {
    const execution = world();
    const [one, two] = [
      await execution.run(making),
      await execution.run({ ...making, seed: Buffer.alloc(32, 2) }),
    ];
    expect(one.facts).not.toEqual(two.facts);
    const [a, b] = execution.server.asked('NEW');
    for (const part of ['recipientKey', 'recipientDhKey'] as const) {
      expect(a.command[part]).not.toEqual(b.command[part]);
    }
    expect(linkOf(a.command).fixedData).not.toEqual(linkOf(b.command).fixedData);
    expect(a.corrId).not.toEqual(b.corrId);
  });

  it('says the password that the server wants', async () => {
    const basicAuth = Buffer.from('secret');
    const execution = world({ basicAuth });
    await execution.run(making);
    const peer = new Ends(toyCrypto).sending;
    await execution.run(command('a', 2, { kind: 'ACPT', peer, to: peer, body: Buffer.from('hello') }));
    expect(execution.server.asked('NEW').map(({ command: asked }) => asked.basicAuth)).toEqual([
      basicAuth,
      basicAuth,
    ]);
  });

  it('of data that no link can hold is refused without asking', async () => {
    const execution = world();
    const data = { text: 'x'.repeat(14_000) };
    const { name, facts } = await execution.run({ ...making, aim: { ...aim, data } });
    expect(name).toBe('ERR');
    expect((facts as { reason: string }).reason).toMatch(
      /^A_LINK "link data of \d+ bytes, at most 13717 fit"$/,
    );
    expect(execution.server.requests).toEqual([]);
  });
});

function linkOf({ queue }: NewQueue) {
  if (queue?.mode !== 'C' || !queue.link) throw new Error('NEW made no link');
  return queue.link;
}
