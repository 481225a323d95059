import { Controller } from '@nestjs/common';
import { ownerRequests, Request, RequestRefused } from '@chat-relays/bus';
import type { Group, GroupRelay } from '@chat-relays/protocol';
import { AgentRuntime } from '@chat-relays/service';
import type { Shown } from '@chat-relays/storage';
import { OwnerGroups } from './owner-groups';

const {
  'owner.group.create': createGroup,
  'owner.group.list': listGroups,
  'owner.group.get': getGroup,
  'owner.group.relays.add': addRelays,
  'owner.group.relays.get': getRelays,
  'owner.message.send': sendMessage,
} = ownerRequests;

@Controller()
export class GroupController {
  constructor(
    private readonly groups: OwnerGroups,
    private readonly runtime: AgentRuntime,
  ) {}

  @Request(createGroup)
  async create({ owner, name, relays }: { owner: string; name: string; relays: number[] }) {
    return shownGroup(await this.groups.create(owner, name, relays));
  }

  @Request(listGroups)
  async list({ owner }: { owner: string }) {
    return { groups: (await this.groups.list(owner)).map(shownGroup) };
  }

  @Request(getGroup)
  async get({ owner, group }: { owner: string; group: string }) {
    return shownGroup(await this.groups.get(owner, group));
  }

  @Request(addRelays)
  async addRelays({ owner, group, relays }: { owner: string; group: string; relays: number[] }) {
    const found = await this.groups.get(owner, group);
    await this.groups.add(owner, found, relays);
    return { relays: (await this.groups.relaysOf(found)).map((relay) => this.shown(relay)) };
  }

  @Request(getRelays)
  async relays({ owner, group }: { owner: string; group: string }) {
    const found = await this.groups.get(owner, group);
    return { relays: (await this.groups.relaysOf(found)).map((relay) => this.shown(relay)) };
  }

  @Request(sendMessage)
  async send({ owner, group, texts }: { owner: string; group: string; texts: string[] }) {
    const found = await this.groups.get(owner, group);
    const { messageIds, relays } = await this.runtime.agent.post(found.id, texts);
    if (relays.length === 0) {
      throw new RequestRefused('no_relays', `no relay of "${group}" is confirmed, so nobody can receive`);
    }
    const names = (await this.groups.relaysOf(found)).filter(({ id }) => relays.includes(id));
    return { messageIds, relays: names.map(({ data }) => data.relayName) };
  }

  private shown(record: Shown<GroupRelay>) {
    const { status, attempt, since, data } = record;
    const stuck = this.runtime.isStuck('group_relay', record);
    const { relayName: relay, relayLink, reason } = data;
    return { relay, status, relayLink, attempt, since, stuck, reason };
  }
}

function shownGroup({ id, status, data }: Shown<Group>) {
  return { groupId: id, name: data.profile.displayName, status, groupLink: data.groupLink };
}
