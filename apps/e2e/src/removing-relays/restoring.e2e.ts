import { protocolNames } from '@chat-relays/protocol';
import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import { MEMBERS, Town } from '../town';

const HISTORY = ['text 1', 'text 2', 'text 3'];

/** Agents look at the group link often, but not before what they asked for has an answer: that begins again. */
describe('a connection to the group is restored', () => {
  let town: Town;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000' });
  });

  afterAll(() => town.stop());

  it.each(protocolNames)(
    'by a relay that comes after all were removed, with what was said before, once: %s',
    async (protocol) => {
      const channel = await town.channel('restored', protocol, ['relay-1', 'relay-2']);
      await channel.relaysConfirmed();
      await channel.join(MEMBERS);
      await channel.membersConnected(MEMBERS.length);
      await channel.send(HISTORY);
      await channel.arrived(HISTORY.length * MEMBERS.length);
      for (const relay of ['relay-1', 'relay-2']) {
        await channel.removeRelay(relay, true);
        await channel.relayIs(relay, 'Removed');
      }
      await converges(async () => (await channel.status()).membersByStatus, { NoRelays: MEMBERS.length });

      await channel.addRelay('relay-3');
      await channel.relaysConfirmed();
      await channel.membersConnected(MEMBERS.length);
      await channel.join(['eve']);
      await channel.membersConnected(MEMBERS.length + 1);
      await channel.send(['text 4']);
      for (const member of [...MEMBERS, 'eve']) {
        await converges(() => textsOf(channel, member), [...HISTORY, 'text 4']);
      }
      const { received, membersByStatus } = await channel.status();
      expect(received).toBe((MEMBERS.length + 1) * (HISTORY.length + 1));
      expect(membersByStatus).toEqual({ Joined: MEMBERS.length + 1 });
    },
  );

  it('by a relay that was removed before, too', async () => {
    const channel = await town.channel('again', 'paired', ['relay-1', 'relay-2']);
    await channel.relaysConfirmed();
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    await channel.removeRelay('relay-2');
    await channel.relayIs('relay-2', 'Removed');
    await channel.send(HISTORY);
    await channel.addRelay('relay-2');
    await channel.relaysConfirmed();
    await channel.membersConnected(MEMBERS.length);
    await channel.removeRelay('relay-1');
    await channel.relayIs('relay-1', 'Removed');
    await channel.send(['text 4']);
    for (const member of MEMBERS) await converges(() => textsOf(channel, member), [...HISTORY, 'text 4']);
  });
});

async function textsOf(channel: Channel, member: string): Promise<string[]> {
  return (await channel.messagesOf(member)).map(({ text }) => text);
}
