/** A server's end of one session: what it checks the authorization of commands with. */
import { publicKeyType, TAG_BYTES, type Crypto, type KeyPair } from '../crypto';
import { sameBytes } from '../encoding';
import { AUTHENTICATOR_BYTES, dummyKeys, nonceOf, sessionPrefix, SIGNATURE_BYTES } from './authorization';
import { SMP_VERSIONS, type ServerHello } from './server-hello';
import type { ReceivedTransmission } from './transmission';

export type AuthorizationKind = 'x25519' | 'ed25519' | 'ed448';

/** By its length; undefined for what is none, which makes the transmission a bad one. */
export function authorizationKind({ length }: Uint8Array): AuthorizationKind | undefined {
  if (length === AUTHENTICATOR_BYTES) return 'x25519';
  if (length === SIGNATURE_BYTES.ed25519) return 'ed25519';
  return length === SIGNATURE_BYTES.ed448 ? 'ed448' : undefined;
}

interface SharedKey {
  readonly publicKey: Uint8Array;
  /** undefined for a public key of low order, with which nothing can be authorized */
  readonly boxKey: Buffer | undefined;
}

/** Shared keys that a session keeps: of queues that there are, and of ids that anybody can make up. */
const MOST_KEYS = 65_536;
const MOST_UNKNOWN = 256;

/** What an authenticator says, until the next one is opened. */
const openedHash = Buffer.allocUnsafeSlow(AUTHENTICATOR_BYTES - TAG_BYTES);

/** The keys of nobody, one set for each crypto. */
const dummies = new WeakMap<Crypto, ReturnType<typeof dummyKeys>>();

export class ServerSession {
  /** the session id in hex: how the session is called */
  readonly name: string;
  private readonly prefix: Buffer;
  private readonly key: KeyPair;
  /** by entity and place in its list of keys; entities that do not exist have one too, so that both take as long */
  private readonly shared = new Map<string, SharedKey>();
  private readonly unknown = new Map<string, SharedKey>();

  /** @param keySeed 32 random bytes: the private key of this session */
  constructor(
    private readonly crypto: Crypto,
    readonly id: Uint8Array,
    keySeed: Uint8Array,
  ) {
    this.name = Buffer.from(id).toString('hex');
    this.prefix = sessionPrefix(id);
    this.key = crypto.keyPair('x25519', keySeed);
  }

  get hello(): ServerHello {
    return { versions: SMP_VERSIONS, sessionId: this.id, sessionKey: this.key.publicKey };
  }

  /**
   * Whether one of the keys made the transmission's authorization. Without a key of its kind it is checked with nobody's,
   * so that "no such queue" and "wrong key" are the same work.
   * @param entityKey `bytesKey` of the entity id
   * @param exists whether there is such an entity
   */
  verifies(
    keys: readonly Uint8Array[],
    entityKey: string,
    transmission: ReceivedTransmission,
    exists = true,
  ): boolean {
    const cache = exists ? this.shared : this.unknown;
    const kind = authorizationKind(transmission.authorization);
    if (kind === undefined) return false;
    // most queues have one key
    if (keys.length === 1 && publicKeyType(keys[0]) === kind) {
      return this.check(kind, keys[0], entityKey, transmission, cache);
    }
    const candidates = keys.filter((key) => publicKeyType(key) === kind);
    if (candidates.length === 0) {
      this.check(kind, this.dummy(kind), entityKey, transmission, cache);
      return false;
    }
    return candidates.some((key, place) =>
      this.check(kind, key, place === 0 ? entityKey : `${entityKey}${place}`, transmission, cache),
    );
  }

  private check(
    kind: AuthorizationKind,
    publicKey: Uint8Array,
    entityKey: string,
    { authorization, authorized, corrId }: ReceivedTransmission,
    cache: Map<string, SharedKey>,
  ): boolean {
    if (kind !== 'x25519') {
      return this.crypto.verify(publicKey, Buffer.concat([this.prefix, authorized]), authorization);
    }
    const hash = this.crypto.sha512(this.prefix, authorized);
    const boxKey = this.boxKey(publicKey, entityKey, cache);
    const opened = boxKey && this.crypto.open(boxKey, nonceOf(corrId), authorization, openedHash);
    return opened !== undefined && sameBytes(opened, hash);
  }

  private boxKey(
    publicKey: Uint8Array,
    entityKey: string,
    cache: Map<string, SharedKey>,
  ): Buffer | undefined {
    const known = cache.get(entityKey);
    if (known && sameBytes(known.publicKey, publicKey)) return known.boxKey;
    if (cache.size >= (cache === this.shared ? MOST_KEYS : MOST_UNKNOWN)) cache.clear();
    const boxKey = this.crypto.boxKey(this.key, publicKey);
    // a key that came in a command is in the memory of a payload
    cache.set(entityKey, { publicKey: Buffer.from(publicKey), boxKey });
    return boxKey;
  }

  private dummy(kind: AuthorizationKind): Uint8Array {
    let keys = dummies.get(this.crypto);
    if (!keys) dummies.set(this.crypto, (keys = dummyKeys(this.crypto)));
    return keys[kind];
  }
}
