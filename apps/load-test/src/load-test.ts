import { Channel, processTimes, SetupError, timesBetween } from '@chat-relays/tools';
import { Arrivals } from './arrivals';
import { Bar } from './bar';
import type { Ground } from './ground';
import { Ledger } from './ledger';
import { paceOf } from './pace';
import type { Plan } from './plan';
import type { Measured } from './report';
import { Sender } from './sender';
import { textOf, textsPerRequest } from './text';

/** members at once: a relay link is a queue, and holds 128 requests */
const JOIN_BLOCK = 100;
const OWN_NAME = 'load-test';

type Seconds = Omit<Measured['seconds'], 'start'>;

/** One channel: its relays, its members, its messages, and what became of each. */
export async function loadTest(
  plan: Plan,
  ground: Ground,
  out: NodeJS.WriteStream,
): Promise<Omit<Measured, 'seconds'> & { seconds: Seconds }> {
  const { bus, relays, root } = ground;
  out.write(`Load on ${ground.words}\n`);
  const channel = await Channel.create(bus, { owner: 'load-test', name: 'load', relays });
  await channel.relaysConfirmed();
  const arrivals = new Arrivals(bus, await channel.link());
  const members = Array.from({ length: plan.members }, (_, index) => `m${index + 1}`);
  const join = await timed(() =>
    joinAll(plan, channel, arrivals, members, new Bar(out, 'joining', plan.members * relays.length)),
  );

  const ledger = new Ledger(members, plan.messages);
  const before = root === undefined ? undefined : processTimes(root, OWN_NAME);
  const sending = new Bar(out, 'sending', plan.messages);
  const sender = new Sender(plan, paceOf(plan), channel, arrivals, ledger);
  const send = await timed(() => sender.run(sending));
  sending.end(`${send.seconds.toFixed(1)} s`);

  const copies = plan.messages * plan.members * plan.relays;
  const draining = new Bar(out, 'draining', copies);
  const drain = await timed(() =>
    arrivals.until(
      ({ received, duplicates }) => received + duplicates >= copies && received >= copies / plan.relays,
      ({ received, duplicates }) => draining.at(received + duplicates),
      20,
    ),
  );
  const cpu = before && root !== undefined ? timesBetween(before, processTimes(root, OWN_NAME)) : [];
  const { received, duplicates } = drain.value;
  if (received + duplicates >= copies) draining.end(`${drain.seconds.toFixed(1)} s`);
  else out.write(`\n  only ${received + duplicates} of ${copies} copies arrived\n`);

  await arrivals.rows((rows) => ledger.take(rows));
  const tally = ledger.tally();
  return {
    plan,
    ground: ground.words,
    tally,
    duplicates,
    altered: await alteredTexts(plan, arrivals, members[members.length - 1]),
    begin: send.value,
    seconds: { join: join.seconds, send: send.seconds, drain: drain.seconds },
    cpu,
  };
}

/** Every member connected to every relay. @throws {SetupError} when they come no nearer to it */
async function joinAll(
  plan: Plan,
  channel: Channel,
  arrivals: Arrivals,
  members: readonly string[],
  bar: Bar,
): Promise<void> {
  const began = performance.now();
  for (let from = 0; from < members.length; from += JOIN_BLOCK) {
    const block = members.slice(from, from + JOIN_BLOCK);
    await channel.join(block);
    const wanted = (from + block.length) * plan.relays;
    const { connected } = await arrivals.until(
      (arrived) => arrived.connected >= wanted,
      (arrived) => bar.at(arrived.connected, 'connections'),
    );
    if (connected < wanted) {
      throw new SetupError(
        `Only ${connected} of ${wanted} connections came about; the logs of the services say why.`,
      );
    }
  }
  await channel.membersConnected(plan.members);
  bar.end(`connections  ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** How many texts of one member differ from what was sent; the bodies of the others are the same rows. */
async function alteredTexts({ messages, size }: Plan, arrivals: Arrivals, member: string): Promise<number> {
  const texts = await arrivals.texts(member, textsPerRequest(size));
  const sent = new Set(Array.from({ length: messages }, (_, number) => textOf(number, size)));
  return texts.filter((text) => !sent.has(text)).length;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const since = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - since) / 1000 };
}
