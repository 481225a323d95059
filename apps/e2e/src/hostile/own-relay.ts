import { type NatsConnection, relayRequests } from '@chat-relays/bus';
import type { GroupProfile } from '@chat-relays/wire';
import type { Adversary, OwnLink } from './adversary';
import type { Heard, Line } from './line';
import { Persona, plain } from './persona';

const accepted = plain({ event: 'x.ok', params: {} });

/** A relay that is the adversary: owners choose it by its name, and it serves as far as a test goes. */
export class OwnRelay {
  readonly persona: Persona;

  private constructor(
    private readonly adversary: Adversary,
    readonly name: string,
    private readonly address: OwnLink,
    readonly link: OwnLink,
    private readonly unsubscribe: () => void,
  ) {
    this.persona = new Persona(name);
  }

  static async open(bus: NatsConnection, adversary: Adversary, name: string): Promise<OwnRelay> {
    const data = { relayProfile: { displayName: name, fullName: '' } };
    const make = (type: 'r' | 'g') =>
      adversary.publish(adversary.prepare(type).seed, { type, direct: true, data });
    const [address, link] = [await make('r'), await make('g')];
    const { subject } = relayRequests['relay.*.address.get'];
    const subscription = bus.subscribe(subject.replace('*', name), {
      callback: (_, message) => void message.respond(JSON.stringify({ relay: name, address: address.uri })),
    });
    return new OwnRelay(adversary, name, address, link, () => subscription.unsubscribe());
  }

  close(): void {
    this.unsubscribe();
  }

  /** Steps 6 to 12 of `paired`: the owner's requests, and on which lines it is answered. */
  async serves(): Promise<{ invitation: Heard; contact: Heard; requests: Line; posts: Line }> {
    const { adversary, address, link } = this;
    const invitation = await address.line.hears('x.grp.relay.inv');
    const acceptance = plain({ event: 'x.grp.relay.acpt', params: { relayLink: link.uri } });
    const requests = await adversary.accept(invitation.peer!, acceptance);
    const contact = await link.line.hears('x.contact');
    const posts = await adversary.accept(contact.peer!, accepted);
    await posts.hears('x.ok');
    return { invitation, contact, requests, posts };
  }

  /** Steps 15a and 15b: one member's requests, and the lines to it. */
  async letsIn(): Promise<{ joining: Heard; line: Line }[]> {
    const joined: { joining: Heard; line: Line }[] = [];
    for (const _ of ['priority', 'messages']) {
      const joining = await this.link.line.hears('x.member');
      const line = await this.adversary.accept(joining.peer!, this.acceptance(joining));
      await line.hears('x.ok');
      joined.push({ joining, line });
    }
    return joined;
  }

  private acceptance({ params }: Heard): Uint8Array {
    const { newMemberId } = params as { newMemberId: Uint8Array };
    const groupProfile: GroupProfile = { displayName: 'shared', fullName: '' };
    return plain({
      event: 'x.grp.link.inv',
      params: {
        groupLinkInvitation: {
          fromMember: { memberId: this.persona.memberId, memberRole: 'relay' },
          fromMemberName: this.name,
          invitedMember: { memberId: newMemberId, memberRole: 'observer' },
          groupProfile,
          accepted: 'accepted',
        },
      },
    });
  }
}
