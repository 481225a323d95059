import { Client } from 'pg';
import type { Channel } from '@chat-relays/tools';
import { MEMBERS, RELAYS, Town } from '../town';

/** Each service is killed once in the middle of an onboarding, at a point where work is done but not yet known to be. */
const kills: [service: string, failpoint: string][] = [
  ['owner-agent', 'owner.6.JOIN.after-execute:2'],
  ['owner-agent', 'owner.10.x.grp.relay.acpt.before-commit:1'],
  ['owner-agent', 'owner.11.LSET.after-execute:1'],
  ['owner-agent', 'owner.12.JOIN.after-execute:1'],
  ['relay-1', 'relay.8.LDATA.after-commit:1'],
  ['relay-1', 'relay.9.NEW.after-execute:1'],
  ['relay-1', 'relay.10.ACPT.after-execute:1'],
  ['relay-1', 'relay.12.x.contact.before-commit:1'],
  ['smp-owner', 'smp.commit.after:3'],
  ['smp-relays', 'smp.commit.before:5'],
  ['smp-relays', 'smp.commit.after:6'],
];

/** And these in the middle of members' joining or of forwarding. */
const laterKills: [service: string, failpoint: string][] = [
  ['member-agent', 'member.15a.JOIN.after-execute:4'],
  ['smp-members', 'smp.commit.after:4'],
  ['relay-2', 'relay.15b.x.member.after-commit:2'],
  ['relay-2', 'relay.17.page.after-send:1'],
  ['member-agent', 'member.18.x.grp.msg.forward.before-commit:1'],
  ['member-agent', 'member.18.x.grp.msg.forward.after-commit:2'],
];

const TEXTS = Array.from({ length: 10 }, (_, index) => `text ${index + 1}`);

describe('a service is killed with SIGKILL and started again', () => {
  let town: Town;

  beforeAll(async () => {
    // every link of a relay is its address or a group's
    town = await Town.start({ LINK_POOL: '0' });
  });

  afterAll(() => town.stop());

  it.each(kills)('%s at %s, while relays are added', async (service, failpoint) => {
    await town.arm(service, failpoint);
    const creation = town.channel('killed');
    await town.revive(service);
    await checkWhole(await creation);
  });

  it.each(laterKills)(
    '%s at %s, while members join and messages are forwarded',
    async (service, failpoint) => {
      const channel = await town.channel('killed');
      await channel.relaysConfirmed();
      await town.arm(service, failpoint);
      const use = joinAndSend(channel);
      await town.revive(service);
      await use;
      await checkExactlyOnce(channel);
    },
  );

  async function checkWhole(channel: Channel): Promise<void> {
    await channel.relaysConfirmed();
    await checkLinks(channel);
    await joinAndSend(channel);
    await checkExactlyOnce(channel);
  }

  async function joinAndSend(channel: Channel): Promise<void> {
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    await channel.send(TEXTS);
    await channel.arrived(TEXTS.length * MEMBERS.length);
  }

  async function checkExactlyOnce(channel: Channel): Promise<void> {
    for (const member of MEMBERS) {
      const messages = await channel.messagesOf(member);
      expect(messages.map(({ text }) => text)).toEqual(TEXTS);
    }
    expect((await channel.status()).received).toBe(TEXTS.length * MEMBERS.length);
  }

  /** One relay link per relay, in the group link's data and at the relays' SMP server. */
  async function checkLinks(channel: Channel): Promise<void> {
    const relays = await channel.relayStatuses();
    expect(new Set(relays.map(({ relayLink }) => relayLink)).size).toBe(RELAYS.length);
    const database = new Client({ connectionString: town.stack.databaseUrl });
    await database.connect();
    try {
      const links = await database.query(`SELECT count(*) FROM smp_relays.queues WHERE link_id IS NOT NULL`);
      let groups = 0;
      for (const relay of RELAYS) {
        const schema = relay.replace('-', '_');
        const served = await database.query(
          `SELECT count(*) FROM ${schema}.groups WHERE relay_own_status IS NOT NULL`,
        );
        groups += Number(served.rows[0].count);
      }
      expect(Number(links.rows[0].count)).toBe(RELAYS.length + groups);
    } finally {
      await database.end();
    }
  }
});
