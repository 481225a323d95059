import { RequestFailed } from '@chat-relays/bus';
import type { Channel } from '@chat-relays/tools';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { MEMBERS, Town } from '../town';
import { knownToAll } from './aftermath';

/** Each service is killed once in the middle of a removal, at a point where work is done but not yet known to be. */
const kills: [service: string, failpoint: string][] = [
  ['owner-agent', 'owner.remove.notified.1a.SEND.after-execute:1'],
  ['owner-agent', 'owner.remove.notified.1b.LSET.after-execute:1'],
  ['relay-2', 'relay.remove.notified.1a.x.grp.mem.del.before-commit:1'],
  ['relay-2', 'relay.remove.notified.2a.DEL.after-execute:1'],
  ['member-agent', 'member.remove.notified.2b.DEL.after-execute:2'],
  ['smp-owner', 'smp.commit.after:1'],
  ['smp-relays', 'smp.commit.before:2'],
];

/** And these in the middle of a restoration. */
const laterKills: [service: string, failpoint: string][] = [
  ['owner-agent', 'owner.16.SEND.after-execute:1'],
  ['member-agent', 'member.14.LDATA.before-commit:1'],
];

const HISTORY = ['text 1', 'text 2', 'text 3'];
const EACH = MEMBERS.length * 2;

describe('a service is killed with SIGKILL and started again', () => {
  let town: Town;
  let evidence: Evidence;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', LINK_POOL: '0' });
    evidence = Evidence.open(town);
  });

  afterAll(async () => {
    await evidence.close();
    await town.stop();
  });

  it.each(kills)('%s at %s, while a relay is removed', async (service, failpoint) => {
    const channel = await joined(['relay-1', 'relay-2']);
    await town.arm(service, failpoint);
    const asked = channel.removeRelay('relay-2').catch((error: unknown) => unanswered(error, channel));
    await town.revive(service);
    await asked;
    await knownToAll(evidence, channel, 'relay-2', { Connected: EACH, Removed: EACH });
    await nothingIsLeft('relay-2');
    await channel.send(['to those who are left']);
    await channel.arrived(MEMBERS.length);
  });

  it.each(laterKills)('%s at %s, while members find a new relay', async (service, failpoint) => {
    const channel = await joined(['relay-2']);
    await channel.send(HISTORY);
    await channel.arrived(HISTORY.length * MEMBERS.length);
    await channel.removeRelay('relay-2', true);
    await knownToAll(evidence, channel, 'relay-2', { Removed: EACH });
    await nothingIsLeft('relay-2');
    await town.arm(service, failpoint);
    await channel.addRelay('relay-3');
    await town.revive(service);
    await channel.relaysConfirmed();
    await channel.membersConnected(MEMBERS.length);
    await channel.join(['eve']);
    await channel.membersConnected(MEMBERS.length + 1);
    await channel.send(['text 4']);
    for (const member of [...MEMBERS, 'eve']) {
      const texts = async () => (await channel.messagesOf(member)).map(({ text }) => text);
      await converges(texts, [...HISTORY, 'text 4']);
    }
  });

  async function joined(relays: string[]): Promise<Channel> {
    const channel = await town.channel('killed', 'paired', relays);
    await channel.relaysConfirmed();
    await channel.join(MEMBERS);
    await channel.membersConnected(MEMBERS.length);
    return channel;
  }

  /** Nobody has left a queue at a server, and the relay serves nobody. */
  async function nothingIsLeft(relay: string): Promise<void> {
    await converges(() => evidence.serving(relay), 0);
    await converges(() => evidence.orphans(), 0);
  }
});

/** Who is killed after the commit does not answer; the relay is removed all the same. */
function unanswered(error: unknown, { relays }: Channel): void {
  if (!(error instanceof RequestFailed) || !['timeout', 'unreachable'].includes(error.code)) throw error;
  relays.splice(relays.indexOf('relay-2'), 1);
}
