import { command, MemoryStore, toyCrypto } from '@chat-relays/simulation';
import { decodeBody } from '@chat-relays/wire';
import { LinkServer, noDeliveries } from '../../test/link-server';
import { Ends, hostOf } from '../../test/peers';
import type { HistoryAim } from './command';
import type { DeliveryJob } from '../forwarding/delivery';
import { HISTORY } from '../forwarding/message';
import { sendHistory } from './send-history';

const group = 'relay-1/news';
const sizes = { short: 10, long: 7_000 };

/** A relay that completed `count` jobs, with what it was asked for. */
function relay(count: number, size: number) {
  const jobs = Array.from({ length: count }, (_, n): DeliveryJob => {
    return { id: n + 1, relayOwnId: group, element: Buffer.alloc(size, 1 + n), cursor: 0 };
  });
  const ends = new Ends(toyCrypto, 1, 'member_connection');
  const { host } = hostOf(toyCrypto);
  const server = new LinkServer(Buffer.alloc(44));
  const deliveries = {
    ...noDeliveries,
    newest: async (of: string, limit: number) => jobs.filter(() => of === group).slice(-limit),
    completed: async (of: string, from: number, limit: number) =>
      jobs.filter(({ id }) => of === group && id >= from).slice(0, limit),
  };
  const road = server.road(new MemoryStore(), host, { deliveries });
  const answer = async (aim: Omit<HistoryAim, 'relayOwnId'>) => {
    const asked = command('lane', 1, { kind: 'HIST', aim: { relayOwnId: group, ...aim }, to: ends.sending });
    const { facts, sent } = await sendHistory(asked, road);
    return { rest: (facts as { rest?: { from: number; upTo: number } }).rest, sent };
  };
  /** how many elements each message had */
  const messages = () =>
    server.asked('SEND').map(({ command: { body } }) => decodeBody(ends.read(body).body).length);
  return { jobs, answer, messages, server };
}

describe('what a relay answers to whoever asks for history', () => {
  it('is all that it forwarded, as one message where that fits', async () => {
    const { answer, messages } = relay(5, sizes.short);
    const { rest, sent } = await answer({});
    expect(rest).toBeUndefined();
    expect(sent?.position.id).toBe(1);
    expect(messages()).toEqual([5]);
  });

  it('is the newest of it, and not more than that', async () => {
    const { answer, messages } = relay(HISTORY + 7, sizes.short);
    await answer({});
    expect(messages()).toEqual([HISTORY]);
  });

  it('is one message after the other, up to what was the newest when it began', async () => {
    const { jobs, answer, messages } = relay(5, sizes.long);
    const { rest: second } = await answer({});
    expect(second).toEqual({ from: 3, upTo: 5 });
    jobs.push({ ...jobs[4], id: 6 });
    const { rest: third } = await answer(second!);
    expect(third).toEqual({ from: 5, upTo: 5 });
    expect((await answer(third!)).rest).toBeUndefined();
    expect(messages()).toEqual([2, 2, 1]);
  });

  it('is nothing where there is nothing, or no more', async () => {
    const empty = relay(0, sizes.short);
    expect(await empty.answer({})).toEqual({ rest: undefined, sent: undefined });
    const gone = relay(2, sizes.short);
    expect(await gone.answer({ from: 3, upTo: 9 })).toEqual({ rest: undefined, sent: undefined });
    expect([...empty.server.kinds, ...gone.server.kinds]).toEqual([]);
  });
});
