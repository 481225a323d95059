import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@chat-relays/agent';
import { RequestRefused } from '@chat-relays/bus';
import {
  type ChosenRelay,
  contradiction,
  type Group,
  type GroupRelay,
  type ProtocolName,
} from '@chat-relays/protocol';
import { AgentRuntime, DATABASE } from '@chat-relays/service';
import { type DataSource, OwnerRelays, type Shown, showPartsOf, showRecords } from '@chat-relays/storage';

export const PROTOCOL = Symbol('protocol of new groups');

/** What an owner has and chooses from, by the names that people use. */
@Injectable()
export class OwnerGroups {
  readonly relays: OwnerRelays;

  constructor(
    @Inject(PROTOCOL) private readonly protocol: ProtocolName,
    @Inject(DATABASE) private readonly source: DataSource,
    private readonly runtime: AgentRuntime,
  ) {
    this.relays = new OwnerRelays(source);
  }

  async list(owner: string): Promise<Shown<Group>[]> {
    return showRecords<Group>(this.source, 'group', owner);
  }

  /** @throws {RequestRefused} not_found */
  async get(owner: string, reference: string): Promise<Shown<Group>> {
    const groups = await this.list(owner);
    const found = groups.find(({ id, data }) => id === reference || data.profile.displayName === reference);
    if (!found) throw new RequestRefused('not_found', `${owner} has no group "${reference}"`);
    return found;
  }

  async relaysOf(group: Shown<Group>): Promise<Shown<GroupRelay>[]> {
    return showPartsOf<GroupRelay>(this.source, 'group_relay', group.id);
  }

  /** @throws {RequestRefused} exists, not_found (a position that the owner's list does not have) */
  async create(
    owner: string,
    name: string,
    positions: readonly number[],
    protocol: ProtocolName = this.protocol,
  ): Promise<Shown<Group>> {
    const groups = await this.list(owner);
    if (groups.some(({ data }) => data.profile.displayName === name)) {
      throw new RequestRefused('exists', `${owner} already has a group "${name}"`);
    }
    const id = newId(randomBytes(12)).text;
    const chosen = await this.choose(owner, positions);
    await this.runtime.agent.createGroup({ id, owner, name, protocol, chosen });
    return this.get(owner, id);
  }

  /**
   * Makes the link that could not be made, with everything that was chosen.
   * @throws {RequestRefused} not_now, where the group is not broken
   */
  async beginAgain(owner: string, group: Shown<Group>): Promise<Shown<Group>> {
    const { id, status, data } = group;
    const outcome = await this.runtime.agent.tell({ noun: 'group', id }, owner, 'group.retry', {});
    if (outcome === 'moved') return this.get(owner, id);
    throw new RequestRefused(
      'not_now',
      `"${data.profile.displayName}" is ${status}: only a group that is Broken is begun again`,
    );
  }

  /** @throws {RequestRefused} not_found; not_now, where the group is broken; exists, where the group has a relay by this address or name already */
  async add(owner: string, group: Shown<Group>, positions: readonly number[]): Promise<void> {
    const relays = await this.choose(owner, positions);
    const ref = { noun: 'group', id: group.id } as const;
    const outcome = await this.runtime.agent.tell(ref, owner, 'relays.chosen', { relays });
    const { profile, chosen, reason } = group.data;
    if (outcome === 'ignored')
      throw new RequestRefused(
        'not_now',
        `"${profile.displayName}" is Broken (${reason}): begin it again first`,
      );
    if (outcome !== 'unmet') return;
    const { relay, known } = contradiction(relays, chosen) ?? {};
    throw new RequestRefused(
      'exists',
      relay?.name === known?.name
        ? `"${profile.displayName}" has another relay ${relay?.name}, at another address: remove that one first`
        : `"${profile.displayName}" has ${relay?.name} already, as ${known?.name}: remove that one first`,
    );
  }

  /**
   * Removes a relay, or stops adding it.
   * @throws {RequestRefused} not_found; last_relay, where nobody would forward any more and `force` is not given
   */
  async remove(owner: string, group: Shown<Group>, relay: string, force: boolean): Promise<void> {
    const { id, data } = await this.relayOf(group, relay);
    const ref = { noun: 'group', id: group.id } as const;
    const outcome = await this.runtime.agent.tell(ref, owner, 'relay.remove', { name: relay, force });
    if (outcome === 'unmet')
      throw new RequestRefused(
        'last_relay',
        `${relay} is the last relay of "${group.data.profile.displayName}": without it nobody receives messages; ` +
          'add another relay first, or insist with force',
      );
    if (outcome !== 'moved') throw notNow(id, data.relayName, 'removed');
  }

  /**
   * Adds a relay from the start again; late answers of before count no more.
   * @throws {RequestRefused} not_found; not_now, where the relay is neither silent nor broken
   */
  async retry(owner: string, group: Shown<Group>, name: string): Promise<void> {
    const { id, status, attempt } = await this.relayOf(group, name);
    await this.runtime.agent.tell({ noun: 'group', id: group.id }, owner, 'relay.retry', { name });
    const after = await this.relayOf(group, name);
    if (after.attempt === attempt) throw notNow(id, `${name} is ${status}`, 'tried again');
  }

  /** @throws {RequestRefused} not_found */
  private async relayOf(group: Shown<Group>, name: string): Promise<Shown<GroupRelay>> {
    const found = (await this.relaysOf(group)).find(({ data }) => data.relayName === name);
    if (found) return found;
    throw new RequestRefused('not_found', `"${group.data.profile.displayName}" has no relay ${name}`);
  }

  private async choose(owner: string, positions: readonly number[]): Promise<ChosenRelay[]> {
    const list = await this.relays.list(owner);
    return positions.map((position) => {
      const relay = list[position - 1];
      if (!relay) {
        throw new RequestRefused(
          'not_found',
          `${owner} has no relay ${position}: the list has ${list.length}; "/relays name=<name> <address>" replaces it`,
        );
      }
      return { name: relay.name, address: relay.address, relayMemberId: newId(randomBytes(12)).text };
    });
  }
}

function notNow(id: string, what: string, done: string): RequestRefused {
  return new RequestRefused('not_now', `${what}: ${id} cannot be ${done} now`);
}
