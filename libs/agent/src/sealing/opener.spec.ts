import { toyCrypto } from '@chat-relays/simulation';
import {
  type AgentEnvelope,
  CHAIN_START,
  type ChainPosition,
  type Crypto,
  encodeAgentEnvelope,
  numberMessage,
  realCrypto,
  sealClientMessage,
} from '@chat-relays/smp';
import { Ends, hostOf, sealerOf } from '../../test/peers';
import { confirmation, hello as body, invitation, message, peer, speaker, version } from '../../test/speaker';
import type { ReceiveQueue } from '../commands/command';
import { keyPair } from './keys';
import { type Delivered, Opener } from './opener';
import type { IncomingMessage } from '../smp-port';

const at = (id: number, byte = id): ChainPosition => ({ id, hash: Buffer.alloc(32, byte) });

describe.each([
  ['libsodium', realCrypto],
  ['the crypto of the simulation', toyCrypto],
])('with %s', (_, crypto) => {
  const ends = new Ends(crypto);
  const { server, recipientId } = ends.receiving;
  const contact = new Ends(crypto, 2, 'relay_address', 'relay_address');
  const sender = speaker(crypto, ends);
  const stranger = speaker(crypto, ends, Buffer.alloc(32, 0xaa));
  const open = (queue: ReceiveQueue, incoming: IncomingMessage) => new Opener(crypto).open(queue, incoming);
  const delivered = (queue: ReceiveQueue, incoming: IncomingMessage): Delivered => {
    const opened = open(queue, incoming);
    if (opened.is !== 'delivered') throw new Error(JSON.stringify(opened));
    return opened.delivered;
  };

  describe('what is delivered', () => {
    it('a message, with the time of the server and the trace of the sender', () => {
      const incoming = { ...sender.says(message(CHAIN_START), false), trace: '00-1-2-01' };
      const { position } = numberMessage(CHAIN_START, body);
      expect(delivered(ends.receiving, incoming)).toEqual({
        ...{ kind: 'message', body, timestamp: 17, trace: '00-1-2-01' },
        ...{ received: { server, recipientId, position, time: 17 }, integrity: { is: 'ok' } },
      });
    });

    it('a confirmation, with the queue to answer to and the key that is to be kept', () => {
      expect(delivered(ends.fresh, sender.says(confirmation(), true))).toEqual({
        ...{ kind: 'confirmation', body, timestamp: 17, peer },
        received: { server, recipientId, peerDhKey: ends.senderDhKey },
      });
      expect(delivered(ends.fresh, sender.says(confirmation([]), true))).not.toHaveProperty('peer');
    });

    it('a request of a stranger, of whom nothing is kept', () => {
      const [one, two] = [1, 2].map((seed) => speaker(crypto, contact, Buffer.alloc(32, seed)));
      for (const who of [one, two]) {
        const incoming = who.says(invitation(), true);
        expect(delivered(contact.receiving, incoming)).toEqual({
          ...{ kind: 'invitation', body, timestamp: 17, peer },
        });
      }
    });

    it('a quota marker says nothing', () => {
      expect(open(ends.receiving, ends.quota)).toEqual({ is: 'quota' });
    });
  });

  describe("the peer's key", () => {
    it('is learnt from the first message, whatever it is, and then kept', () => {
      const first = delivered(ends.fresh, sender.says(message(CHAIN_START), true));
      expect(first.received!.peerDhKey).toEqual(ends.senderDhKey);
      const { peerDhKey, position: received } = first.received!;
      const known = { ...ends.fresh, peerDhKey: peerDhKey!, received: received! };
      const second = delivered(known, sender.says(message(received!), false));
      expect(second).toMatchObject({ body, integrity: { is: 'ok' } });
      expect(second.received).not.toHaveProperty('peerDhKey');
    });

    it('may be said again', () => {
      const again = delivered(ends.receiving, sender.says(confirmation(), true));
      expect(again).toMatchObject({ kind: 'confirmation', peer });
      expect(again).not.toHaveProperty('received');
    });

    it('is not learnt from a message that it does not open', () => {
      const opener = new Opener(crypto);
      const other = keyPair(crypto, Buffer.alloc(32, 3), 'sender dh').publicKey;
      const wrong = ends.message(
        sealClientMessage(
          crypto,
          { boxKey: Buffer.alloc(32, 1), nonce: Buffer.alloc(24), senderDhKey: other },
          confirmation(),
        ),
      );
      expect(opener.open(ends.fresh, wrong)).toMatchObject({ is: 'refused', where: 'client box' });
      expect(opener.open(ends.fresh, sender.says(confirmation(), true))).toMatchObject({ is: 'delivered' });
      expect(opener.open(ends.fresh, sender.says(message(CHAIN_START), false))).toMatchObject({
        is: 'refused',
      });
    });
  });

  describe('what is refused, and where', () => {
    const flipped = (bytes: Uint8Array, index: number): Buffer => {
      const changed = Buffer.from(bytes);
      changed[index] ^= 1;
      return changed;
    };
    const sealed = (key: Partial<IncomingMessage>) => ({
      ...sender.says(message(CHAIN_START), false),
      ...key,
    });
    const good = sealed({});
    const refused = (where: string, reason: string) => ({ is: 'refused', where, reason });
    const ed25519 = crypto.keyPair('ed25519', Buffer.alloc(32, 1)).publicKey;

    it('what the server did not seal for this queue', () => {
      const serverBox = refused('server box', 'CRYPTO');
      expect(open(ends.receiving, { ...good, sealed: Buffer.alloc(60) })).toEqual(serverBox);
      expect(open(ends.receiving, { ...good, sealed: Buffer.alloc(0) })).toEqual(serverBox);
      expect(open(ends.receiving, { ...good, msgId: Buffer.alloc(24, 0xff) })).toEqual(serverBox);
      expect(open(ends.receiving, { ...good, msgId: Buffer.alloc(3) })).toEqual(serverBox);
      expect(open(new Ends(crypto, 3).receiving, good)).toEqual(serverBox);
      expect(
        open(
          { ...ends.receiving, serverDhKey: ends.senderDhKey, seed: Buffer.from(ends.receiving.seed) },
          good,
        ),
      ).toEqual(serverBox);
    });

    it('a byte that somebody changed, wherever it is', () => {
      for (let index = 0; index < good.sealed.length; index++) {
        const changed = { ...good, sealed: flipped(good.sealed, index) };
        expect(open(ends.receiving, changed)).toEqual(refused('server box', 'CRYPTO'));
      }
    });

    it('a byte that the server changed before it sealed', () => {
      const sent = sealerOf(hostOf(crypto).host).message(ends.sending, body).body;
      for (let index = 0; index < sent.length; index++) {
        const { is } = open(ends.receiving, ends.message(flipped(sent, index)));
        // the version of the client is all that is said in the open and not looked at
        expect({ index, is }).toEqual({ index, is: index < 2 ? 'delivered' : 'refused' });
      }
    });

    it('what does not say how it was sealed', () => {
      for (const bytes of [Buffer.alloc(0), Buffer.from('nonsense'), Buffer.from([0, 4])]) {
        expect(open(ends.receiving, ends.message(bytes))).toEqual(refused('client message', 'A_MESSAGE'));
      }
    });

    it('a message before any key was told', () => {
      expect(open(ends.fresh, good)).toEqual(
        refused('client message', 'it is sealed with a key that was never told'),
      );
      const request = speaker(crypto, contact).says(invitation(), false);
      // a contact queue keeps no key, even if there were one
      const asked = { ...contact.receiving, peerDhKey: contact.senderDhKey };
      expect(open(asked, request)).toEqual(
        refused('client message', 'it is sealed with a key that was never told'),
      );
    });

    it('another sender than before', () => {
      expect(open(ends.receiving, stranger.says(confirmation(), true))).toEqual(
        refused('client message', 'another sender than before'),
      );
      expect(open(ends.receiving, stranger.says(message(CHAIN_START), false))).toEqual(
        refused('client box', 'A_CRYPTO'),
      );
    });

    it('a key that is none to seal with', () => {
      const wrong = sealClientMessage(
        crypto,
        { boxKey: Buffer.alloc(32), nonce: Buffer.alloc(24), senderDhKey: ed25519 },
        confirmation(),
      );
      expect(open(ends.fresh, ends.message(wrong))).toEqual(refused('client message', 'A_MESSAGE'));
      const queue = { ...ends.receiving, serverDhKey: ed25519, seed: Buffer.from(ends.receiving.seed) };
      expect(open(queue, good)).toEqual(refused('server box', "the server's key is none to seal with"));
      if (crypto === toyCrypto) return;
      const lowOrder = Buffer.concat([ed25519.subarray(0, 12), Buffer.alloc(32)]);
      lowOrder[8] = 0x6e;
      const zero = sealClientMessage(
        crypto,
        { boxKey: Buffer.alloc(32), nonce: Buffer.alloc(24), senderDhKey: lowOrder },
        confirmation(),
      );
      expect(open(ends.fresh, ends.message(zero))).toEqual(
        refused('client message', 'its key is none to seal with'),
      );
    });

    it.each([
      ['bytes', Buffer.from('nonsense')],
      ['nothing', Buffer.alloc(0)],
      ['a confirmation that ends too early', confirmation().subarray(0, 40)],
    ])('no envelope: %s', (_name, envelope) => {
      expect(open(ends.receiving, sender.says(envelope, false))).toEqual(
        refused('agent envelope', 'A_MESSAGE'),
      );
    });

    it.each(['HELLO', '', 'M', 'M\0\0\0\0\0\0\0\0\0Mnumber 0'])('no numbered message: %j', (text) => {
      const envelope = encodeAgentEnvelope({
        kind: 'message',
        version,
        message: Buffer.from(text, 'latin1'),
      });
      expect(open(ends.receiving, sender.says(envelope, false))).toEqual(
        refused('agent message', 'A_MESSAGE'),
      );
    });

    it('an envelope on a queue for something else', () => {
      const wrong = (kind: AgentEnvelope['kind'], purpose: string) =>
        refused('agent envelope', `an SMP ${kind} does not belong on a queue for ${purpose}`);
      expect(open(ends.receiving, sender.says(invitation(), true))).toEqual(
        wrong('invitation', 'connection'),
      );
      const who = speaker(crypto, contact);
      for (const purpose of ['relay_address', 'relay_link', 'group_link'] as const) {
        const queue = { ...contact.receiving, purpose };
        expect(open(queue, who.says(message(CHAIN_START), true))).toEqual(wrong('message', purpose));
        expect(open(queue, who.says(confirmation(), true))).toEqual(wrong('confirmation', purpose));
      }
    });
  });
});

