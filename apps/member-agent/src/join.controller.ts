import { Controller } from '@nestjs/common';
import { memberRequests, Request } from '@chat-relays/bus';
import { Members } from './members';

const {
  'member.join': join,
  'member.group.list': listGroups,
  'member.group.status': getStatus,
} = memberRequests;

@Controller()
export class JoinController {
  constructor(private readonly members: Members) {}

  @Request(join)
  async join({ link, members, anew }: { link: string; members: string[]; anew?: boolean }) {
    const known = await this.members.join(link, members, anew);
    return { started: members.length - known, known };
  }

  @Request(listGroups)
  async list({ member }: { member?: string }) {
    return { groups: await this.members.reads.groups(member) };
  }

  @Request(getStatus)
  async status({ link }: { link: string }) {
    const status = await this.members.reads.status(link);
    const members = Object.values(status.membersByStatus).reduce((sum, count) => sum + count, 0);
    return { ...status, members };
  }
}
