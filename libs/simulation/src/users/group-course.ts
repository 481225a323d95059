import { type Agent, newId } from '@chat-relays/agent';
import {
  type ChosenRelay,
  connectionsOf,
  groupOf,
  groupRelayId,
  membershipId,
  type Noun,
  type RecordRef,
  refKey,
  type SagaRecord,
} from '@chat-relays/protocol';
import { Explorer } from './explorer';
import { Meddling } from './meddling';
import type { NamedGroup } from '../runs/scenario';
import type { World } from '../world';

/** What a user wants to do: now, if everything is as it should be; in the end, if it is possible at all. */
export interface Wish {
  readonly what: string;
  ready(): boolean;
  possible(): boolean;
  /** false: it did not happen, because the process died in it */
  act(): Promise<boolean>;
}

/** What the users of one group do. */
export class GroupCourse {
  readonly sent: string[] = [];
  readonly unfulfilled: string[] = [];
  readonly meddling: Meddling;
  private readonly explorer: Explorer;
  private readonly wishes: Wish[] = [];

  constructor(
    private readonly world: World,
    readonly shape: NamedGroup,
  ) {
    const { relays, members, messages, chosenLater = 0 } = shape;
    this.meddling = new Meddling(world, shape, (n) => this.chosen(n));
    this.explorer = new Explorer(world, shape, {
      chosen: (name) => this.chosen(Number(name.slice('relay-'.length))),
      link: () => this.link(),
      post: () => this.post(),
    });
    const later = Math.min(chosenLater, relays);
    this.wishes.push(
      this.creation(relays - later),
      ...Array.from({ length: later }, (_, n) => this.choice(relays - later + n + 1)),
      ...Array.from({ length: members }, (_, n) => this.joining(`member-${n + 1}`)),
      ...Array.from({ length: messages }, () => this.sending()),
    );
  }

  /** what is wanted next */
  get wish(): Wish | undefined {
    return this.wishes[0];
  }

  /** Whether somebody changed his mind just now. */
  async happens(): Promise<boolean> {
    return (await this.meddling.happens()) || (await this.explorer.happens());
  }

  async fulfil(wish: Wish): Promise<void> {
    if (await wish.act()) this.wishes.shift();
  }

  giveUp({ what }: Wish): void {
    this.unfulfilled.push(what);
    this.wishes.shift();
  }

  get exists(): boolean {
    return this.group() !== undefined;
  }

  /** Those who joined and have not every connection. */
  outside(): SagaRecord[] {
    return this.records('member', 'membership').filter((membership) => !this.isIn(membership));
  }

  private isIn({ id, status, data }: SagaRecord): boolean {
    if (status !== 'Joined') return false;
    const connections = this.records('member', 'member_connection').filter(
      (connection) => connection.data['membershipId'] === id && connection.status === 'Connected',
    );
    const relays = (data['relayLinks'] as string[]).length;
    return connections.length === relays * connectionsOf(this.shape.protocol).length;
  }

  private creation(count: number): Wish {
    const { relays, protocol, id } = this.shape;
    const numbers = Array.from({ length: relays }, (_, n) => n + 1);
    const possible = (): boolean => numbers.every((n) => this.addressOf(n) !== undefined);
    return {
      what: `create ${id}`,
      ready: possible,
      possible,
      act: () => {
        const chosen = numbers.slice(0, count).map((n) => this.chosen(n));
        const group = { id, owner: 'alice', name: id, protocol, chosen };
        return this.asOwner(
          (agent) => agent.createGroup(group),
          () => this.exists,
        );
      },
    };
  }

  private choice(n: number): Wish {
    const possible = (): boolean => this.link() !== undefined || this.group()?.status === 'New';
    const known = (): boolean =>
      (this.group()?.data['chosen'] as ChosenRelay[]).some(({ name }) => name === `relay-${n}`);
    const ref = { noun: 'group', id: this.shape.id } as const;
    return {
      what: `choose relay-${n} for ${this.shape.id}`,
      ready: possible,
      possible,
      act: () => {
        const facts = { relays: [this.chosen(n)] };
        return this.asOwner((agent) => agent.tell(ref, 'alice', 'relays.chosen', facts), known);
      },
    };
  }

  private async asOwner(act: (agent: Agent) => Promise<unknown>, done: () => boolean): Promise<boolean> {
    const owner = this.world.process('owner');
    await this.world.within(owner, () => act(owner.agent));
    return done();
  }

  /** Step 13: the link is shared when every relay is confirmed, or too early. */
  private joining(name: string): Wish {
    const possible = (): boolean => this.link() !== undefined;
    return {
      what: `let ${name} join ${this.shape.id}`,
      possible,
      ready: () => possible() && (this.shape.impatient === true || this.allConfirmed()),
      act: async () => {
        await this.join(name);
        return this.world.process('member').store.records.has(refKey(this.membership(name)));
      },
    };
  }

  async join(name: string): Promise<void> {
    const member = this.world.process('member');
    await this.world.within(member, () => member.agent.join(this.link()!, [name]));
  }

  private membership(name: string): RecordRef {
    return { noun: 'membership', id: membershipId(name, this.link()!) };
  }

  /** Step 16, once every member is connected to every relay: then what arrives can be counted. */
  private sending(): Wish {
    const { id, members, relays } = this.shape;
    const connected = (): number =>
      this.records('member', 'member_connection').filter(({ status }) => status === 'Connected').length;
    const accepted = (): number =>
      Array.from({ length: relays }, (_, n) => this.records(`relay-${n + 1}`, 'group_member'))
        .flat()
        .filter(({ status }) => status === 'Accepted' || status === 'Connected').length;
    const all = members * relays;
    return {
      what: `send a message to ${id}`,
      possible: () => this.link() !== undefined,
      ready: () => this.allConfirmed() && connected() === all && accepted() === all,
      act: async () => {
        await this.post();
        return true;
      },
    };
  }

  /** What is on its way to no relay was not sent. */
  private async post(): Promise<void> {
    const { agent } = this.world.process('owner');
    const posted = await agent.post(this.shape.id, [`message ${this.sent.length + 1}`]);
    if (posted.relays.length > 0) this.sent.push(...posted.messageIds);
  }

  private allConfirmed(): boolean {
    const { records } = this.world.process('owner').store;
    return Array.from({ length: this.shape.relays }, (_, n) =>
      records.get(refKey({ noun: 'group_relay', id: groupRelayId(this.shape.id, `relay-${n + 1}`) })),
    ).every((record) => record?.status === 'Confirmed');
  }

  private group(): SagaRecord | undefined {
    return this.world.process('owner').store.records.get(`group:${this.shape.id}`);
  }

  private link(): string | undefined {
    const group = this.group();
    // it may be known before it is made
    return group?.status === 'Ready' ? (group.data['groupLink'] as string) : undefined;
  }

  private chosen(n: number): ChosenRelay {
    const relayMemberId = newId(this.world.random.bytes(12)).text;
    return { name: `relay-${n}`, address: this.addressOf(n)!, relayMemberId };
  }

  private addressOf(n: number): string | undefined {
    const { store } = this.world.process(`relay-${n}`);
    return store.records.get(`relay_address:relay-${n}`)?.data['address'] as string | undefined;
  }

  /** of this group, as those who know it by its link keep them */
  private records(process: string, noun: Noun): SagaRecord[] {
    const link = this.link();
    const { records } = this.world.process(process).store;
    return [...records.values()].filter((record) => record.noun === noun && groupOf(record) === link);
  }
}
