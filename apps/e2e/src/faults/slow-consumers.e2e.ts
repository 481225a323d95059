import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Evidence } from '../evidence';
import { Town } from '../town';
import { peopleJoin, peopleUse, TEXTS, wholeAgain } from './aftermath';

/** What no socket of this machine takes meanwhile waits at the broker, for a second at most. */
const IMPATIENT = 'max_pending: 1MB\nwrite_deadline: "1s"\n';
const JUNK = Buffer.alloc(64 * 1024);
const BURST = 32;

/** As those do that cannot keep up with what they are sent. */
describe('NATS cuts off a client that reads too slowly', () => {
  let town: Town;
  let evidence: Evidence;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', LINK_POOL: '0' }, IMPATIENT);
    evidence = Evidence.open(town);
  });

  afterAll(async () => {
    await evidence.close();
    await town.stop();
  });

  it.each([
    ['relay-1', 'relay.relay-1.group.list'],
    ['member-agent', 'member.group.list'],
    ['smp-members', 'smp.smp-members.hello'],
  ])('%s, while messages are forwarded and a relay is added', async (service, subject) => {
    const channel = await peopleJoin(await town.channel('slow', 'paired', ['relay-1', 'relay-2']));
    await channel.send(TEXTS);
    const another = await town.channel('slow', 'paired', ['relay-1', 'relay-2']);
    const before = cutOff(service);
    await town.fleet.kill(service, 'SIGSTOP');
    while (cutOff(service) === before) {
      for (let count = 0; count < BURST; count++) town.bus.publish(subject, JUNK);
      await town.bus.flush();
    }
    await channel.send(['while it is away']);
    await town.fleet.kill(service, 'SIGCONT');
    await wholeAgain(evidence, channel, [...TEXTS, 'while it is away']);
    await peopleUse(evidence, another);
  });

  /** How often the broker has lost patience with it. */
  function cutOff(service: string): number {
    const log = readFileSync(join(town.stack.folder, 'nats.log'), 'utf8').split('\n');
    return log.filter((line) => line.includes(`:${service}"`) && line.includes('Slow Consumer Detected'))
      .length;
  }
});
