import { command, MemoryStore, save, toyCrypto } from '@chat-relays/simulation';
import { AGENT_VERSIONS, formatShortLink, parseShortLink, sealContactLinkData } from '@chat-relays/smp';
import type { SagaRecord } from '@chat-relays/protocol';
import { textId } from '@chat-relays/wire';
import { LinkServer } from '../../test/link-server';
import { hostOf } from '../../test/peers';
import type { Command } from './command';
import { execute } from './execute';
import { privateKey } from '../sealing/keys';

const link = (host: string, key: number) =>
  formatShortLink({
    kind: 'contact',
    type: 'g',
    server: { hosts: [host], port: '', keyHash: new Uint8Array(0) },
    linkKey: new Uint8Array(32).fill(key),
  });

function relay(name: string, relayLink: string): SagaRecord {
  return {
    noun: 'group_relay',
    id: name,
    identity: 'owner',
    protocol: 'full',
    status: 'Accepted',
    attempt: 1,
    data: { groupId: 'g', relayLink },
  };
}

const ownerSeed = Buffer.alloc(32, 0x11);
const owner = {
  owner: 'alice',
  ownerMemberId: textId(Buffer.from('alice')),
  ownerSeed: textId(ownerSeed),
  ownerKey: textId(toyCrypto.keyPair('ed25519', ownerSeed).publicKey),
};

/** A group with a link, of which these relays were accepted. */
async function world(relays: readonly SagaRecord[] = []) {
  const store = new MemoryStore();
  const { host } = hostOf(toyCrypto);
  const server = new LinkServer(toyCrypto.keyPair('x25519', Buffer.alloc(32, 5)).publicKey);
  const road = server.road(store, host);
  const profile = { displayName: 'tea', fullName: '' };
  const aim = { type: 'c', purpose: 'group_link', direct: false, data: { groupProfile: profile } } as const;
  const made = await execute(command('g', 1, { noun: 'group', kind: 'NEW', aim }), road);
  const queue = made.queue!;
  const { link: uri, entityId } = made.facts as { link: string; entityId: string };
  const data = { profile, ...owner, protocol: 'full', publicGroupId: entityId };
  const group: SagaRecord = { ...relay('g', ''), noun: 'group', status: 'Ready', data };
  await save(store, { records: [group, ...relays], queues: [queue] });
  const lset = (of: string): Command =>
    command('link g', 1, { noun: 'group_relay', recordId: of, kind: 'LSET', aim: { groupId: 'g' } });
  const read = (readUri = uri) => execute(command('m', 1, { kind: 'LGET', aim: { link: readUri } }), road);
  /** the relay links that LSETs left behind the link, or none when there was no LSET */
  const written = async (): Promise<string[][]> => {
    if (server.asked('LSET').length === 0) return [];
    const { facts } = await read();
    return [(facts as { relayLinks: string[] }).relayLinks];
  };
  const set = (of: string) => execute(lset(of), road);
  return { store, server, queue, uri, entityId, profile, written, read, set };
}

const good = link('smp.example', 1);

describe.each([
  ['no link', 'https://example.com'],
  ['a link whose host fits no link data', link('x'.repeat(300), 2)],
  [
    'a link with as many hosts as there are',
    `${link('smp.example', 2)}?h=${'x'.repeat(250)}${`,${'y'.repeat(250)}`.repeat(50)}`,
  ],
  ['a link with 300 hosts', `${link('smp.example', 2)}?h=a${',b'.repeat(300)}`],
])('a relay that answered with %s', (_, bad) => {
  it('is refused itself', async () => {
    const { set, written } = await world([relay('bad', bad), relay('good', good)]);
    expect((await set('bad')).name).toBe('ERR');
    expect(await written()).toEqual([]);
  });

  it('does not keep another relay off the group link', async () => {
    const { set, written } = await world([relay('bad', bad), relay('good', good)]);
    expect(await set('good')).toEqual({ name: 'LINK', facts: { relayLinks: [good] } });
    expect(await written()).toEqual([[good]]);
  });
});

