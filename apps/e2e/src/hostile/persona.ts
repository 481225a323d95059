import { randomBytes } from 'node:crypto';
import { newId, realCrypto, signElement } from '@chat-relays/agent';
import type { OwnerIdentity } from '@chat-relays/protocol';
import { encodeEnvelope, idBytes, type KnownMessage, textId } from '@chat-relays/wire';

/** What an invitation of a relay says of the group. */
export interface Invited {
  readonly groupLink: string;
  /** base64url */
  readonly publicGroupId?: string;
  readonly relayAddress?: string;
  readonly protocol: string;
  readonly attempt?: number;
  readonly relayMemberId?: Uint8Array;
}

/** Somebody with a key, or with the name, id and public key of somebody else. */
export class Persona {
  readonly seed: Uint8Array = randomBytes(32);
  readonly memberId: Uint8Array;
  readonly key: Uint8Array;

  constructor(
    readonly name: string,
    whose: { readonly memberId?: Uint8Array; readonly key?: Uint8Array } = {},
  ) {
    this.memberId = whose.memberId ?? newId(randomBytes(12)).bytes;
    this.key = whose.key ?? realCrypto.keyPair('ed25519', this.seed).publicKey;
  }

  get owner(): OwnerIdentity {
    const { name, memberId, seed, key } = this;
    return {
      owner: name,
      ownerMemberId: textId(memberId),
      ownerSeed: textId(seed),
      ownerKey: textId(key),
    };
  }

  /** @param publicGroupId base64url of the group that the signature is for */
  signs(publicGroupId: string, message: KnownMessage): Uint8Array {
    const signer = { seed: textId(this.seed), publicGroupId, memberId: textId(this.memberId) };
    return signElement(realCrypto, signer, encodeEnvelope({ message }));
  }

  invitation({ groupLink, publicGroupId, ...more }: Invited, isSigned = true): KnownMessage {
    const { name, memberId, key } = this;
    return {
      event: 'x.grp.relay.inv',
      params: {
        groupRelayInvitation: {
          fromMember: { memberId, memberRole: 'owner' },
          fromMemberProfile: { displayName: name, fullName: '' },
          relayMemberId: newId(randomBytes(12)).bytes,
          ...(publicGroupId !== undefined && { publicGroupId: idBytes(publicGroupId) }),
          ...(isSigned && { fromMemberKey: key }),
          ...{ groupLink, attempt: 1, ...more },
        },
      },
    };
  }

  /** Joins as a member. */
  joining(viaLink: string, purpose: 'priority' | 'messages' = 'messages'): KnownMessage {
    const { name, memberId, key } = this;
    const profile = { displayName: name, fullName: '' };
    return {
      event: 'x.member',
      params: { profile, newMemberId: memberId, newMemberKey: key, viaLink, attempt: 1, purpose },
    };
  }

  /** Comes over the relay link as the owner. */
  connecting(viaLink: string): KnownMessage {
    const { name: displayName, memberId, key: memberKey } = this;
    return {
      event: 'x.contact',
      params: { profile: { displayName, fullName: '' }, memberId, memberKey, viaLink, attempt: 1 },
    };
  }
}

export const plain = (message: KnownMessage): Uint8Array => encodeEnvelope({ message });

/** A post as an owner says it. */
export function post(text: string): Uint8Array {
  const params = { content: { type: 'text', text }, asGroup: true } as const;
  return encodeEnvelope({ msgId: randomBytes(12), message: { event: 'x.msg.new', params } });
}
