import { EMPTY } from '@chat-relays/smp';
import { headers } from '@nats-io/transport-node';
import fc from 'fast-check';
import { openTown, type SmpTown, until } from '../../test/smp-town';
import { SmpListener } from './smp-listener';
import { isInbox, serverToken, smpSubjects } from './smp-subjects';
import { readTraceHeaders, traceHeaders } from './trace-headers';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER_TRACE = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01';

let town: SmpTown;

beforeEach(async () => {
  town = await openTown(process.env.NATS_URL);
});

afterEach(() => town.close());

test('no payload on any subject harms the server, and each rejected one is counted', async () => {
  const subjects = smpSubjects(town.name);
  const { client } = town.newClient({ timeoutMs: 5_000 });
  await town.create(client);
  const session = town.server.blocks[0][0].session;
  const targets = [
    subjects.hello,
    subjects.block(session.name),
    subjects.block('0'.repeat(64)),
    subjects.block('x'),
  ];
  const garbage = headers();
  garbage.append('traceparent', '0 nonsense');
  garbage.append('traceparent', '999999 00');
  const handled = () =>
    town.server.rejected.length + town.server.blocks.length + town.server.listener.sessionCount;
  const before = handled();
  fc.assert(
    fc.property(
      fc.constantFrom(...targets),
      fc.uint8Array({ maxLength: 2_000 }),
      fc.boolean(),
      (subject, payload, replies) => {
        town.clientBus.publish(subject, payload, {
          headers: garbage,
          ...(replies && { reply: 'smp-spec.reply' }),
        });
      },
    ),
    { numRuns: 2_000 },
  );
  expect(await client.request(town.name, { entityId: EMPTY, command: { kind: 'PING' } })).toEqual({
    kind: 'PONG',
  });
  expect(handled() - before).toBeGreaterThanOrEqual(2_000);
  expect(new Set(town.server.rejected)).toEqual(new Set(['hello', 'block', 'session']));
});

test('no payload in its inbox harms a client', async () => {
  const rejected: number[] = [];
  const { client } = town.newClient({ onRejected: (_server, bytes) => void rejected.push(bytes) });
  let inbox = '';
  const spy = town.serverBus.subscribe(smpSubjects(town.name).blocks, {
    callback: (_, { reply }) => void (inbox = reply ?? ''),
  });
  await town.serverBus.flush();
  await town.create(client);
  await until('the inbox', () => inbox !== '');
  spy.unsubscribe();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (payload) => town.serverBus.publish(inbox, payload)),
    { numRuns: 500 },
  );
  await until('rejections', () => rejected.length >= 400);
  expect(await client.request(town.name, { entityId: EMPTY, command: { kind: 'PING' } })).toEqual({
    kind: 'PONG',
  });
});

test('a server greets so many and no more', async () => {
  const { hello } = smpSubjects(`${town.name}-small`);
  const rejected: string[] = [];
  const listener = new SmpListener(town.serverBus, {
    server: `${town.name}-small`,
    mostSessions: 2,
    onCommands: () => undefined,
    onSessionEnd: () => undefined,
    onRejected: (reason) => void rejected.push(reason),
  });
  await listener.start();
  const greet = () => town.clientBus.request(hello, 'an.inbox', { timeout: 60_000 });
  expect((await greet()).data.length).toBeGreaterThan(0);
  expect((await greet()).data.length).toBeGreaterThan(0);
  town.clientBus.publish(hello, 'an.inbox', { reply: 'another.inbox' });
  await until('the third to be rejected', () => rejected.length === 1);
  expect(rejected).toEqual(['hello']);
  expect(listener.sessionCount).toBe(2);
  await listener.stop();
});

describe('subjects', () => {
  test.each([
    ['smp1', 'smp1'],
    ['smp.simplex.im', 'smp_simplex_im'],
    ['a.*.>', 'a__u2a___u3e_'],
    ['', '_'],
    ['bad name\r\n', 'bad_u20_name_ud__ua_'],
  ])('the token of %j is %s', (host, token) => {
    expect(serverToken(host)).toBe(token);
  });

  test.each(['_INBOX.abc', 'a', '_INBOX.a.b-c_d'])('%s is an inbox', (text) =>
    expect(isInbox(text)).toBe(true),
  );
  test.each(['', 'a b', 'a.*', '>', 'a..b', '.a', 'a\r\n', 'é', 'a'.repeat(256), 'smp.other.block.x'])(
    '%j is none',
    (text) => {
      expect(isInbox(text)).toBe(false);
    },
  );
});

test('trace headers: what is no traceparent is left out', () => {
  expect(traceHeaders([{}, {}])).toBeUndefined();
  expect(traceHeaders([{ trace: 'bad\r\nvalue' }])).toBeUndefined();
  const carrier = traceHeaders([{}, { trace: TRACE }, { trace: OTHER_TRACE }]);
  carrier?.append('traceparent', `1000 ${TRACE}`);
  expect([...readTraceHeaders(carrier)]).toEqual([
    [1, TRACE],
    [2, OTHER_TRACE],
  ]);
});
