import { connectBus, drainBus } from '@chat-relays/bus';
import { migrateApp } from './app-migration';
import { Channel } from './channel';
import { journey, type Moments } from './demo/journey';
import { onboardingTrace } from './demo/onboarding';
import { Progress } from './demo/progress';
import { Fleet } from './fleet';
import { onInterrupt } from './interrupt';
import { startLocalStack } from './local-stack';
import { OtlpSink } from './otlp-sink';
import { runProgram } from './program';
import { SetupError } from './setup-error';
import { defaultTopology } from './topology';
import { waterfall, waterfallOptions } from './waterfall';

const RELAYS = ['relay-1', 'relay-2', 'relay-3'];
const MEMBERS = Array.from({ length: 5 }, (_, index) => `member-${index + 1}`);
const MESSAGES = Array.from({ length: 20 }, (_, index) => `hello ${index + 1}`);

void runProgram(async (args) => {
  const { keep, fresh } = parseArguments(args);
  const progress = new Progress(process.stdout);
  const stack = await startLocalStack({ fresh });
  progress.say(
    `chat-relays: a channel over three relays. Data and logs are in ${stack.folder} (--fresh starts over).`,
  );
  progress.done('PostgreSQL and NATS');
  const sink = await OtlpSink.start();
  let fleet: Fleet | undefined;
  const stop = async (): Promise<void> => {
    await fleet?.stop();
    await sink.stop();
    await stack.stop();
  };
  const uninterrupted = onInterrupt(stop);
  try {
    const services = defaultTopology({ relays: RELAYS.length });
    // traced anyway: a fleet to look at
    const env = { STATUS_EVENTS: 'all' };
    fleet = await Fleet.start({ ...stack, services, otlp: sink.endpoint, migrate: migrateApp, env });
    progress.done(`${services.length} services: ${fleet.names.join(', ')}`);
    const lost = await tell(progress, sink, stack.natsUrl);
    if (keep) await staying(progress, stack.natsUrl);
    return lost === 0 ? 0 : 1;
  } finally {
    await stop();
    uninterrupted();
  }
});

/** The story: one channel, from its creation to its last message. Answers how many messages were lost. */
async function tell(progress: Progress, sink: OtlpSink, natsUrl: string): Promise<number> {
  const bus = await connectBus({ servers: natsUrl, name: 'demo' });
  const since = Date.now();
  const channel = await Channel.create(bus, { owner: 'alice', name: 'news', relays: RELAYS });
  const link = await channel.link();
  progress.done(`alice created #${channel.name}: ${link}`);
  await channel.relaysConfirmed(({ relay, status }) => progress.note(`${relay} ${status}`));
  progress.done(`${RELAYS.length} relays added, steps 5 to 12, each confirmed`);

  const moments: Moments = { '13': Date.now() };
  await channel.join(MEMBERS);
  moments['14'] = Date.now();
  await channel.membersConnected(MEMBERS.length);
  moments['15a'] = moments['15b'] = Date.now();
  progress.done(`${MEMBERS.length} members joined, each with two connections to ${RELAYS.length} relays`);

  await channel.send(MESSAGES);
  moments['16'] = Date.now();
  const deliveries = MESSAGES.length * MEMBERS.length;
  const status = await channel.arrived(deliveries);
  moments['17'] = moments['18'] = Date.now();
  progress.done(`${MESSAGES.length} messages sent, forwarded by every relay, deduplicated by every member`);

  const trace = await onboardingTrace(sink, RELAYS[0], since);
  const creation = sink.spans.filter(({ name, start }) => name.startsWith('group.create') && start >= since);
  progress.say(`\nThe steps of the RFC, for ${RELAYS[0]}\n`);
  progress.say(journey([...creation, ...trace], moments));
  const services = new Set(trace.map(({ service }) => service));
  progress.say(
    `\nOne onboarding, one trace: ${trace[0].traceId}, ${trace.length} spans in ${services.size} services\n`,
  );
  progress.say(waterfall(trace, waterfallOptions(process.stdout)));
  const lost = deliveries - status.received;
  progress.say(
    `\n${status.received} deliveries (${MESSAGES.length} messages × ${MEMBERS.length} members), ` +
      `${status.duplicates} duplicates dropped (× ${RELAYS.length - 1} more relays), lost = ${lost}`,
  );
  await drainBus(bus);
  return lost;
}

/** --keep: everything stays until Ctrl-C. */
async function staying(progress: Progress, natsUrl: string): Promise<void> {
  progress.say(`
It keeps running (Ctrl-C ends it). NATS is at ${natsUrl}. In another terminal of this folder, try

  npm run chat -- "/public group relays=1,2 #sports"     a channel over two relays
  npm run chat -- "/_get relays #sports"                 how far they are
  npm run chat -- "/watch #sports"                       every change of a status, as it comes
  npm run chat -- "/_add relays #sports 3"               one more; then without the first:
  npm run chat -- "/rm #sports relay-1"
  npm run chat -- "/show link #sports"                   the link to share
  npm run chat -- "/c <link>"                            join it, as bob
  npm run chat -- "#sports hello"                        send
  npm run chat -- "/tail #sports"                        what bob got
  npm run chat -- /help                                  the rest
  npm run load -- --running --members 200 --messages 200 --relays 2
`);
  await new Promise(() => setInterval(() => undefined, 60_000));
}

function parseArguments(args: readonly string[]): { keep: boolean; fresh: boolean } {
  const unknown = args.find((argument) => argument !== '--keep' && argument !== '--fresh');
  if (unknown !== undefined) {
    throw new SetupError(
      `npm start does not know "${unknown}": it takes --keep (stay running) and --fresh (start over).`,
    );
  }
  return { keep: args.includes('--keep'), fresh: args.includes('--fresh') };
}
