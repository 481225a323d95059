import { randomBytes } from 'node:crypto';
import { realCrypto } from '@chat-relays/agent';
import { ownerRequests, request } from '@chat-relays/bus';
import type { Channel } from '@chat-relays/tools';
import { idBytes } from '@chat-relays/wire';
import { converges } from '../convergence';
import { sendQueue } from './line';
import { OwnRelay } from './own-relay';
import type { Scene } from './scene';
import { decided, refused, Witness } from './witness';
import { Wiretap } from './wiretap';

const RELAY = 'relay-1';

/** What others said once, said again. */
export function repeating(scene: () => Scene): void {
  let shared: Channel;

  test('who reads the broker sends every request of an owner and a member once more', async () => {
    const { town, mallory, evidence } = scene();
    const wiretap = new Wiretap(town.bus, 'smp-relays');
    shared = await town.channel('tapped', 'paired', [RELAY]);
    await shared.relaysConfirmed();
    await shared.join(['bob']);
    await shared.membersConnected(1);
    const tapped = wiretap.ends();
    expect(tapped).toHaveLength(4);
    const before = await evidence.ownGroups(RELAY, await shared.link());
    const witness = await Witness.at(town, RELAY);
    for (const one of tapped) expect(await mallory.sends('smp-relays', one)).toBe('OK');
    await witness.tells(
      decided(['relay.add', 'relay', '6'], 'x.grp.relay.inv', 'unmet'),
      decided(['relay.connect', 'relay', '12'], 'x.contact', 'unmet'),
      decided(['group.join', 'relay', '15a'], 'x.member', 'unmet'),
      decided(['group.join', 'relay', '15b'], 'x.member', 'unmet'),
    );
    expect(await evidence.ownGroups(RELAY, await shared.link())).toEqual(before);
  });

  test('who was told a request takes it to another relay', async () => {
    const { town, mallory, addresses } = scene();
    const relay = await OwnRelay.open(town.bus, mallory, 'trent');
    const lent = await town.channel('lent', 'paired', [RELAY, relay.name]);
    const { invitation, contact } = await relay.serves();
    await lent.relaysConfirmed();
    await lent.join(['bob']);
    const [{ joining: asking }, { joining }] = await relay.letsIn();
    const { relayLink } = (await lent.relayStatuses()).find((one) => one.relay === RELAY)!;
    const witness = await Witness.at(town, RELAY);
    const taken = [
      await mallory.knock(addresses[RELAY], invitation.bytes),
      await mallory.knock(relayLink!, contact.bytes),
      await mallory.knock(relayLink!, asking.bytes),
      await mallory.knock(relayLink!, joining.bytes),
    ];
    const member = refused('relay_link', 'contact request', 'x.member: it was meant for another relay link');
    await witness.tells(
      refused('relay_address', 'contact request', 'x.grp.relay.inv: it was meant for another relay'),
      refused('relay_link', 'contact request', 'x.contact: it was meant for another relay link'),
      ...[member, member],
    );
    expect(taken.flatMap(({ heard }) => heard)).toEqual([]);
    relay.close();
  });

  test('who finds the queue of an owner for its relay cannot use it a second time', async () => {
    const { town, mallory, evidence, news } = scene();
    const { owner, name: group } = news;
    const { groupId } = await request(town.bus, ownerRequests['owner.group.get'], { owner, group });
    const { server, id: senderId } = await evidence.queueOf(groupId, RELAY);
    const witness = await Witness.at(town, server);
    const { publicKey: dhKey } = realCrypto.keyPair('x25519', randomBytes(32));
    const accepting = mallory.accept(sendQueue({ server, senderId, dhKey }), Buffer.from('{}'));
    await expect(accepting).rejects.toThrow('SKEY: AUTH');
    const command = { kind: 'SEND', notify: false, body: Buffer.from('lies') } as const;
    expect(await mallory.sends(server, { entityId: idBytes(senderId), command })).toBe('ERR AUTH');
    expect(await witness.counted('simplex_smp_messages_sent_errors{type="auth"}')).toBe(1);
  });

  test('and bob has what alice posts', async () => {
    await shared.send(['hers']);
    await converges(async () => (await shared.messagesOf('bob')).map(({ text }) => text), ['hers']);
  });
}
