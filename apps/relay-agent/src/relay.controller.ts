import { Controller } from '@nestjs/common';
import { relayRequests, Request } from '@chat-relays/bus';
import { Relay } from './relay';

const { 'relay.*.address.get': getAddress, 'relay.*.group.list': listGroups } = relayRequests;

@Controller()
export class RelayController {
  constructor(private readonly relay: Relay) {}

  @Request(getAddress)
  async address() {
    return { relay: this.relay.name, address: await this.relay.address() };
  }

  @Request(listGroups)
  async list() {
    const groups = await this.relay.groups();
    return {
      groups: groups.map(({ status, since, members, pending, data }) => ({
        groupLink: data.groupLink,
        name: data.profile?.displayName,
        status,
        relayLink: data.relayLink,
        members,
        pendingDeliveries: pending,
        since,
        reason: data.reason,
      })),
    };
  }
}
