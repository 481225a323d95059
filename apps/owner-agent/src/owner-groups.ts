import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@chat-relays/agent';
import { RequestRefused } from '@chat-relays/bus';
import type { ChosenRelay, Group, GroupRelay } from '@chat-relays/protocol';
import { AgentRuntime, DATABASE } from '@chat-relays/service';
import { type DataSource, OwnerRelays, type Shown, showPartsOf, showRecords } from '@chat-relays/storage';

/** What an owner has and chooses from, by the names that people use. */
@Injectable()
export class OwnerGroups {
  readonly relays: OwnerRelays;

  constructor(
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
  async create(owner: string, name: string, positions: readonly number[]): Promise<Shown<Group>> {
    const groups = await this.list(owner);
    if (groups.some(({ data }) => data.profile.displayName === name)) {
      throw new RequestRefused('exists', `${owner} already has a group "${name}"`);
    }
    const id = newId(randomBytes(12)).text;
    await this.runtime.agent.tell({ noun: 'group', id }, owner, 'group.create', {
      groupId: id,
      owner,
      ownerMemberId: newId(randomBytes(12)).text,
      profile: { displayName: name, fullName: '' },
      chosen: await this.choose(owner, positions),
    });
    return this.get(owner, id);
  }

  async add(owner: string, group: Shown<Group>, positions: readonly number[]): Promise<void> {
    const relays = await this.choose(owner, positions);
    await this.runtime.agent.tell({ noun: 'group', id: group.id }, owner, 'relays.chosen', { relays });
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
