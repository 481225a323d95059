import type { ProtocolName } from '@chat-relays/protocol';
import { Line } from './line';
import { type Forgery, OwnChannel } from './own-channel';
import { type Invited, Persona, plain } from './persona';
import type { Scene } from './scene';
import { decided, Witness } from './witness';

const NOT_NAMED = 'the group link does not name who invited';
const NOT_LISTED = 'the relay link is not listed in the group link';
const TARGET = 'relay-1';

/** Where each protocol looks at the group link. */
const LOOKS: Readonly<Record<ProtocolName, string>> = {
  full: '11',
  pooled: 'remove.unnotified.3',
  paired: '8',
};

interface Attempt {
  readonly title: string;
  readonly protocol: ProtocolName;
  /** Answers the group link that the invitation named, and the line on which the relay answers. */
  readonly invite: (scene: Scene) => Promise<{ groupLink: string; line: Line }>;
  readonly reason: string;
  /** what breaks it, if not what the link says */
  readonly on?: 'ERR';
}

/** Steps 5 to 12 with whoever is no owner, or no honest one: the relay is broken for the group, and says why. */
export function inviting(scene: () => Scene): void {
  const mallory = new Persona('mallory');
  const forged = (title: string, reason: string, forgery: Forgery, more: Partial<Invited> = {}): Attempt => ({
    ...{ title, protocol: 'paired', reason },
    async invite({ mallory: adversary, addresses }) {
      const channel = await OwnChannel.create(adversary, mallory, 'paired', forgery);
      const line = await channel.invites(addresses[TARGET], more);
      return { groupLink: channel.group.groupLink, line };
    },
  });

  const attempts: Attempt[] = [
    ...(['full', 'pooled', 'paired'] as const).map((protocol) => ({
      title: `${protocol}: into a group that is another's`,
      protocol,
      reason: NOT_NAMED,
      async invite({ town, mallory, addresses }: Scene) {
        const alices = await town.channel(`alices-${protocol}`, protocol, ['relay-2']);
        await alices.relaysConfirmed();
        const groupLink = await alices.link();
        const own = await OwnChannel.create(mallory, new Persona('mallory'), protocol);
        const line = await own.invites(addresses[TARGET], { groupLink });
        if (protocol !== 'paired') await own.accepted(line);
        if (protocol === 'full') await informs(mallory, line);
        return { groupLink, line };
      },
    })),
    {
      title: 'full: and says that it is listed, which it is not',
      protocol: 'full',
      reason: NOT_LISTED,
      async invite({ mallory, addresses }) {
        const own = await OwnChannel.create(mallory, new Persona('mallory'), 'full');
        const line = await own.invites(addresses[TARGET]);
        await own.accepted(line);
        await informs(mallory, line);
        return { groupLink: own.group.groupLink, line };
      },
    },
    forged(
      'paired: with a profile that its owner has not signed',
      'the profile is not signed by who invited',
      {
        owner: new Persona('mallory', mallory),
      },
    ),
    forged('paired: with the profile of another group', 'the profile names another group link', {
      profile: (right) => ({
        ...right,
        publicGroup: { ...(right['publicGroup'] as object), groupLink: 'simplex:/c#other' },
      }),
    }),
    forged('paired: with the profile of no public group', 'the profile is not that of a public group', {
      profile: ({ displayName, fullName }) => ({ displayName, fullName }),
    }),
    forged('paired: with a profile that is none', 'groupProfile', { profile: () => ({ displayName: 7 }) }),
    forged(
      'paired: naming another group than the link is of',
      'the invitation names another group than its link',
      {},
      { publicGroupId: Buffer.alloc(32, 7).toString('base64url') },
    ),
  ];

  const unread: Attempt[] = [
    {
      title: 'paired: without a signature',
      protocol: 'paired',
      reason: 'the invitation is not signed',
      async invite(scene) {
        const { group } = await OwnChannel.create(scene.mallory, mallory, 'paired');
        const line = await scene.mallory.knock(
          scene.addresses[TARGET],
          plain(mallory.invitation(group, false)),
        );
        return { groupLink: group.groupLink, line };
      },
    },
    {
      title: 'paired: by a link that leads nowhere',
      protocol: 'paired',
      reason: 'LGET',
      on: 'ERR',
      async invite({ mallory: adversary, addresses }) {
        const { uri: groupLink, entityId: publicGroupId } = adversary.prepare('c');
        const relayAddress = addresses[TARGET];
        const invitation = mallory.invitation({ groupLink, publicGroupId, relayAddress, protocol: 'paired' });
        const line = await adversary.knock(relayAddress, mallory.signs(publicGroupId, invitation));
        return { groupLink, line };
      },
    },
  ];

  test.each([...attempts, ...unread])('$title', async ({ protocol, reason, invite, on = 'LDATA' }) => {
    const { town, evidence } = scene();
    const witness = await Witness.at(town, TARGET);
    const { groupLink, line } = await invite(scene());
    const said: unknown = expect.stringContaining(reason);
    expect((await line.hears('x.grp.relay.reject')).params).toEqual({ reason: said });
    await witness.tells(
      decided(
        ['relay.add', 'relay', on === 'ERR' ? 'x' : LOOKS[protocol]],
        on,
        'moved',
        '"to":"Broken"',
        reason,
      ),
    );
    const [group, ...others] = await evidence.ownGroups(TARGET, groupLink);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ status: 'Broken', reason: said, members: 0 });
  });
}

async function informs(mallory: Scene['mallory'], line: Line): Promise<void> {
  const groupProfile = { displayName: 'mine', fullName: '' };
  await mallory.say(line, plain({ event: 'x.grp.info', params: { groupProfile } }));
}