describe('what a number and a hash say of the messages before is told, and the message delivered', () => {
  const ends = new Ends(toyCrypto);
  const sender = speaker(toyCrypto, ends);

  it.each([
    ['the next', at(5), { is: 'ok' }],
    ['the same again', at(4), { is: 'duplicate' }],
    ['the same number, another message', at(4, 99), { is: 'duplicate' }],
    ['one of before', at(1), { is: 'bad_id' }],
    ['one that is ahead by one', at(6), { is: 'skipped', from: 6, to: 6 }],
    ['one that is far ahead', at(41), { is: 'skipped', from: 6, to: 41 }],
    ['the next number after another message', at(5, 99), { is: 'bad_hash' }],
    ['the next number after none', { id: 5, hash: new Uint8Array(0) }, { is: 'bad_hash' }],
  ])('%s', (_, last, integrity) => {
    const queue = { ...ends.receiving, received: at(5) };
    const opened = new Opener(toyCrypto).open(queue, sender.says(message(last), false));
    const { position } = numberMessage(last, body);
    const received = integrity.is === 'bad_id' ? {} : { position, time: 17 };
    const { server, recipientId } = queue;
    const delivered = { body, integrity, received: { server, recipientId, ...received } };
    expect(opened).toMatchObject({ is: 'delivered', delivered });
    expect(Object.keys((opened as { delivered: Delivered }).delivered.received!)).toHaveLength(
      integrity.is === 'bad_id' ? 2 : 4,
    );
  });
});

describe('keys of queues', () => {
  it('are kept apart, although one opener opens for all', () => {
    const opener = new Opener(toyCrypto);
    const all = [1, 2, 3].map((number) => new Ends(toyCrypto, number));
    for (let round = 0; round < 2; round++) {
      for (const ends of all) {
        const incoming = speaker(toyCrypto, ends).says(message(CHAIN_START), false);
        expect(opener.open(ends.receiving, incoming)).toMatchObject({ is: 'delivered' });
      }
    }
  });

  it('cost as much as dozens of boxes: they are made once, for each queue', () => {
    let made = 0;
    const counting: Crypto = {
      ...toyCrypto,
      boxKey: (...keys) => {
        made++;
        return toyCrypto.boxKey(...keys);
      },
    };
    const opener = new Opener(counting);
    const ends = new Ends(toyCrypto);
    const sender = speaker(toyCrypto, ends);
    for (let messages = 0; messages < 5; messages++) {
      // what is known of a queue changes with every message
      const queue = { ...ends.receiving, received: at(messages) };
      expect(opener.open(queue, sender.says(message(at(messages)), false))).toMatchObject({
        is: 'delivered',
      });
    }
    // the server's and the peer's
    expect(made).toBe(2);
  });
});
