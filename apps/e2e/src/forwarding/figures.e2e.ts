import { ownerRequests, request } from '@chat-relays/bus';
import { MEMBERS, RELAYS, Town } from '../town';

const TEXTS = Array.from({ length: 40 }, (_, index) => `text ${index + 1}`);

describe('forwarding through three relays', () => {
  let town: Town;

  beforeAll(async () => {
    town = await Town.start();
  });

  afterAll(() => town.stop());

  it('delivers every message once and in order, and drops exactly the other copies', async () => {
    const channel = await town.channel('figures');
    await channel.relaysConfirmed();
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    for (let at = 0; at < TEXTS.length; at += 10) await channel.send(TEXTS.slice(at, at + 10));
    const deliveries = TEXTS.length * MEMBERS.length;
    const { received, duplicates } = await channel.arrived(deliveries);
    expect({ received, duplicates }).toEqual({
      received: deliveries,
      duplicates: deliveries * (RELAYS.length - 1),
    });
    for (const member of MEMBERS) {
      expect((await channel.messagesOf(member)).map(({ text }) => text)).toEqual(TEXTS);
    }
  });

  it('refuses to send while no relay is confirmed, and says so', async () => {
    await town.fleet.kill('relay-1');
    const owner = 'alice';
    await request(town.bus, ownerRequests['owner.group.create'], { owner, name: 'silent', relays: [1] });
    await expect(
      request(town.bus, ownerRequests['owner.message.send'], { owner, group: 'silent', text: 'anybody?' }),
    ).rejects.toThrow('no relay of "silent" is confirmed, so nobody can receive');
  });
});
