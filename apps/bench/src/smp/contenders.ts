import { startTemporaryNats } from '@chat-relays/tools';
import type { Contender } from './contender';
import type { Plan } from './plan';
import { startServer } from './smp-server/server';
import { Staged } from './smp-server/staged';
import { TwoEnds } from './two-ends';

/** In the order in which they take turns; the SMP server comes beside its baselines. */
export const contenders: readonly Contender[] = [
  natsBaseline({
    key: 'fan-out',
    name: 'NATS core fan-out',
    promises: 'nothing kept; 1 publish reaches a subscription for each queue',
    times: 10,
  }),
  natsBaseline({
    key: 'core',
    name: 'NATS core',
    promises: 'nothing kept; a publish for each message, 1 subscription',
    times: 5,
  }),
  natsBaseline({
    key: 'jetstream',
    name: 'JetStream',
    promises: 'kept in files until acknowledged; fsync every 2 minutes',
    times: 1,
    jetStream: true,
  }),
  smpServer({
    key: 'smp',
    name: 'SMP server',
    promises: 'a queue each, in PostgreSQL before OK; authorised, sealed end to end and to the recipient',
    marks: [
      { of: 'jetstream', ratio: 2 },
      { of: 'fan-out', ratio: 0.075 },
    ],
  }),
  smpServer({
    key: 'smp-open',
    name: 'SMP server, open',
    promises: 'the same, but anybody may send, and bodies are sealed to the recipient only',
  }),
];

function smpServer(about: Pick<Contender, 'key' | 'name' | 'promises' | 'marks'>): Contender {
  return {
    ...about,
    times: 1,
    baseline: false,
    async open({ queues, size }: Plan) {
      const server = await startServer();
      const setting = { natsUrl: server.natsUrl, queues, size };
      return new Staged(await TwoEnds.open(about.key, setting, () => server.stop()), server.httpUrl);
    },
  };
}

type Baseline = Pick<Contender, 'key' | 'name' | 'promises' | 'times'> & { readonly jetStream?: boolean };

/** Both ends of `ends.ts` with a nats-server of their own between them. */
function natsBaseline({ jetStream, ...about }: Baseline): Contender {
  return {
    ...about,
    baseline: true,
    async open({ queues, size }: Plan) {
      const nats = await startTemporaryNats({ jetStream });
      return TwoEnds.open(about.key, { natsUrl: nats.url, queues, size }, () => nats.stop());
    },
  };
}
