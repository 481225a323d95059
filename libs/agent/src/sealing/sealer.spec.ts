import { toyCrypto } from '@chat-relays/simulation';
import { CHAIN_START, type Crypto, numberMessage, readClientMessage, realCrypto } from '@chat-relays/smp';
import { Ends, hostOf, sealerOf } from '../../test/peers';
import { keyPair, privateKey } from './keys';
import { PermanentError } from '../commands/permanent-error';

const body = Buffer.from('hello');

describe.each([
  ['libsodium', realCrypto],
  ['the crypto of the simulation', toyCrypto],
])('what is sealed with %s', (_, crypto) => {
  const ends = new Ends(crypto);
  const { sending } = ends;
  const { host } = hostOf(crypto);
  const sealer = sealerOf(host);

  it('is opened by the peer, and by no one else', () => {
    const message = sealer.message(sending, body);
    expect(ends.read(message.body)).toMatchObject({ kind: 'message', body, integrity: { is: 'ok' } });
    const other = new Ends(crypto, 2);
    const sameSender = { ...other.receiving, peerDhKey: ends.senderDhKey };
    expect(() => other.read(message.body, sameSender)).toThrow('A_CRYPTO');
  });

  it('says nothing of what is inside', () => {
    if (crypto === toyCrypto) return;
    const text = Buffer.from('a text that is long enough not to be there by chance');
    expect(sealer.message(sending, text).body.includes(text.subarray(0, 8))).toBe(false);
    expect(sealer.confirmation(sending, [], text).includes(text.subarray(0, 8))).toBe(false);
  });

  it('says the key with the confirmation and the first message, and not with those after them', () => {
    const keyOf = (sealed: Uint8Array) => {
      const read = readClientMessage(sealed);
      if (!read.ok) throw new Error(read.error);
      return read.value.senderDhKey;
    };
    expect(keyOf(sealer.confirmation(sending, [], body))).toEqual(ends.senderDhKey);
    const first = sealer.message(sending, body);
    expect(keyOf(first.body)).toEqual(ends.senderDhKey);
    expect(keyOf(sealer.message({ ...sending, sent: first.position }, body).body)).toBeUndefined();
    const seed = Buffer.alloc(32, 9);
    const invitation = sealer.invitation(seed, sending.dhKey, queueUri(), body);
    expect(keyOf(invitation)).toEqual(keyPair(crypto, seed, 'sender dh').publicKey);
  });

  it('is authorized by a key that seals nothing', () => {
    expect(sealer.authorization(sending)).toEqual(privateKey(crypto, sending.seed, 'sender'));
    expect(sealer.authorization(sending)).not.toEqual(privateKey(crypto, sending.seed, 'sender dh'));
  });

  it('has a nonce of its own every time', () => {
    const nonces = [1, 2, 3].map(() => {
      const read = readClientMessage(sealer.message(sending, body).body);
      return read.ok && Buffer.from(read.value.nonce).toString('hex');
    });
    expect(new Set(nonces).size).toBe(3);
  });

  it('is sealed with the keys that the queue has now, not with those it had', () => {
    const before = sealer.message(sending, body);
    expect(ends.read(before.body)).toMatchObject({ body });
    const seed = Buffer.alloc(32, 0x99);
    const renewed = { ...sending, seed };
    const { publicKey: peerDhKey } = keyPair(crypto, seed, 'sender dh');
    const after = sealer.message(renewed, body);
    expect(ends.read(after.body, { ...ends.receiving, peerDhKey })).toMatchObject({ body });
    expect(sealer.authorization(renewed)).not.toEqual(sealer.authorization(sending));
  });
});

const queueUri = () =>
  ({
    server: { hosts: ['smp-own'], port: '', keyHash: Buffer.alloc(0) },
    senderId: Buffer.alloc(24, 7),
    dhKey: Buffer.from(realCrypto.keyPair('x25519', Buffer.alloc(32, 7)).publicKey),
    mode: 'M',
    versions: { min: 1, max: 4 },
  }) as const;

const ends = new Ends(toyCrypto);
const { sending } = ends;
const later = { ...sending, sent: { id: 7, hash: Buffer.alloc(32, 7) } };
const sealed = (padded: boolean) => {
  const sealer = sealerOf(hostOf(toyCrypto).host, padded);
  return {
    'first message': (bytes: number) => sealer.message(sending, Buffer.alloc(bytes)).body,
    message: (bytes: number) => sealer.message(later, Buffer.alloc(bytes)).body,
    confirmation: (bytes: number) => sealer.confirmation(sending, [queueUri()], Buffer.alloc(bytes)),
    invitation: (bytes: number) =>
      sealer.invitation(Buffer.alloc(32, 9), sending.dhKey, queueUri(), Buffer.alloc(bytes)),
  };
};

