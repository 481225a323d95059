import { newId } from '@chat-relays/agent';
import { randomBytes } from 'node:crypto';
import { converges } from '../convergence';
import { Audience } from './audience';
import { OwnChannel } from './own-channel';
import { Persona, plain, post } from './persona';
import type { Scene } from './scene';
import { decided, refused, type Told, Witness } from './witness';

const RELAY = 'relay-1';
const OTHER = 'relay-2';

const numbered = (result: string): Told => ({
  line: [`"what":"integrity","result":"${result}"`],
  counter: `chat_relays_integrity_total{result="${result}"}`,
});

/** Owners of channels that are their own, and who do with them what they should not. */
export function owning(scene: () => Scene): void {
  const create = (name: string, protocol: 'paired' | 'full' | 'pooled' = 'paired') =>
    OwnChannel.create(scene().mallory, new Persona(name), protocol);

  test.each([
    ['full', '15'],
    ['paired', '15b'],
  ] as const)('%s: who does not list a relay: it lets nobody in', async (protocol, step) => {
    const { town, mallory, evidence, addresses } = scene();
    const own = await create('secretive', protocol);
    const relayLink = await own.accepted(await own.invites(addresses[RELAY]));
    const witness = await Witness.at(town, RELAY);
    const eve = new Persona('eve');
    const line = await mallory.knock(relayLink, eve.signs(own.group.publicGroupId, eve.joining(relayLink)));
    await witness.tells(decided(['group.join', 'relay', step], 'x.member', 'unmet'));
    expect(line.heard).toEqual([]);
    const groups = await evidence.ownGroups(RELAY, own.group.groupLink);
    expect(groups).toMatchObject([{ status: 'Accepted', members: 0 }]);
  });

  test('who posts before the relay serves', async () => {
    const { town, mallory, addresses } = scene();
    const own = await create('hasty', 'full');
    const line = await own.invites(addresses[RELAY]);
    await own.accepted(line);
    const witness = await Witness.at(town, RELAY);
    await mallory.say(line, post('too early'));
    await witness.tells(refused('connection', 'x.msg.new', 'this relay does not serve the group'));
  });

  test('who lists a relay of another group: it lets nobody in', async () => {
    const { town, mallory, addresses } = scene();
    const own = await create('liar');
    const { relayLink, posts } = await own.served(addresses[RELAY]);
    await own.lists(relayLink, await scene().relayLink(OTHER));
    const witness = await Witness.at(town, OTHER);
    const eve = new Audience(town.bus, own.group.groupLink, 'eve');
    await eve.joins();
    await witness.tells(
      ...['15a', '15b'].map((step) => decided(['group.join', 'relay', step], 'x.member', 'unmet')),
    );
    await eve.connects({ Connected: 2, Invited: 2 });
    await mallory.say(posts, post('of the one that serves'));
    await eve.has(['of the one that serves']);
  });

  test('who invites again with other content: there is one relay link, and a late invitation is late', async () => {
    const { town, evidence, addresses } = scene();
    const own = await create('restless');
    const first = await own.invites(addresses[RELAY], { attempt: 2 });
    const relayLink = await own.accepted(first);
    const second = await own.invites(addresses[RELAY], {
      attempt: 3,
      relayMemberId: newId(randomBytes(12)).bytes,
    });
    expect(await own.accepted(second)).toBe(relayLink);
    const witness = await Witness.at(town, RELAY);
    const late = await own.invites(addresses[RELAY], { attempt: 1, protocol: 'full' });
    await witness.tells(decided(['relay.add', 'relay', '6'], 'x.grp.relay.inv', 'unmet'));
    expect(late.heard).toEqual([]);
    expect(await evidence.ownGroups(RELAY, own.group.groupLink)).toMatchObject([
      { status: 'Accepted', relayLink },
    ]);
  });

  test('who numbers messages as it likes: it is told, and each is forwarded once', async () => {
    const { town, mallory, addresses } = scene();
    const own = await create('dyscalculic');
    const { posts } = await own.served(addresses[RELAY]);
    const eve = new Audience(town.bus, own.group.groupLink, 'eve');
    await eve.joins();
    await eve.connects({ Connected: 2 });
    const witness = await Witness.at(town, RELAY);
    const again = post('once');
    for (const [id, body] of [
      [1, again],
      [5, post('after a gap')],
      [3, post('from before')],
      [6, again],
      [6, post('with the number of the last')],
    ] as const) {
      posts.sent = { id: id - 1, hash: randomBytes(32) };
      await mallory.say(posts, body);
    }
    await witness.tells(...['skipped', 'bad_id', 'bad_hash'].map(numbered));
    await eve.has(['once', 'after a gap', 'from before', 'with the number of the last']);
    expect(await witness.counted(numbered('duplicate').counter)).toBe(1);
  });

  test.each(['full', 'pooled'] as const)(
    '%s: who lists a relay of another group, which lets anybody in: members hear whose it is, and leave',
    async (protocol) => {
      const { town, evidence } = scene();
      const alices = await town.channel(`mirrored-${protocol}`, protocol, [OTHER]);
      await alices.relaysConfirmed();
      const [{ relayLink }] = await alices.relayStatuses();
      const own = await create('plagiarist', protocol);
      await own.lists(relayLink!);
      const witness = await Witness.at(town, 'member-agent');
      const eve = new Audience(town.bus, own.group.groupLink, 'eve');
      await eve.joins();
      const reason = 'the relay serves another group by this link';
      await witness.tells(
        decided(['group.join', 'member', '15'], 'x.grp.link.inv', 'moved', '"to":"Broken"', reason),
      );
      await eve.connects({ Broken: 1 });
      await alices.join(['bob']);
      await alices.send(['hers']);
      await new Audience(town.bus, await alices.link(), 'bob').has(['hers']);
      await eve.has([]);
      await converges(async () => (await evidence.ownGroups(OTHER, await alices.link()))[0].members, 1);
    },
  );

  test('who says that a relay is removed that is another one', async () => {
    const { town, mallory, evidence, addresses } = scene();
    const own = await create('confused');
    const { requests } = await own.served(addresses[RELAY]);
    const witness = await Witness.at(town, RELAY);
    await mallory.say(
      requests,
      plain({ event: 'x.grp.mem.del', params: { memberId: newId(randomBytes(12)).bytes } }),
    );
    await witness.tells(decided(['relay.add', 'relay', 'remove.notified.1a'], 'x.grp.mem.del', 'unmet'));
    expect(await evidence.ownStatuses(RELAY, own.group.groupLink)).toEqual(['Confirmed']);
  });

  test('who takes a relay off the link without a word: it finds out, and tells its members', async () => {
    const { town, evidence, addresses } = scene();
    const own = await create('silent');
    const { relayLink } = await own.served(addresses[RELAY]);
    const eve = new Audience(town.bus, own.group.groupLink, 'eve');
    await eve.joins();
    await eve.connects({ Connected: 2 });
    await own.lists();
    await town.fleet.restart(RELAY, { LINK_CHECK_MS: '200' });
    const witness = await Witness.at(town, RELAY);
    await converges(() => evidence.ownStatuses(RELAY, own.group.groupLink), ['Removed']);
    const [{ reason, relayLink: gone }] = await evidence.ownGroups(RELAY, own.group.groupLink);
    expect([reason, gone]).toEqual(['the relay link is not listed in the group link', relayLink]);
    const { counter } = decided(['relay.add', 'relay', 'remove.unnotified.3'], 'LDATA', 'moved');
    expect(await witness.counted(counter)).toBeGreaterThan(0);
    await eve.connects({ Removed: 2 });
    await expect(scene().mallory.knock(relayLink, Buffer.from('{}'))).rejects.toThrow('LGET');
  });
}
