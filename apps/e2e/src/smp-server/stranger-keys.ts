/** Keys and what they authorize: docs/protocol/smp-over-nats.md, sections 2 and 6. */
import {
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import nacl from 'tweetnacl';
import { bytes, short } from './stranger-bytes';

/** What a hello gives. */
export interface Session {
  readonly sessionId: Uint8Array;
  /** DER, X25519 */
  readonly sessionKey: Uint8Array;
}

export interface Key {
  /** DER */
  readonly der: Buffer;
  /** @param signed corrId, entity id and command, as they are in the transmission */
  authorize(session: Session, corrId: Uint8Array, signed: Uint8Array): Buffer;
}

export type KeyKind = 'ed25519' | 'ed448' | 'x25519';

/** X25519: the key of authenticators, and of boxes. */
export class BoxKey implements Key {
  readonly der: Buffer;
  private readonly privateKey: KeyObject;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    this.der = publicKey.export({ format: 'der', type: 'spki' });
    this.privateKey = privateKey;
  }

  authorize({ sessionId, sessionKey }: Session, corrId: Uint8Array, signed: Uint8Array): Buffer {
    const hash = createHash('sha512').update(short(sessionId)).update(signed).digest();
    const nonce = bytes(corrId, Buffer.alloc(24)).subarray(0, 24);
    return Buffer.from(nacl.secretbox(hash, nonce, this.shared(sessionKey)));
  }

  /** @param key the other side's, DER */
  open(sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array): Buffer {
    const opened = nacl.secretbox.open(sealed, nonce, this.shared(key));
    if (!opened) throw new Error('the box cannot be opened');
    return Buffer.from(opened);
  }

  /** crypto_box_beforenm, whose X25519 is fifty times faster here in node:crypto than in tweetnacl. */
  private shared(key: Uint8Array): Uint8Array {
    const publicKey = createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' });
    const dh = diffieHellman({ privateKey: this.privateKey, publicKey });
    const shared = new Uint8Array(32);
    hsalsa20(shared, new Uint8Array(16), dh, Buffer.from('expand 32-byte k'));
    return shared;
  }
}

/** tweetnacl has HSalsa20, and its types do not. */
interface Lowlevel {
  readonly crypto_core_hsalsa20: (
    out: Uint8Array,
    input: Uint8Array,
    key: Uint8Array,
    constant: Uint8Array,
  ) => void;
}

const { crypto_core_hsalsa20: hsalsa20 } = (nacl as unknown as { lowlevel: Lowlevel }).lowlevel;

class SignatureKey implements Key {
  readonly der: Buffer;
  private readonly privateKey: KeyObject;

  constructor(kind: 'ed25519' | 'ed448') {
    const { publicKey, privateKey } =
      kind === 'ed448' ? generateKeyPairSync('ed448') : generateKeyPairSync('ed25519');
    this.der = publicKey.export({ format: 'der', type: 'spki' });
    this.privateKey = privateKey;
  }

  authorize({ sessionId }: Session, _corrId: Uint8Array, signed: Uint8Array): Buffer {
    return sign(null, bytes(short(sessionId), signed), this.privateKey);
  }
}

export function newKey(kind: KeyKind = 'x25519'): Key {
  return kind === 'x25519' ? new BoxKey() : new SignatureKey(kind);
}
