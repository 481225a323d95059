import { Controller } from '@nestjs/common';
import { memberRequests, Request, RequestRefused } from '@chat-relays/bus';
import { membershipId } from '@chat-relays/protocol';
import type { Message } from '@chat-relays/storage';
import { decodeEnvelope } from '@chat-relays/wire';
import { Members } from './members';

const { 'member.message.list': listMessages, 'member.delivery.list': listDeliveries } = memberRequests;

interface Page {
  readonly after: number;
  readonly limit: number;
}

@Controller()
export class MessageController {
  constructor(private readonly members: Members) {}

  @Request(listMessages)
  async messages({
    link,
    group,
    member,
    after,
    limit,
  }: { link?: string; group?: string; member: string } & Page) {
    const reference = link ?? group ?? '';
    const groupLink = await this.members.reads.linkOf(reference);
    if (!groupLink)
      throw new RequestRefused(
        'not_found',
        `no member joined a group "${reference}", or several groups have that name`,
      );
    const found = await this.members.reads.messages(membershipId(member, groupLink), after, limit);
    const page = fitting(found);
    return {
      messages: page.map(({ position, messageId, body, receivedAt }) => ({
        position,
        messageId,
        text: textOf(body),
        receivedAt,
      })),
      next: page.length < found.length || found.length === limit ? page[page.length - 1].position : null,
    };
  }

  @Request(listDeliveries)
  async deliveries({ link, after, limit }: { link: string } & Page) {
    const found = await this.members.reads.groupDeliveries(link, after, limit);
    return {
      rows: found.map<[string, string, number, number]>(({ member, messageId, receivedAt, position }) => [
        member,
        messageId,
        receivedAt,
        position,
      ]),
      next: found.length === limit ? found[found.length - 1].position : null,
    };
  }
}

/** A reply has to fit one NATS message, 1 MiB by default; JSON may double a text, and one message fits always. */
const MOST_BYTES = 400_000;

function fitting(found: readonly Message[]): readonly Message[] {
  let bytes = 0;
  const end = found.findIndex(({ body }) => (bytes += body.length) > MOST_BYTES);
  return end < 0 ? found : found.slice(0, Math.max(1, end));
}

/** The body was decoded before it was kept. */
function textOf(body: Uint8Array): string {
  const decoded = decodeEnvelope(body);
  if (!decoded.ok || decoded.value.message.event !== 'x.msg.new') return '';
  return (decoded.value.message.params as { content: { text: string } }).content.text;
}
