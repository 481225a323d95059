/**
 * The authorization of commands (SMP v18): a signature of Ed25519, or a deniable authenticator of X25519, of the session
 * id and the transmission; so that a command that was captured says nothing in another session.
 */
import { writeCommand, type Command } from '../commands/command';
import { NONCE_BYTES, TAG_BYTES, type Crypto, type PrivateKey } from '../crypto';
import { bytesKey, EMPTY, type Writer } from '../encoding';
import { writeAuthorized } from './transmission';

/** The box of a SHA-512. */
export const AUTHENTICATOR_BYTES = TAG_BYTES + 64;
export const SIGNATURE_BYTES = { ed25519: 64, ed448: 114 } as const;

/** The corrId as the nonce of an authenticator: cut to 24 bytes or padded with zeros. */
export function nonceOf(corrId: Uint8Array): Uint8Array {
  if (corrId.length === NONCE_BYTES) return corrId;
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.set(corrId.subarray(0, NONCE_BYTES));
  return nonce;
}

/** The session id as a short string, which is what authorized bytes begin with. */
export function sessionPrefix(sessionId: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([sessionId.length]), sessionId]);
}

function authorizationBytes({ type }: PrivateKey): number {
  return type === 'x25519' ? AUTHENTICATOR_BYTES : SIGNATURE_BYTES.ed25519;
}

/** Box keys that are kept; one costs as much as dozens of authenticators. */
const MOST_KEYS = 65_536;

/** A client's end of one session. */
export class Authorizer {
  private readonly prefix: Buffer;
  private readonly boxKeys = new Map<string, Buffer>();

  /**
   * @param sessionKey DER X25519, of the server's hello
   * @throws {RangeError} when it is of low order: nothing could be authorized
   */
  constructor(
    private readonly crypto: Crypto,
    sessionId: Uint8Array,
    private readonly sessionKey: Uint8Array,
  ) {
    this.prefix = sessionPrefix(sessionId);
    this.boxKey({ type: 'x25519', seed: Buffer.alloc(32, 1) });
  }

  /** @param authorized corrId, entityId and command, with their lengths */
  authorize(key: PrivateKey, corrId: Uint8Array, authorized: Uint8Array): Buffer {
    if (key.type === 'ed25519') {
      const pair = this.crypto.keyPair('ed25519', key.seed);
      return this.crypto.sign(pair, Buffer.concat([this.prefix, authorized]));
    }
    const hash = this.crypto.sha512(this.prefix, authorized);
    return this.crypto.seal(this.boxKey(key), nonceOf(corrId), hash);
  }

  private boxKey(key: PrivateKey): Buffer {
    const name = bytesKey(key.seed);
    const known = this.boxKeys.get(name);
    if (known) return known;
    const made = this.crypto.boxKey(key, this.sessionKey);
    if (!made) throw new RangeError('the session key of the server is of low order');
    if (this.boxKeys.size >= MOST_KEYS) this.boxKeys.clear();
    this.boxKeys.set(name, made);
    return made;
  }
}

/** A command as a client says it. */
export interface ClientTransmission {
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
  readonly command: Command;
  /** what authorizes it; none for SEND to a queue that is not secured, LGET and PING */
  readonly key?: PrivateKey;
}

export function writeClientTransmission(
  writer: Writer,
  { corrId, entityId, command, key }: ClientTransmission,
  authorizer: Authorizer,
): void {
  const write = (to: Writer): void => writeCommand(to.shortString(corrId).shortString(entityId), command);
  if (!key) return write(writer.shortString(EMPTY));
  writeAuthorized(writer, authorizationBytes(key), write, (authorized) =>
    authorizer.authorize(key, corrId, authorized),
  );
}

type Dummies = { readonly [Type in 'x25519' | 'ed25519' | 'ed448']: Uint8Array };

/** Keys of nobody: what is checked where there is no key to check, so that it takes as long. */
export function dummyKeys(crypto: Crypto): Dummies {
  const seed = crypto.sha512(Buffer.from('nobody')).subarray(0, 32);
  return {
    x25519: crypto.keyPair('x25519', seed).publicKey,
    ed25519: crypto.keyPair('ed25519', seed).publicKey,
    // the public key of RFC 8032's first test of Ed448
    ed448: Buffer.from(
      '3043300506032b6571033a005fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180',
      'hex',
    ),
  };
}
