import { type ProtocolName, profileWithLink, type StoredProfile } from '@chat-relays/protocol';
import type { Adversary, OwnLink } from './adversary';
import type { Line } from './line';
import { type Invited, type Persona, plain } from './persona';

export interface Forgery {
  /** instead of the profile that a channel has */
  readonly profile?: (right: StoredProfile) => object;
  /** whom the link names as the owner, if not who invites */
  readonly owner?: Persona;
}

/** A channel of the adversary's own: in order, but for what is forged, and done with step by step as it likes. */
export class OwnChannel {
  private constructor(
    private readonly adversary: Adversary,
    readonly owner: Persona,
    private readonly link: OwnLink,
    readonly group: Invited & { readonly publicGroupId: string },
    private readonly data: object,
  ) {}

  static async create(
    adversary: Adversary,
    owner: Persona,
    protocol: ProtocolName,
    { profile: forged = (right) => right, owner: named = owner }: Forgery = {},
  ): Promise<OwnChannel> {
    const { seed, uri: groupLink, entityId: publicGroupId } = adversary.prepare('c');
    const right = { displayName: `of ${owner.name}`, fullName: '' };
    const profile = forged(profileWithLink(right, groupLink, publicGroupId));
    const data = { groupProfile: profile, protocol };
    const link = await adversary.publish(seed, { type: 'c', direct: false, data, owner: named.owner });
    const group = { groupLink, publicGroupId, protocol };
    return new OwnChannel(adversary, owner, link, group, { ...named.owner, ...group, profile });
  }

  /** Lists these relay links and no others. */
  async lists(...relayLinks: string[]): Promise<void> {
    await this.adversary.list(this.link, this.data, relayLinks);
  }

  /** Invites a relay, which says what it thinks on the line. */
  async invites(relayAddress: string, more: Partial<Invited> = {}): Promise<Line> {
    const { adversary, owner, group } = this;
    const invited = { ...group, relayAddress, ...more };
    return adversary.knock(relayAddress, owner.signs(invited.publicGroupId, owner.invitation(invited)));
  }

  /** Hears that the relay accepts, and by which link. */
  async accepted(line: Line): Promise<string> {
    const { params } = await line.hears('x.grp.relay.acpt');
    await this.adversary.confirm(line, plain({ event: 'x.ok', params: {} }));
    return (params as { relayLink: string }).relayLink;
  }

  /** Comes over the relay link, as the owner does in `paired`; posts go on this line. */
  async connects(relayLink: string): Promise<Line> {
    const { adversary, owner, group } = this;
    const line = await adversary.knock(
      relayLink,
      owner.signs(group.publicGroupId, owner.connecting(relayLink)),
    );
    await line.hears('x.ok');
    await adversary.confirm(line, plain({ event: 'x.ok', params: {} }));
    return line;
  }

  /** A relay that serves the channel, as it would anybody's. */
  async served(relayAddress: string): Promise<{ relayLink: string; requests: Line; posts: Line }> {
    const requests = await this.invites(relayAddress);
    const relayLink = await this.accepted(requests);
    await this.lists(relayLink);
    return { relayLink, requests, posts: await this.connects(relayLink) };
  }
}