describe('LSET', () => {
  it('repeats the fixed part byte for byte, and signs and seals the user part anew', async () => {
    const { server, queue, set, read, profile, entityId } = await world([relay('one', good)]);
    await set('one');
    await set('one');
    const [made] = server.asked('NEW');
    const link = made.command.queue?.mode === 'C' ? made.command.queue.link! : undefined;
    const [first, second] = server.asked('LSET');
    for (const { command: written, entityId, key, server: at } of [first, second]) {
      expect(written.fixedData).toEqual(link!.fixedData);
      expect(written.linkId).toEqual(link!.linkId);
      expect({ at, entityId }).toEqual({ at: 'smp', entityId: queue.recipientId });
      expect(key).toEqual(privateKey(toyCrypto, queue.seed, 'recipient'));
    }
    expect(first.command.userData).not.toEqual(link!.userData);
    // under a nonce that was never used before: what is inside is the same
    expect(second.command.userData).not.toEqual(first.command.userData);
    expect(Buffer.from(second.command.userData).subarray(0, 24)).not.toEqual(
      Buffer.from(first.command.userData).subarray(0, 24),
    );
    expect(await read()).toEqual({
      name: 'LDATA',
      facts: {
        ...{ relayLinks: [good], entityId, owners: [owner.ownerKey], signers: [owner.ownerKey] },
        data: { groupProfile: profile, protocol: 'full', profileSignature: expect.any(String) },
      },
    });
  });

  it('writes every relay that is accepted by now, whoever asked', async () => {
    const other = link('smp.other', 2);
    const { store, set, written } = await world([relay('one', good)]);
    await set('one');
    await save(store, { records: [relay('two', other)] });
    expect((await set('two')).facts).toEqual({ relayLinks: [good, other] });
    expect(await written()).toEqual([[good, other]]);
  });

  it('is refused for a group that has no link, and by a server that knows the link otherwise', async () => {
    const { store, server, queue, set } = await world([relay('one', good)]);
    server.answers = (kind) => (kind === 'LSET' ? { kind: 'ERR', error: 'AUTH' } : undefined);
    expect(await set('one')).toEqual({ name: 'ERR', facts: { reason: 'LSET: AUTH' } });
    const { link: _, ...without } = queue;
    store.receiveQueues.clear();
    await save(store, { queues: [without] });
    expect(await set('one')).toEqual({ name: 'ERR', facts: { reason: 'group g has no link' } });
  });
});

describe('what a server did to the data of a link is refused, and by which check', () => {
  type Made = Awaited<ReturnType<typeof world>>;

  const reason = async ({ server, read }: Made, alters: LinkServer['alters']) => {
    server.alters = alters;
    const { name, facts } = await read();
    expect(name).toBe('ERR');
    return (facts as { reason: string }).reason;
  };

  /** The user part of this link, written by whoever has this root key. */
  const userData = ({ uri }: Made, rootSeed: Uint8Array, text: string): Uint8Array => {
    const parsed = parseShortLink(uri);
    if (!parsed.ok) throw new Error(parsed.error);
    const signer = toyCrypto.keyPair('ed25519', rootSeed);
    const credentials = { linkKey: parsed.value.linkKey, rootKey: signer.publicKey, signer };
    const data = { agentVersions: AGENT_VERSIONS, direct: false, owners: [], relays: [] };
    const written = { ...data, userLinkData: Buffer.from(text) };
    const sealed = sealContactLinkData(toyCrypto, credentials, written, Buffer.alloc(24, 0xee));
    if (!sealed.ok) throw new Error(sealed.error);
    return sealed.value;
  };

  it.each(['fixedData', 'userData'] as const)('a changed byte of its %s', async (part) => {
    const made = await world();
    for (const at of [0, 24, 40, 100, 2047]) {
      const changed = await reason(made, (data) => {
        const bytes = Buffer.from(data[part]);
        bytes[at] ^= 1;
        return { ...data, [part]: bytes };
      });
      expect(changed).toBe(`A_CRYPTO DECRYPT_CB in ${made.uri}`);
    }
  });

  it('data of another link', async () => {
    const made = await world();
    const nothing = await reason(made, (data) => ({ ...data, userData: Buffer.alloc(0) }));
    expect(nothing).toBe(`A_CRYPTO DECRYPT_CB in ${made.uri}`);
    const swapped = await reason(made, (data) => ({ ...data, fixedData: data.userData }));
    expect(swapped).toBe(`A_MESSAGE in ${made.uri}`);
  });

  it('user data that somebody wrote who knows the link, and does not own it', async () => {
    const made = await world();
    const forged = userData(made, Buffer.alloc(32, 0x66), '{"groupProfile":{}}');
    const said = await reason(made, (data) => ({ ...data, userData: forged }));
    expect(said).toBe(`A_LINK "user data signature" in ${made.uri}`);
  });

  it('another queue behind it', async () => {
    const made = await world();
    const said = await reason(made, (data) => ({ ...data, senderId: Buffer.alloc(24, 1) }));
    expect(said).toBe(`A_LINK "different address" in ${made.uri}`);
  });

  it('data of its owner that nobody can read', async () => {
    const made = await world();
    const { seed } = privateKey(toyCrypto, made.queue.seed, 'root');
    const said = await reason(made, (data) => ({ ...data, userData: userData(made, seed, '{') }));
    expect(said).toBe('the link data is not JSON');
  });

  it('a link that it does not know, and one that is none', async () => {
    const { server, read, uri } = await world();
    server.answers = () => ({ kind: 'ERR', error: 'AUTH' });
    expect(await read()).toEqual({ name: 'ERR', facts: { reason: `LGET ${uri}: AUTH` } });
    const said = { reason: '"https://example.com" is not a contact link' };
    expect(await read('https://example.com')).toEqual({ name: 'ERR', facts: said });
    expect(server.asked('LGET')).toHaveLength(1);
  });
});
