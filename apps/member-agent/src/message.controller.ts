import { Controller } from '@nestjs/common';
import { memberRequests, Request, RequestRefused } from '@chat-relays/bus';
import { membershipId } from '@chat-relays/protocol';
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
    return {
      messages: found.map(({ position, messageId, body, receivedAt }) => ({
        position,
        messageId,
        text: textOf(body),
        receivedAt,
      })),
      next: found.length === limit ? found[found.length - 1].position : null,
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

/** The body was decoded before it was kept. */
function textOf(body: Uint8Array): string {
  const decoded = decodeEnvelope(body);
  if (!decoded.ok || decoded.value.message.event !== 'x.msg.new') return '';
  return (decoded.value.message.params as { content: { text: string } }).content.text;
}
