import { Controller } from '@nestjs/common';
import { ownerRequests, Request } from '@chat-relays/bus';
import { OwnerGroups } from './owner-groups';

const { 'owner.relays.set': setRelays, 'owner.relays.get': getRelays } = ownerRequests;

/** The list that an owner chooses relays from, by position. */
@Controller()
export class RelaysController {
  constructor(private readonly groups: OwnerGroups) {}

  @Request(setRelays)
  async set({ owner, relays }: { owner: string; relays: { name: string; address: string }[] }) {
    await this.groups.relays.replace(owner, relays);
    return { relays: await this.groups.relays.list(owner) };
  }

  @Request(getRelays)
  async get({ owner }: { owner: string }) {
    return { relays: await this.groups.relays.list(owner) };
  }
}
