import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocolNames } from '@chat-relays/protocol';
import { repositoryRoot, type Span } from '@chat-relays/tools';
import { countsOfTables, countsOfTrace, isSame } from './counts';

const span = (spanId: string, service: string, name: string, parentSpanId?: string): Span =>
  ({ traceId: 't', spanId, parentSpanId, name, service }) as Span;

describe('counts', () => {
  it('of a trace are its arrived messages, and its SMP commands by who asked', () => {
    const trace = [
      span('1', 'owner-agent', 'relay.add 4 relay.chosen'),
      span('2', 'owner-agent', 'relay.add 5 JOIN', '1'),
      span('3', 'smp-relays', 'smp LGET', '2'),
      span('4', 'smp-owner', 'smp NEW', '2'),
      span('5', 'relay-1', 'relay.add 5 x.grp.relay.inv', '4'),
      span('6', 'relay-1', 'relay.add 6 NEW', '1'),
      span('7', 'smp-relays', 'smp NEW', '6'),
    ];
    expect(countsOfTrace(trace, 'relay-1')).toEqual({ messages: 1, owner: 2, relay: 1 });
  });

  it('are the same when all of them are', () => {
    const counts = { messages: 1, owner: 2, relay: 3 };
    expect(isSame(counts, { ...counts })).toBe(true);
    for (const field of ['messages', 'owner', 'relay'])
      expect(isSame(counts, { ...counts, [field]: 9 })).toBe(false);
  });

  it.each([
    ['messages', 'relay: messages between owner and relay'],
    ['owner', 'relay: SMP commands of the owner'],
    ['relay', 'relay: SMP commands of the relay'],
  ] as const)('of the tables are those of docs/protocol/comparison.md: %s', (field, line) => {
    const text = readFileSync(join(repositoryRoot, 'docs/protocol/comparison.md'), 'utf8');
    const counts = protocolNames.map((protocol) => countsOfTables(protocol)[field]);
    expect(text).toContain(`| ${line} | ${counts.join(' | ')} |`);
  });
});
