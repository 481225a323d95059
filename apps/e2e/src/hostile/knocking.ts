import { encodeBatch, encodeForward, idBytes } from '@chat-relays/wire';
import { MEMBERS } from '../town';
import { Persona, plain, post } from './persona';
import type { Scene } from './scene';
import { decided, refused, type Told, Witness } from './witness';

const TARGET = 'relay-1';

/** What a stranger may know of alice's channel and its members, and what nobody but them could prove. */
interface Known {
  readonly groupLink: string;
  readonly publicGroupId: string;
  readonly relayLink: string;
  readonly address: string;
  readonly otherLink: string;
  readonly otherAddress: string;
  readonly stranger: Persona;
  /** with her name and her public key, and another seed */
  readonly asAlice: Persona;
  readonly asBob: Persona;
}

interface Request {
  readonly title: string;
  /** over which link */
  readonly to: (known: Known) => string;
  readonly says: (known: Known) => Uint8Array;
  readonly told: Told;
  /** who is told it, if not the relay */
  readonly by?: string;
}

const at = (purpose: string, reason: string): Told => refused(purpose, 'contact request', reason);
const address = ({ address }: Known): string => address;
const relayLink = ({ relayLink }: Known): string => relayLink;
const invited = (known: Known, relayAddress = known.address) => {
  const { groupLink, publicGroupId } = known;
  return { groupLink, publicGroupId, relayAddress, protocol: 'paired' };
};
const joins = (told: 'unmet', step: string): Told => decided(['group.join', 'relay', step], 'x.member', told);

const invitations: Request[] = [
  {
    title: 'an invitation that is not signed with the key that it names',
    to: address,
    says: (known) => known.asAlice.signs(known.publicGroupId, known.asAlice.invitation(invited(known))),
    told: at('relay_address', 'x.grp.relay.inv: not signed with the key that it names'),
  },
  {
    title: 'an invitation that names a key, and is not signed',
    to: address,
    says: (known) => plain(known.stranger.invitation(invited(known))),
    told: at('relay_address', 'x.grp.relay.inv: not signed with the key that it names'),
  },
  {
    title: 'an invitation that was meant for another relay',
    to: address,
    says: (known) =>
      known.stranger.signs(
        known.publicGroupId,
        known.stranger.invitation(invited(known, known.otherAddress)),
      ),
    told: at('relay_address', 'x.grp.relay.inv: it was meant for another relay'),
  },
  {
    title: 'an invitation by a protocol that there is not',
    to: address,
    says: ({ stranger, ...known }) =>
      stranger.signs(
        known.publicGroupId,
        stranger.invitation({ ...invited({ stranger, ...known }), protocol: 'quick' }),
      ),
    told: at('relay_address', 'x.grp.relay.inv: there is no protocol \\"quick\\"'),
  },
  {
    title: 'an invitation to a group that the relay serves, by another key than its owner’s',
    to: address,
    says: (known) => known.stranger.signs(known.publicGroupId, known.stranger.invitation(invited(known))),
    told: decided(['relay.add', 'relay', '6'], 'x.grp.relay.inv', 'unmet'),
  },
  {
    title: 'an invitation to a group that the relay serves, that names no key',
    to: address,
    says: (known) => plain(known.stranger.invitation(invited(known), false)),
    told: decided(['relay.add', 'relay', '6'], 'x.grp.relay.inv', 'unmet'),
  },
  {
    title: 'two invitations in one request',
    to: address,
    says: (known) => {
      const one = plain(known.stranger.invitation(invited(known), false));
      return encodeBatch([one, one]);
    },
    told: refused('relay_address', 'contact request', 'one message is expected, not 2'),
  },
  {
    title: 'no JSON',
    to: address,
    says: () => Buffer.from('{"event":"x.grp.relay.inv"'),
    told: refused('relay_address', 'element 0', ''),
  },
];

