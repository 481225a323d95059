import { setTimeout as sleep } from 'node:timers/promises';
import { memberRequests, request } from '@chat-relays/bus';
import type { Channel } from '@chat-relays/tools';
import { Client } from 'pg';
import { MEMBERS, Town } from '../town';

const TEXTS = ['text 1', 'text 2', 'text 3', 'text 4', 'text 5'];
const PATIENCE_MS = 180_000;

/** A message as the relay is about to forward it. */
interface Job {
  id: string;
  message_id: string;
  element: Buffer;
}

/** Other words of the same length: what is around them stays what it was. */
function reworded({ element }: Job, from: string, to: string): Buffer {
  expect(element.includes(from)).toBe(true);
  return Buffer.from(element.toString('latin1').replace(from, to), 'latin1');
}

/** It keeps to the protocol, and whoever runs it edits in its database what it has to forward. */
describe('a relay that alters, drops, reorders, invents and replays', () => {
  let town: Town;
  let relay: Client;

  beforeAll(async () => {
    town = await Town.start();
    relay = new Client({ connectionString: town.stack.databaseUrl });
    await relay.connect();
    await relay.query('SET search_path = relay_3');
  });

  afterAll(async () => {
    await relay.end();
    await town.stop();
  });

  it('changes nothing that members were told before, is told by its relay link, and its inventions are its own', async () => {
    const channel = await town.channel('disputed');
    await channel.relaysConfirmed();
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    await town.arm('relay-3', 'relay.16.x.msg.new.after-commit:1');
    await channel.send(TEXTS);
    await town.fleet.service('relay-3').ended();
    await has(channel, { received: 5, duplicates: 5 });
    await tamper();
    await town.fleet.restart('relay-3');
    await has(channel, { received: 6, duplicates: 10 });

    const relays = await channel.relayStatuses();
    const { relayLink } = relays.find((one) => one.relay === 'relay-3')!;
    for (const member of MEMBERS) {
      const of = { link: await channel.link(), member };
      const { messages } = await request(town.bus, memberRequests['member.message.list'], of);
      expect(messages.map(({ text }) => text)).toEqual([...TEXTS, 'lies 0']);
      expect(messages.map(({ corroborated }) => corroborated)).toEqual([...TEXTS.map(() => true), false]);
      expect(messages.map(({ divergences }) => divergences)).toEqual([1, 0, 0, 0, 0, 0]);
      expect(messages[5].relayLink).toBe(relayLink);
      const { divergences } = await request(town.bus, memberRequests['member.divergence.list'], of);
      expect(divergences).toMatchObject([
        { messageId: messages[0].messageId, relayLink, text: 'lies 1', first: { text: 'text 1' } },
      ]);
    }
  });

  async function tamper(): Promise<void> {
    const { rows } = await relay.query<Job>(
      "SELECT id, message_id, element FROM delivery_jobs WHERE job_status = 'pending' ORDER BY id",
    );
    expect(rows).toHaveLength(TEXTS.length);
    const [first, second, third, fourth, fifth] = rows;
    const put = (job: Job, element: Buffer) =>
      relay.query('UPDATE delivery_jobs SET element = $2 WHERE id = $1', [job.id, element]);
    const add = (job: Job, messageId: string, element: Buffer) =>
      relay.query(
        `INSERT INTO delivery_jobs (relay_own_id, identity, author, message_id, element)
         SELECT relay_own_id, identity, author, $2, $3 FROM delivery_jobs WHERE id = $1`,
        [job.id, messageId, element],
      );
    await put(first, reworded(first, 'text 1', 'lies 1'));
    await relay.query("UPDATE delivery_jobs SET job_status = 'complete' WHERE id = $1", [second.id]);
    await put(third, fourth.element);
    await put(fourth, third.element);
    await add(fifth, 'again', fifth.element);
    const lie = { ...fifth, element: reworded(fifth, 'text 5', 'lies 0') };
    await add(fifth, 'new', reworded(lie, fifth.message_id, 'A'.repeat(fifth.message_id.length)));
  }

  /** What each member has, and how many copies it was brought beside it. */
  async function has(channel: Channel, each: { received: number; duplicates: number }): Promise<void> {
    const expected = {
      received: each.received * MEMBERS.length,
      duplicates: each.duplicates * MEMBERS.length,
    };
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { received, duplicates } = await channel.status();
      const enough = received >= expected.received && duplicates >= expected.duplicates;
      if (!enough && Date.now() < deadline) await sleep(50);
      else return expect({ received, duplicates }).toEqual(expected);
    }
  }
});
