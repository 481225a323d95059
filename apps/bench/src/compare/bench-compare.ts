import type { ProtocolName } from '@chat-relays/protocol';
import { onboardingTrace, onInterrupt } from '@chat-relays/tools';
import { type Counts, countsOfTrace } from './counts';
import { type DeadRelay, withDeadRelay } from './dead-relay';
import { onboard } from './onboarding';
import { type Plan, readPlan } from './plan';
import { agrees, type Findings, reportLines, type Run } from './report';
import { RELAYS, Stage } from './stage';

/** Answers 1 when an onboarding took other commands or messages than its table says; how long it took decides nothing. */
export async function benchCompare(args: readonly string[]): Promise<number> {
  const plan = readPlan(args);
  let interrupted = false;
  let stopping: Promise<void> | undefined;
  let parts = async (): Promise<void> => undefined;
  const stop = (): Promise<void> => (stopping ??= parts());
  const uninterrupted = onInterrupt(() => {
    interrupted = true;
    return stop();
  });
  try {
    console.log('three relays, an owner, members and three SMP servers, each a process of its own');
    const stage = await Stage.start((stopStack) => (parts = stopStack));
    parts = () => stage.stop();
    const findings = await measure(stage, plan);
    console.log(`\n${reportLines(plan, findings).join('\n')}`);
    return agrees(findings) ? 0 : 1;
  } catch (error) {
    // the processes were taken away from under it
    if (interrupted) return 1;
    throw error;
  } finally {
    await stop();
    uninterrupted();
  }
}

/** Protocols take turns, so that what the machine does meanwhile is the same for all. */
async function measure(stage: Stage, { protocols, delays, runs: times }: Plan): Promise<Findings> {
  const counts = new Map<ProtocolName, Counts>();
  for (const protocol of protocols) counts.set(protocol, await countOne(stage, protocol));
  console.log('  counted');

  const runs: Run[] = [];
  for (const delay of delays) {
    await stage.delay(delay);
    for (let turn = 0; turn < times; turn++) {
      for (const protocol of protocols) {
        runs.push({ protocol, delay, times: (await onboard(stage, protocol)).times });
      }
    }
    console.log(`  measured with SMP servers that take ${delay} ms longer`);
  }
  await stage.delay(0);

  const dead = new Map<ProtocolName, DeadRelay[]>(protocols.map((protocol) => [protocol, []]));
  for (let turn = 0; turn < times; turn++) {
    for (const protocol of protocols) dead.get(protocol)?.push(await withDeadRelay(stage, protocol));
  }
  console.log('  measured with a relay that is stopped');
  return { counts, runs, dead };
}

/** This one is not timed: it is the protocol's first. */
async function countOne(stage: Stage, protocol: ProtocolName): Promise<Counts> {
  const { since } = await onboard(stage, protocol);
  const [relay] = RELAYS;
  return countsOfTrace(await onboardingTrace(stage.sink, relay, since, protocol), relay);
}
