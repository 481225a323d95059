import { newId, type NewMessage, type Observation, type PeerQueue } from '@chat-relays/agent';
import {
  groupRelayId,
  membershipId,
  type Noun,
  type ProtocolName,
  type QueuePurpose,
  type RecordRef,
  refKey,
  relayLinkOf,
  type SagaRecord,
} from '@chat-relays/protocol';
import { textId } from '@chat-relays/wire';
import { GROUP, POOL } from './users/names';
import { textOf } from './text-of';
import { Invariants } from './judges/invariants';
import type { Sabotage } from './faults/sabotage';
import { ScriptedFaults } from './faults/scripted-faults';
import { letTimePass, type Possible, possibilities } from './schedule';
import { type Process, World } from './world';

type Decided = Extract<Observation, { what: 'decided' }>;

/** One channel in a world without chance: what a story gives, does and sees. Every member is a process of its own. */
export class Channel {
  readonly world: World;
  readonly faults = new ScriptedFaults();
  private readonly asleep = new Set<string>();
  private readonly invariants: Invariants;

  private constructor(
    private readonly relays: readonly string[],
    quota: number,
    readonly protocol: ProtocolName,
    sabotage?: Sabotage,
  ) {
    this.world = new World(7, protocol, this.faults, { quota, page: 2, sabotage });
    this.invariants = new Invariants(this.world);
  }

  static async with({
    relays,
    members = [],
    quota = 8,
    protocol = 'full',
    pool = POOL,
    sabotage,
  }: {
    relays: string[];
    members?: string[];
    quota?: number;
    protocol?: ProtocolName;
    /** links that each relay has ready, where the protocol has a pool */
    pool?: number;
    sabotage?: Sabotage;
  }) {
    const channel = new Channel(relays, quota, protocol, sabotage);
    channel.world.add('owner', 'smp-owner');
    for (const name of members) channel.world.add(name, 'smp-members');
    for (const name of relays) {
      const { agent } = channel.world.add(name, 'smp-relays', name);
      await agent.tell({ noun: 'relay_address', id: name }, name, 'address.create', { relayName: name });
      if (protocol === 'pooled') await agent.fillPool(name, pool);
    }
    await channel.settle();
    return channel;
  }

  /** The owner creates the group and chooses all relays. */
  async begins(relays = this.relays): Promise<void> {
    await this.process('owner').agent.createGroup({
      id: GROUP,
      owner: 'alice',
      name: GROUP,
      protocol: this.protocol,
      chosen: relays.map((name) => this.chosen(name)),
    });
  }

  /** The owner begins the group again, which got no link. */
  async beginsAgain() {
    return this.tells('group.retry', {});
  }

  async chooses(relay: string): Promise<void> {
    await this.tells('relays.chosen', { relays: [this.chosen(relay)] });
  }

  async joins(member: string, anew = false): Promise<void> {
    await this.process(member).agent.join(this.groupLink, [member], anew);
  }

  /** The owner removes a relay; answers what became of it. */
  async removes(relay: string, force = false) {
    return this.tells('relay.remove', { name: relay, force });
  }

  /** The owner tries a relay again from the start. */
  async retries(relay: string) {
    return this.tells('relay.retry', { name: relay });
  }

  /** It is time to look whether anything changed untold. */
  async checks(process: string): Promise<void> {
    await this.process(process).agent.check();
  }

  async posts(...texts: string[]): Promise<void> {
    await this.process('owner').agent.post(GROUP, texts);
  }

  /** The texts that a member has, in order. */
  texts(member: string): string[] {
    return [...this.process(member).messages.kept.values()].map(textOf);
  }

  /** What a member holds against relays, as `B: text`, in order. */
  divergences(member: string): string[] {
    return this.process(member).messages.divergent.map((copy) => `${this.bringerOf(copy)}: ${textOf(copy)}`);
  }

  /** The texts that only one relay brought, as `B: text`, in order. */
  uncorroborated(member: string): string[] {
    const { messages } = this.process(member);
    return [...messages.kept.values()]
      .filter((copy) => !messages.isCorroborated(copy))
      .map((copy) => `${this.bringerOf(copy)}: ${textOf(copy)}`);
  }

  bringerOf({ via }: Pick<NewMessage, 'via'>): string | undefined {
    const link = relayLinkOf(via);
    return this.relays.find((relay) => this.recordsOf(relay, 'relay_own')[0]?.data['relayLink'] === link);
  }

  /** The process, or one kind of its work, stands still until it is woken. */
  sleep(process: string, what: Possible['what'] | 'all' = 'all'): void {
    this.asleep.add(`${process} ${what}`);
  }

  wake(process: string): void {
    for (const what of ['all', 'execute', 'receive', 'deliver']) this.asleep.delete(`${process} ${what}`);
  }

  /** The server does what the process asks next of this kind, and the answer is lost. */
  loseReplyTo(process: string, command: string): void {
    this.faults.lost = { process, command };
  }

  /** The server answers what the process asks next of this kind with a no. */
  refuse(process: string, command: string): void {
    this.faults.refused = { process, command };
  }

