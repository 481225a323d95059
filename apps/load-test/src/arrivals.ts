import { setTimeout as sleep } from 'node:timers/promises';
import { memberRequests, type NatsConnection, request } from '@chat-relays/bus';
import type { DeliveryRow } from './ledger';

const PAGE = 5_000;
const PATIENCE_MS = 20_000;

export interface Arrived {
  readonly connected: number;
  /** first copies */
  readonly received: number;
  readonly duplicates: number;
}

/** What the members of one channel have got, as their agent counts it. */
export class Arrivals {
  constructor(
    private readonly bus: NatsConnection,
    private readonly link: string,
  ) {}

  async look(): Promise<Arrived> {
    const status = await request(this.bus, memberRequests['member.group.status'], { link: this.link });
    const { connectionsByStatus, received, duplicates } = status;
    return { connected: connectionsByStatus.Connected ?? 0, received, duplicates };
  }

  /**
   * Looks every `everyMs` until it is enough, showing each look. Answers the last one, also when nothing has changed for so
   * long that nothing more is to be expected.
   */
  async until(
    isEnough: (arrived: Arrived) => boolean,
    show: (arrived: Arrived) => void,
    everyMs = 100,
  ): Promise<Arrived> {
    let before = '';
    let changedAt = performance.now();
    for (;;) {
      const arrived = await this.look();
      show(arrived);
      if (isEnough(arrived)) return arrived;
      const now = JSON.stringify(arrived);
      if (now !== before) changedAt = performance.now();
      else if (performance.now() - changedAt > PATIENCE_MS) return arrived;
      before = now;
      await sleep(everyMs);
    }
  }

  /** Every delivery that was kept, in the order of their positions. */
  async rows(take: (rows: readonly DeliveryRow[]) => void): Promise<void> {
    for (let after: number | null = 0; after !== null;) {
      const page: { rows: DeliveryRow[]; next: number | null } = await request(
        this.bus,
        memberRequests['member.delivery.list'],
        { link: this.link, after, limit: PAGE },
        { timeoutMs: 60_000 },
      );
      take(page.rows);
      after = page.next;
    }
  }

  /** The texts that one member has, in its order. */
  async texts(member: string, perPage: number): Promise<string[]> {
    const texts: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { messages: { text: string }[]; next: number | null } = await request(
        this.bus,
        memberRequests['member.message.list'],
        { link: this.link, member, after, limit: perPage },
      );
      texts.push(...page.messages.map(({ text }) => text));
      after = page.next;
    }
    return texts;
  }
}