const joinings: Request[] = [
  {
    title: 'a member that has signed nothing',
    to: relayLink,
    says: ({ stranger, relayLink: via }) => plain(stranger.joining(via)),
    told: joins('unmet', '15b'),
  },
  {
    title: 'a member that has signed nothing, for its requests',
    to: relayLink,
    says: ({ stranger, relayLink: via }) => plain(stranger.joining(via, 'priority')),
    told: joins('unmet', '15a'),
  },
  {
    title: 'a member that has signed for another group',
    to: relayLink,
    says: ({ stranger, relayLink: via }) =>
      stranger.signs(Buffer.alloc(32, 7).toString('base64url'), stranger.joining(via)),
    told: joins('unmet', '15b'),
  },
  {
    title: 'a member that was meant for another relay',
    to: relayLink,
    says: ({ stranger, publicGroupId, otherLink }) =>
      stranger.signs(publicGroupId, stranger.joining(otherLink)),
    told: at('relay_link', 'x.member: it was meant for another relay link'),
  },
  {
    title: 'a member in the name of another, with that one’s key',
    to: relayLink,
    says: ({ asBob, publicGroupId, relayLink: via }) => asBob.signs(publicGroupId, asBob.joining(via)),
    told: joins('unmet', '15b'),
  },
  {
    title: 'a member in the name of another, with a key of its own',
    to: relayLink,
    says: ({ asBob, publicGroupId, relayLink: via }) => {
      const squatter = new Persona('bob', { memberId: asBob.memberId });
      return squatter.signs(publicGroupId, squatter.joining(via));
    },
    told: joins('unmet', '15b'),
  },
  {
    title: 'an owner with a key that the group link does not name',
    to: relayLink,
    says: ({ stranger, publicGroupId, relayLink: via }) =>
      stranger.signs(publicGroupId, stranger.connecting(via)),
    told: at('relay_link', 'x.contact: not from the owner of the group'),
  },
  {
    title: 'an owner that cannot sign with the key that the group link names',
    to: relayLink,
    says: ({ asAlice, publicGroupId, relayLink: via }) =>
      asAlice.signs(publicGroupId, asAlice.connecting(via)),
    told: at('relay_link', "x.contact: not signed with the owner's key"),
  },
];

const misplaced: Request[] = [
  {
    title: 'a member at the address of a relay',
    to: address,
    says: ({ stranger, publicGroupId, address: via }) => stranger.signs(publicGroupId, stranger.joining(via)),
    told: at('relay_address', 'the relay_address takes no x.member'),
  },
  {
    title: 'an invitation at a relay link',
    to: relayLink,
    says: (known) => known.stranger.signs(known.publicGroupId, known.stranger.invitation(invited(known))),
    told: at('relay_link', 'the relay_link takes no x.grp.relay.inv'),
  },
  {
    title: 'a post at a relay link',
    to: relayLink,
    says: () => post('lies'),
    told: at('relay_link', 'the relay_link takes no x.msg.new'),
  },
  {
    title: 'a forwarded post at a relay link',
    to: relayLink,
    says: () => encodeForward({ kind: 'channel' }, 0, post('lies')),
    told: refused('relay_link', 'element 0', 'a forwarded element does not belong on a queue of a relay_own'),
  },
  {
    title: 'a member at the group link',
    to: ({ groupLink }) => groupLink,
    says: ({ stranger, publicGroupId, groupLink: via }) =>
      stranger.signs(publicGroupId, stranger.joining(via)),
    told: at('group_link', 'the group_link takes no x.member'),
    by: 'owner-agent',
  },
];

/** Contact requests of strangers to links that are in use: each is refused where it is read, and answered by nobody. */
export function knocking(scene: () => Scene): void {
  let known: Known;

  beforeAll(async () => {
    const { evidence, news, addresses } = scene();
    const groupLink = await news.link();
    const { ownerKey, publicGroupId } = await evidence.ownership(groupLink);
    const bob = await evidence.memberOf(TARGET, groupLink, 'bob');
    known = {
      ...{ groupLink, publicGroupId, relayLink: await scene().relayLink(TARGET), address: addresses[TARGET] },
      ...{ otherLink: await scene().relayLink('relay-2'), otherAddress: addresses['relay-2'] },
      stranger: new Persona('mallory'),
      asAlice: new Persona('alice', { key: ownerKey }),
      asBob: new Persona('bob', { memberId: idBytes(bob.memberId), key: idBytes(bob.memberKey) }),
    };
  });

  test.each([...invitations, ...joinings, ...misplaced])(
    '$title',
    async ({ to, says, told, by = TARGET }) => {
      const { town, mallory } = scene();
      const witness = await Witness.at(town, by);
      const line = await mallory.knock(to(known), says(known));
      await witness.tells(told);
      expect(line.heard).toEqual([]);
      const [group] = await scene().evidence.ownGroups(TARGET, known.groupLink);
      expect(group).toMatchObject({
        status: 'Confirmed',
        relayLink: known.relayLink,
        members: MEMBERS.length,
      });
    },
  );
}
