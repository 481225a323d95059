import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import type { Evidence } from '../evidence';

export const PEOPLE = ['bob', 'cath'];
export const TEXTS = ['text 1', 'text 2', 'text 3', 'text 4', 'text 5'];

/** Every member has every message, once and in order, from whichever relay. */
export async function everybodyHas(channel: Channel, texts: readonly string[]): Promise<void> {
  for (const member of PEOPLE) {
    const had = async () => (await channel.messagesOf(member)).map(({ text }) => text);
    await converges(had, [...texts]);
  }
}

/**
 * What is so in the end, whatever was cut off: every relay serves, by one link, which is the one that is listed; every
 * member has every message once, and every relay brought it; nobody has left a queue at a server.
 */
export async function wholeAgain(
  evidence: Evidence,
  channel: Channel,
  texts: readonly string[],
): Promise<void> {
  await channel.relaysConfirmed();
  const link = await channel.link();
  const statuses = await channel.relayStatuses();
  const serving = statuses.filter(({ relay }) => channel.relays.includes(relay));
  const links = serving.map(({ relayLink }) => relayLink!).sort();
  expect(new Set(links).size).toBe(channel.relays.length);
  await converges(async () => (await evidence.listed(link)).sort(), links);
  for (const relay of channel.relays) await converges(() => evidence.ownStatuses(relay, link), ['Confirmed']);
  await channel.membersConnected(PEOPLE.length);
  await channel.arrived(texts.length * PEOPLE.length);
  await everybodyHas(channel, texts);
  expect((await channel.status()).received).toBe(texts.length * PEOPLE.length);
  await converges(() => evidence.orphans(), 0);
}

/** Everybody is in, over each relay. */
export async function peopleJoin(channel: Channel): Promise<Channel> {
  await channel.relaysConfirmed();
  await channel.join(PEOPLE);
  await channel.membersConnected(PEOPLE.length);
  return channel;
}

/** By new members, with everything that follows. */
export async function peopleUse(evidence: Evidence, channel: Channel): Promise<void> {
  await channel.relaysConfirmed();
  await channel.join(PEOPLE);
  await channel.send(TEXTS);
  await wholeAgain(evidence, channel, TEXTS);
}
