import { encodeEnvelope, encodeForward, idBytes, type Message, type MessageTag } from '@chat-relays/wire';
import { type AnyDialogue, type Ask, refKey, type SagaRecord } from '@chat-relays/protocol';
import { asynchronous, getConnShortLinkAsync, setConnShortLinkAsync } from '../commands/async-commands';
import type { Command, GroupAim, LinkAim, NewAim } from '../commands/command';
import type { JobKey, NewDeliveryJob } from '../forwarding/delivery';
import type { Host } from '../ports';
import { signElement } from '../sealing/signing';

/** Makes what rows ask for: commands, and what a relay says to its members. */
export class Asks {
  constructor(private readonly host: Pick<Host, 'random' | 'crypto' | 'now'>) {}

  /** @param cause traceparent of the span that asks */
  command(dialogue: AnyDialogue, record: SagaRecord, ask: Ask, cause: string | undefined): Command {
    const { step, kind, send } = ask;
    const corrId = `${refKey(record)}/${record.attempt}/${step}/${kind}`;
    const asking = { record, ask, cause, host: this.host };
    const aim = dialogue.aims?.[kind]?.(record.data);
    if (kind === 'LSET') return setConnShortLinkAsync(corrId, aim as GroupAim, asking);
    if (kind === 'LGET') return getConnShortLinkAsync(corrId, aim as LinkAim, asking);
    const { seed } = (aim ?? {}) as Partial<NewAim>;
    const body = send === undefined ? undefined : this.words(dialogue, record, send, ask.sign);
    return asynchronous(corrId, { aim, body, seed: seed === undefined ? undefined : idBytes(seed) }, asking);
  }

  /** The connections of an attempt that is over are deleted; a link stays. */
  leave(record: SagaRecord): Command {
    const ask = { step: 'x', kind: 'DEL' } as const;
    const corrId = `${refKey(record)}/${record.attempt}/leave`;
    return asynchronous(corrId, { aim: { keepLink: true } }, { record, ask, host: this.host });
  }

  /** What the relay itself says to its members; the same attempt says it once. */
  notice(dialogue: AnyDialogue, record: SagaRecord, tag: MessageTag): NewDeliveryJob {
    const time = Math.floor(this.host.now() / 1000);
    return {
      ...noticeKey(record, tag, record.attempt),
      identity: record.identity,
      element: encodeForward({ kind: 'channel' }, time, this.words(dialogue, record, tag)),
    };
  }

  /** What it said so in any attempt. */
  notices({ id, attempt }: SagaRecord, tag: MessageTag): JobKey[] {
    return Array.from({ length: attempt }, (_, at) => noticeKey({ id }, tag, at + 1));
  }

  private words(
    dialogue: AnyDialogue,
    { data, attempt }: SagaRecord,
    tag: MessageTag,
    sign?: true,
  ): Uint8Array {
    const params = dialogue.says?.[tag]?.(data, attempt);
    const body = encodeEnvelope({ message: { event: tag, params } as Message });
    return sign ? signElement(this.host.crypto, dialogue.signs!(data), body) : body;
  }
}

/** No message of an author has such an id: those are base64url. */
function noticeKey({ id }: Pick<SagaRecord, 'id'>, tag: MessageTag, attempt: number): JobKey {
  return { relayOwnId: id, author: 'channel', messageId: `${tag}/${attempt}` };
}
