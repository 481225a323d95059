import { relayRequests, request } from '@chat-relays/bus';
import type { Channel } from '@chat-relays/tools';
import { Evidence } from '../evidence';
import { MEMBERS, RELAYS, Town } from '../town';
import { Adversary } from './adversary';

/** A town in which alice has a channel of every relay with all members in it, and where the adversary lives. */
export class Scene {
  private readonly texts: string[] = [];

  private constructor(
    readonly town: Town,
    readonly evidence: Evidence,
    readonly mallory: Adversary,
    readonly news: Channel,
    /** of relays, by name */
    readonly addresses: Readonly<Record<string, string>>,
  ) {}

  static async set(): Promise<Scene> {
    const town = await Town.start();
    const news = await town.channel('news', 'paired');
    await news.relaysConfirmed();
    await news.join(MEMBERS);
    await news.membersConnected(MEMBERS.length);
    const addresses = await Promise.all(
      RELAYS.map(async (relay) => {
        const { address } = await request(
          town.bus,
          relayRequests['relay.*.address.get'],
          {},
          { scope: relay },
        );
        return [relay, address] as const;
      }),
    );
    const known = Object.fromEntries(addresses);
    return new Scene(town, Evidence.open(town), new Adversary(town.bus), news, known);
  }

  async leave(): Promise<void> {
    this.mallory.close();
    await this.evidence.close();
    await this.town.stop();
  }

  /** Alice posts, and every relay brings it to every member, who has everything once. */
  async goesOn(): Promise<void> {
    this.texts.push(`text ${this.texts.length + 1}`);
    await this.news.send(this.texts.slice(-1));
    const { received } = await this.news.arrived(this.texts.length * MEMBERS.length);
    expect(received).toBe(this.texts.length * MEMBERS.length);
    for (const member of MEMBERS) {
      expect((await this.news.messagesOf(member)).map(({ text }) => text)).toEqual(this.texts);
    }
    for (const relay of RELAYS)
      expect(await this.evidence.ownStatuses(relay, await this.news.link())).toEqual(['Confirmed']);
  }

  /** Alice's link of a relay. */
  async relayLink(relay: string): Promise<string> {
    return (await this.news.relayStatuses()).find((one) => one.relay === relay)!.relayLink!;
  }
}
