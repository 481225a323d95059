import { Controller } from '@nestjs/common';
import { memberRequests, Request, RequestRefused } from '@chat-relays/bus';
import { membershipId } from '@chat-relays/protocol';
import { decodeEnvelope } from '@chat-relays/wire';
import { Members } from './members';

const {
  'member.message.list': listMessages,
  'member.divergence.list': listDivergences,
  'member.gap.list': listGaps,
  'member.history.ask': askHistory,
  'member.delivery.list': listDeliveries,
} = memberRequests;

interface OneGroup {
  readonly link?: string;
  readonly group?: string;
  readonly member: string;
}

interface Page {
  readonly after: number;
  readonly limit: number;
}

@Controller()
export class MessageController {
  constructor(private readonly members: Members) {}

  @Request(listMessages)
  async messages({ after, limit, ...of }: OneGroup & Page) {
    const id = await this.membership(of);
    const [found, relays] = await Promise.all([
      this.members.reads.messages(id, after, limit),
      this.members.reads.relays(id),
    ]);
    const page = fitting(found, ({ body }) => body.length);
    return {
      messages: page.map(({ body, member: _, ...message }) => ({ ...message, text: textOf(body) })),
      relays,
      next: nextOf(page, found, limit),
    };
  }

  @Request(listDivergences)
  async divergences({ messageId, after, limit, ...of }: OneGroup & Page & { messageId?: string }) {
    const id = await this.membership(of);
    const found = await this.members.reads.divergences(id, { messageId, after, limit });
    const page = fitting(found, ({ body, first }) => body.length + first.body.length);
    return {
      divergences: page.map(({ body, first: { body: firstBody, ...first }, ...copy }) => ({
        ...copy,
        text: textOf(body),
        first: { ...first, text: textOf(firstBody) },
      })),
      next: nextOf(page, found, limit),
    };
  }

  @Request(listGaps)
  async gaps({ after, limit, ...of }: OneGroup & Page) {
    const id = await this.membership(of);
    const [gaps, canAsk = false] = await Promise.all([
      this.members.reads.gaps(id, { after, limit }),
      this.members.canAsk(id),
    ]);
    return { gaps, next: nextOf(gaps, gaps, limit), canAsk };
  }

  @Request(askHistory)
  async history(of: OneGroup) {
    const id = await this.membership(of);
    const canAsk = await this.members.canAsk(id);
    const group = of.group === undefined ? 'the group' : `#${of.group}`;
    if (canAsk === undefined) throw new RequestRefused('not_found', `${of.member} did not join ${group}`);
    if (!canAsk)
      throw new RequestRefused(
        'not_supported',
        `${group} has one connection per relay; history cannot be asked for`,
      );
    const relays = await this.members.askHistory(of.member, id);
    if (relays === 0)
      throw new RequestRefused('not_ready', `${of.member} is connected to no relay of ${group}`);
    return { relays };
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

  private async membership({ link, group, member }: OneGroup): Promise<string> {
    const reference = link ?? group ?? '';
    const groupLink = await this.members.reads.linkOf(reference);
    if (!groupLink)
      throw new RequestRefused(
        'not_found',
        `no member joined a group "${reference}", or several groups have that name`,
      );
    return membershipId(member, groupLink);
  }
}

/** A reply has to fit one NATS message, 1 MiB by default; JSON may double a text, and one message fits always. */
const MOST_BYTES = 400_000;

function fitting<T>(found: readonly T[], sizeOf: (one: T) => number): readonly T[] {
  let bytes = 0;
  const end = found.findIndex((one) => (bytes += sizeOf(one)) > MOST_BYTES);
  return end < 0 ? found : found.slice(0, Math.max(1, end));
}

function nextOf<T extends { position: number }>(
  page: readonly T[],
  found: readonly T[],
  limit: number,
): number | null {
  return page.length < found.length || found.length === limit ? page[page.length - 1].position : null;
}

/** The body was decoded before it was kept. */
function textOf(body: Uint8Array): string {
  const decoded = decodeEnvelope(body);
  if (!decoded.ok || decoded.value.message.event !== 'x.msg.new') return '';
  return (decoded.value.message.params as { content: { text: string } }).content.text;
}
