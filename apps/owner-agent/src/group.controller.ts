import { Controller } from '@nestjs/common';
import { ownerRequests, Request, RequestRefused } from '@chat-relays/bus';
import { type Group, type GroupRelay, linkToShare, type ProtocolName } from '@chat-relays/protocol';
import { AgentRuntime } from '@chat-relays/service';
import type { Shown } from '@chat-relays/storage';
import { OwnerGroups } from './owner-groups';

const {
  'owner.group.create': createGroup,
  'owner.group.retry': retryGroup,
  'owner.group.list': listGroups,
  'owner.group.get': getGroup,
  'owner.group.relays.add': addRelays,
  'owner.group.relays.remove': removeRelay,
  'owner.group.relays.retry': retryRelay,
  'owner.group.relays.get': getRelays,
  'owner.message.send': sendMessage,
} = ownerRequests;

interface Named {
  readonly owner: string;
  readonly group: string;
}

interface NewGroup {
  readonly owner: string;
  readonly name: string;
  readonly relays: number[];
  readonly protocol?: ProtocolName;
}

@Controller()
export class GroupController {
  constructor(
    private readonly groups: OwnerGroups,
    private readonly runtime: AgentRuntime,
  ) {}

  @Request(createGroup)
  async create({ owner, name, relays, protocol }: NewGroup) {
    return shownGroup(await this.groups.create(owner, name, relays, protocol));
  }

  @Request(retryGroup)
  async retry({ owner, group }: Named) {
    const found = await this.groups.get(owner, group);
    return shownGroup(await this.groups.beginAgain(owner, found));
  }

  @Request(listGroups)
  async list({ owner }: { owner: string }) {
    return { groups: (await this.groups.list(owner)).map(shownGroup) };
  }

  @Request(getGroup)
  async get({ owner, group }: Named) {
    return shownGroup(await this.groups.get(owner, group));
  }

  @Request(addRelays)
  async addRelays({ owner, group, relays }: Named & { relays: number[] }) {
    const found = await this.groups.get(owner, group);
    await this.groups.add(owner, found, relays);
    return { relays: await this.shownRelays(found) };
  }

  @Request(removeRelay)
  async removeRelay({ owner, group, relay, force }: Named & { relay: string; force: boolean }) {
    const found = await this.groups.get(owner, group);
    await this.groups.remove(owner, found, relay, force);
    return { relays: await this.shownRelays(found) };
  }

  @Request(retryRelay)
  async retryRelay({ owner, group, relay }: Named & { relay: string }) {
    const found = await this.groups.get(owner, group);
    await this.groups.retry(owner, found, relay);
    return { relays: await this.shownRelays(found) };
  }

  @Request(getRelays)
  async relays({ owner, group }: Named) {
    const found = await this.groups.get(owner, group);
    return { relays: await this.shownRelays(found) };
  }

  @Request(sendMessage)
  async send({ owner, group, texts }: Named & { texts: string[] }) {
    const found = await this.groups.get(owner, group);
    const { messageIds, relays } = await this.runtime.agent.post(found.id, texts);
    if (relays.length === 0) {
      throw new RequestRefused('no_relays', `no relay of "${group}" is confirmed, so nobody can receive`);
    }
    const names = (await this.groups.relaysOf(found)).filter(({ id }) => relays.includes(id));
    return { messageIds, relays: names.map(({ data }) => data.relayName) };
  }

  private async shownRelays(group: Shown<Group>) {
    return (await this.groups.relaysOf(group)).map((relay) => this.shown(relay));
  }

  private shown(record: Shown<GroupRelay>) {
    const { status, attempt, since, data } = record;
    const stuck = this.runtime.isStuck('group_relay', record);
    const { relayName: relay, relayLink, reason } = data;
    return { relay, status, relayLink, attempt, since, stuck, reason };
  }
}

function shownGroup({ id, status, data }: Shown<Group>) {
  const { profile, protocol, reason } = data;
  const groupLink = linkToShare(status, data);
  return { groupId: id, name: profile.displayName, status, protocol, groupLink, reason };
}
