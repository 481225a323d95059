/** What a server says first: SMP's serverHello without certificates, which the broker's connection stands in for. */
import { publicKeyType } from '../crypto';
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';

/** Versions of the relay protocol that this library speaks. */
export const SMP_VERSIONS = { min: 18, max: 18 } as const;
export const SESSION_ID_BYTES = 32;

export interface ServerHello {
  readonly versions: { readonly min: number; readonly max: number };
  /** 32 random bytes: a part of what is authorized, never sent again */
  readonly sessionId: Uint8Array;
  /** DER X25519 public key of this session, for authenticators */
  readonly sessionKey: Uint8Array;
}

/** `vMin vMax sessionId sessionKey`: two Word16 and two short strings. */
export function encodeServerHello({ versions, sessionId, sessionKey }: ServerHello): Buffer {
  return new Writer(128)
    .word16(versions.min)
    .word16(versions.max)
    .shortString(sessionId)
    .shortString(sessionKey)
    .finish();
}

/** Refuses with `SESSION` what is no hello, or of a server that does not speak our version. Later fields are ignored. */
export function decodeServerHello(bytes: Uint8Array): Decoded<ServerHello> {
  const reader = new Reader(bytes);
  const versions = { min: reader.word16(), max: reader.word16() };
  const sessionId = reader.shortString();
  const sessionKey = reader.shortString();
  if (reader.failed || sessionId.length !== SESSION_ID_BYTES) return refused('SESSION');
  if (publicKeyType(sessionKey) !== 'x25519') return refused('SESSION');
  if (versions.min > SMP_VERSIONS.max || versions.max < SMP_VERSIONS.min) return refused('SESSION');
  return decoded({ versions, sessionId, sessionKey });
}
