import type { SmpRequest } from '@chat-relays/agent';
import { EMPTY, type Response } from '@chat-relays/smp';
import { PendingCommands } from './pending-commands';

const OK: Response = { kind: 'OK' };
const ping = (corrId?: Uint8Array): SmpRequest => ({ entityId: EMPTY, command: { kind: 'PING' }, corrId });

let pending: PendingCommands;
let heard: string[];

const add = (name: string, corrId?: Uint8Array): void =>
  pending.add(
    ping(corrId),
    1_000,
    () => heard.push(name),
    ({ message }) => heard.push(`${name}: ${message}`),
  );

beforeEach(() => {
  pending = new PendingCommands();
  heard = [];
});

test('each is found once, by the corrId that it was given or came with', () => {
  const own = Buffer.alloc(24, 7);
  add('first');
  add('own', own);
  add('own again', Buffer.from(own));
  add('short', Buffer.from('short'));
  add('last');
  const corrIds = pending.takeUnsent().map(({ corrId }) => Buffer.from(corrId));
  expect(corrIds).toHaveLength(4);
  for (const corrId of [...corrIds].reverse()) pending.take(corrId)?.resolve?.(OK);
  expect(heard).toEqual(['own again: the same command is under way', 'last', 'short', 'own', 'first']);
  expect(corrIds.map((corrId) => pending.take(corrId))).toEqual([undefined, undefined, undefined, undefined]);
  expect(pending.hasUnsent).toBe(false);
});

test('corrIds of another client, and counts that there were not, find nothing', () => {
  add('mine');
  const [{ corrId }] = pending.takeUnsent();
  const [prefix, count] = [Buffer.from(corrId), Buffer.from(corrId)];
  prefix[0] ^= 1;
  count[16] ^= 1;
  expect([pending.take(prefix), pending.take(count), pending.take(EMPTY)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(pending.take(corrId)).toMatchObject({ sent: true });
});
