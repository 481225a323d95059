import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import type { Evidence } from '../evidence';

/** Everybody knows of a removal: owner, relay, the group link, and members, whose other connections stay. */
export async function knownToAll(
  evidence: Evidence,
  channel: Channel,
  relay: string,
  connectionsByStatus: Record<string, number>,
): Promise<void> {
  const link = await channel.link();
  await channel.relayIs(relay, 'Removed');
  await converges(() => evidence.ownStatuses(relay, link), ['Removed']);
  await converges(async () => (await channel.status()).connectionsByStatus, connectionsByStatus);
  const left = (await channel.relayStatuses()).filter((one) => channel.relays.includes(one.relay));
  const links = left.map(({ relayLink }) => relayLink!).sort();
  await converges(async () => (await evidence.listed(link)).sort(), links);
}
