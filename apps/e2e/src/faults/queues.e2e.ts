import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { MemberQueues } from '../member-queues';
import { metricOf } from '../metrics';
import { Town } from '../town';
import { everybodyHas, PEOPLE, peopleJoin, TEXTS, wholeAgain } from './aftermath';

const QUOTA = 4;
const LATER = ['text 6', 'text 7', 'text 8'];

/** One member's queue takes nothing, for now or ever again, while messages are forwarded to all. */
describe("a member's queue", () => {
  let town: Town;
  let evidence: Evidence;
  let queues: MemberQueues;

  beforeAll(async () => {
    town = await Town.start({ LINK_POOL: '0', SMP_QUEUE_QUOTA: `${QUOTA}` });
    evidence = Evidence.open(town);
    queues = new MemberQueues(town);
  });

  afterAll(async () => {
    queues.close();
    await evidence.close();
    await town.stop();
  });

  it('is deleted: the relay finds out once, nobody else notices, and its member comes again', async () => {
    const channel = await peopleJoin(await town.channel('deleted', 'paired', ['relay-1', 'relay-2']));
    const before = await sendsThatWere('gone');
    const sending = oneByOne(channel, TEXTS);
    await queues.delete('bob', await linkOf(channel));
    await sending;
    // by way of the other relay, if not of this one
    await everybodyHas(channel, TEXTS);
    await channel.send(LATER);
    await everybodyHas(channel, [...TEXTS, ...LATER]);
    await converges(() => sendsThatWere('gone'), before + 1);
    await converges(() => evidence.unfinished('relay-1'), 0);
    const sent = await sendsThatWere('sent');
    await channel.send(['one more']);
    await everybodyHas(channel, [...TEXTS, ...LATER, 'one more']);
    await converges(() => evidence.unfinished('relay-1'), 0);
    // it was sent to the one who is left, and nobody asked again for the one who is gone
    expect([await sendsThatWere('sent'), await sendsThatWere('gone')]).toEqual([sent + 1, before + 1]);
    await channel.join(['bob'], { anew: true });
    await channel.membersConnected(PEOPLE.length);
    await channel.send(['and another']);
    await wholeAgain(evidence, channel, [...TEXTS, ...LATER, 'one more', 'and another']);
  });

  it('is full: its member falls behind alone, and has everything in order when it reads on', async () => {
    const channel = await peopleJoin(await town.channel('full', 'paired', ['relay-1']));
    const has = async (member: string) => (await channel.messagesOf(member)).map(({ text }) => text);
    await queues.takeOver('bob', await linkOf(channel));
    const texts = Array.from({ length: 3 * QUOTA }, (_, index) => `text ${index + 1}`);
    const behind = await sendsThatWere('behind');
    await oneByOne(channel, texts);
    await converges(() => has('cath'), texts);
    await converges(async () => (await sendsThatWere('behind')) > behind, true);
    await converges(() => evidence.unfinished('relay-1'), 1);
    expect(await has('bob')).toEqual([]);
    expect(queues.heard.length).toBe(1);
    // its agent has its queues again
    queues.close();
    await town.fleet.restart('member-agent');
    await wholeAgain(evidence, channel, texts);
    await converges(() => evidence.unfinished('relay-1'), 0);
  });

  /** So that the server has them as so many messages. */
  async function oneByOne(channel: Channel, texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      await channel.send([text]);
      await sleep(50);
    }
  }

  const sendsThatWere = (result: string) =>
    metricOf(town.fleet, 'relay-1', 'chat_relays_sends_total', { result });

  async function linkOf(channel: Channel): Promise<string> {
    return (await channel.relayIs('relay-1', 'Confirmed')).relayLink!;
  }
});