/** Most bytes that fit, next to what an envelope has beside them. */
const most = {
  'first message': 15_901 - 3 - 11,
  message: 15_997 - 3 - 43,
  confirmation: 15_901 - 90,
  invitation: 15_901 - 98,
};
const sizes = { 'first message': 15_992, message: 16_043, confirmation: 15_992, invitation: 15_992 };

describe.each(['first message', 'message', 'confirmation', 'invitation'] as const)('a %s', (kind) => {
  it('has one size with padding, whatever is inside', () => {
    const seal = sealed(true)[kind];
    expect([0, 1, 100, 5_000, most[kind]].map((bytes) => seal(bytes).length)).toEqual(
      Array<number>(5).fill(sizes[kind]),
    );
  });

  it('is no longer than it has to be without', () => {
    const seal = sealed(false)[kind];
    const lengths = [0, 1, 100, most[kind]].map((bytes) => seal(bytes).length);
    expect(lengths).toEqual([0, 1, 100, most[kind]].map((bytes) => lengths[0] + bytes));
    expect(lengths[3]).toBe(sizes[kind]);
  });

  it.each([true, false])('that is too long is refused for good, with both sizes (padding: %s)', (padded) => {
    const seal = sealed(padded)[kind];
    const limit = kind === 'message' ? 15_997 : 15_901;
    for (const more of [1, 2, 50_000]) {
      const refusal = new PermanentError(`an envelope of ${limit + more} bytes; at most ${limit} fit`);
      expect(() => seal(most[kind] + more)).toThrow(refusal);
    }
  });
});

describe('numbering', () => {
  const sealer = sealerOf(hostOf(toyCrypto).host);
  const moved = (position: typeof CHAIN_START) => ({ ...sending, sent: position });

  it('counts from 1, and each message names the one before', () => {
    let queue = ends.receiving;
    let from = sending;
    for (const id of [1, 2, 3]) {
      const { body: sent, position } = sealer.message(from, body);
      const { received, integrity } = ends.read(sent, queue);
      expect({ integrity, received: received!.position }).toEqual({
        integrity: { is: 'ok' },
        received: position,
      });
      expect(position.id).toBe(id);
      queue = { ...queue, received: position };
      from = moved(position);
    }
  });

  it('is the same for a message that is sealed again: it has the same number and the same hash', () => {
    const [first, again] = [sealer.message(sending, body), sealer.message(sending, body)];
    expect(again.position).toEqual(first.position);
    expect(again.body).not.toEqual(first.body);
    const at = { ...ends.receiving, received: first.position };
    expect(ends.read(again.body, at).integrity).toEqual({ is: 'duplicate' });
  });

  it('happens once for many queues that stand at the same place', () => {
    const numbered = numberMessage(CHAIN_START, body);
    for (const number of [1, 2, 3]) {
      const one = new Ends(toyCrypto, number);
      const { body: sent, position } = sealer.message(one.sending, body, numbered);
      expect(position).toBe(numbered.position);
      expect(one.read(sent)).toMatchObject({ body, integrity: { is: 'ok' }, received: { position } });
    }
  });
});

test('the key of a box costs as much as dozens of boxes: it is made once for each queue', () => {
  let made = 0;
  const crypto: Crypto = {
    ...toyCrypto,
    boxKey: (...keys) => {
      made++;
      return toyCrypto.boxKey(...keys);
    },
  };
  const sealer = sealerOf(hostOf(crypto).host);
  const queues = [1, 2, 3].map((number) => new Ends(toyCrypto, number).sending);
  for (const id of [0, 1, 2]) {
    // what is known of a queue changes with every message
    for (const queue of queues) sealer.message({ ...queue, sent: { id, hash: Buffer.alloc(32) } }, body);
  }
  expect(made).toBe(3);
});

describe('a key that nothing can be sealed for', () => {
  const notX25519 = realCrypto.keyPair('ed25519', Buffer.alloc(32, 1)).publicKey;
  const lowOrder = Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), Buffer.alloc(32)]);

  it.each([
    ['no X25519 key', notX25519],
    ['a point of low order', lowOrder],
    ['no key', Buffer.alloc(3)],
  ])('is refused for good: %s', (_, dhKey) => {
    const sealer = sealerOf(hostOf(realCrypto).host);
    const queue = { ...sending, dhKey };
    expect(() => sealer.message(queue, body)).toThrow(PermanentError);
    expect(() => sealer.confirmation(queue, [], body)).toThrow(PermanentError);
    expect(() => sealer.invitation(Buffer.alloc(32, 1), dhKey, queueUri(), body)).toThrow(PermanentError);
  });
});