  /** The queues on which a process is told something are no more: its server lost them, or it deleted them itself. */
  losesQueues(process: string, noun: Noun, which: QueuePurpose = 'connection'): void {
    const { store, smp } = this.process(process);
    for (const { server, recipientId, purpose, ...ref } of store.receiveQueues.values()) {
      if (ref.noun !== noun || purpose !== which) continue;
      const key = smp.keyOf(server, recipientId);
      const request = { entityId: recipientId, command: { kind: 'DEL' }, key } as const;
      this.world.servers.execute(server, smp.session, request);
    }
  }

  /** The server of the group link was restored from an old copy, and a process reads the link next. */
  readsOldLink(process: string): void {
    this.faults.old = process;
  }

  /** What is on the way to a process comes twice. */
  repeat(process: string): void {
    const waiting = this.world.servers.onTheWay.get(this.process(process).smp.session) ?? [];
    waiting.push(...waiting);
  }

  /** Goes on until nothing happens any more. */
  async settle(): Promise<void> {
    await this.run(() => false);
  }

  async until(what: string, condition: () => boolean): Promise<void> {
    if (!(await this.run(condition)))
      throw new Error(`it never came to this: ${what}\n${this.world.story.columns()}`);
  }

  private async run(enough: () => boolean): Promise<boolean> {
    for (let events = 0; events < 2_000; events++) {
      const problems = this.invariants.check();
      if (problems.length > 0) throw new Error(problems.join('; '));
      if (enough()) return true;
      const [next] = [...possibilities(this.world)].filter((one) => this.isAwake(one.process, one.what));
      if (next) await this.world.within(next.process, next.event);
      else if (!letTimePass(this.world, (process) => this.isAwake(process, 'execute'))) return false;
      // strangers and wrong messages are what some stories are about
      this.faults.strange.length = 0;
    }
    throw new Error(`no rest\n${this.world.story.columns()}`);
  }

  private isAwake({ name }: Process, what: Possible['what']): boolean {
    return !this.asleep.has(`${name} all`) && !this.asleep.has(`${name} ${what}`);
  }

  process(name: string): Process {
    return this.world.process(name);
  }

  get groupLink(): string {
    return String(this.record('owner', { noun: 'group', id: GROUP })?.data['groupLink']);
  }

  record(process: string, ref: RecordRef): SagaRecord | undefined {
    return this.process(process).store.records.get(refKey(ref));
  }

  recordsOf(process: string, noun: SagaRecord['noun']): SagaRecord[] {
    return [...this.process(process).store.records.values()].filter((record) => record.noun === noun);
  }

  /** `group_relays.relay_status` */
  relayStatus(relay: string): string | undefined {
    return this.record('owner', { noun: 'group_relay', id: groupRelayId(GROUP, relay) })?.status;
  }

  /** `groups.relay_own_status` */
  relayOwnStatus(relay: string): string | undefined {
    return this.recordsOf(relay, 'relay_own')[0]?.status;
  }

  /** of the member's connection to each relay */
  connections(member: string): string[] {
    return this.recordsOf(member, 'member_connection').map(({ status }) => status);
  }

  /** of the relay's members */
  membersOf(relay: string): string[] {
    return this.recordsOf(relay, 'group_member').map(({ status }) => status);
  }

  membership(member: string): RecordRef {
    return { noun: 'membership', id: membershipId(member, this.groupLink) };
  }

  decided(event: string, outcome: Decided['outcome']): number {
    return this.world.observations.filter(
      (one) => one.what === 'decided' && one.event === event && one.outcome === outcome,
    ).length;
  }

  executed(kind: string, result: string): number {
    return this.world.observations.filter(
      (one) => one.what === 'executed' && one.kind === kind && one.result === result,
    ).length;
  }

  refusals(): string[] {
    return this.world.observations.flatMap((one) => (one.what === 'refused' ? [one.reason] : []));
  }

  /** Links that the relays made, their addresses and what they have ready apart. */
  relayLinks(): number {
    const { queues } = this.world.servers.core('smp-relays').snapshot();
    const others = this.relays
      .flatMap((relay) => [...this.process(relay).store.receiveQueues.values()])
      .filter(({ link, noun }) => link && noun !== 'relay_own');
    return queues.filter(({ mode }) => mode === 'C').length - others.length;
  }

  /** Relays in the link data of the group. */
  listed(): number {
    return this.world.servers.linkData('smp-owner', this.groupLink)?.user.relays.length ?? 0;
  }

  /** A queue as its sender knows it; without `recipientId` the newest one of the server. */
  senderSide(server: string, recipientId?: Uint8Array): PeerQueue {
    const queues = this.world.servers
      .core(server)
      .snapshot()
      .queues.filter(({ mode }) => mode === 'M');
    const found = recipientId
      ? queues.find((queue) => Buffer.from(queue.recipientId).equals(recipientId))
      : queues.at(-1);
    if (!found) throw new Error(`there is no such queue at ${server}`);
    return { server, senderId: textId(found.senderId), dhKey: found.recipientDhKey };
  }

  private async tells(event: string, facts: object) {
    return this.process('owner').agent.tell({ noun: 'group', id: GROUP }, 'alice', event, facts);
  }

  private chosen(name: string) {
    const address = this.record(name, { noun: 'relay_address', id: name })?.data['address'] as string;
    return { name, address, relayMemberId: this.newId() };
  }

  private newId(): string {
    return newId(this.world.random.bytes(12)).text;
  }
}
