import type { Observation } from '@chat-relays/agent';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { Observer } from './observer';

/** What observations leave behind: log lines as `level message`, and counters. */
async function told(...observations: Observation[]) {
  const lines: string[] = [];
  const line =
    (level: string) =>
    (_: unknown, text: string): void =>
      void lines.push(`${level} ${text}`);
  const logger = { warn: line('warn'), debug: line('debug') } as unknown as Logger;
  const registry = new Registry();
  const observer = new Observer(registry, logger);
  for (const observation of observations) observer.observe(observation);
  const metrics = await registry.metrics();
  return { lines, counters: metrics.split('\n').filter((text) => text.startsWith('chat_relays_')) };
}

const integrity = (result: 'duplicate' | 'bad_id' | 'skipped' | 'bad_hash'): Observation => ({
  what: 'integrity',
  result,
  noun: 'group_relay',
});

describe('what an agent tells', () => {
  it('of numbers and hashes is counted; a repeat is no reason to worry', async () => {
    const { lines, counters } = await told(
      ...(['duplicate', 'duplicate', 'bad_id', 'skipped', 'bad_hash'] as const).map(integrity),
    );
    expect(counters.filter((text) => text.startsWith('chat_relays_integrity'))).toEqual([
      'chat_relays_integrity_total{result="duplicate"} 2',
      'chat_relays_integrity_total{result="bad_id"} 1',
      'chat_relays_integrity_total{result="skipped"} 1',
      'chat_relays_integrity_total{result="bad_hash"} 1',
    ]);
    expect(lines).toEqual([
      'debug integrity',
      'debug integrity',
      'warn integrity',
      'warn integrity',
      'warn integrity',
    ]);
  });

  it('of refusals and commands is counted, and told where it did not go well', async () => {
    const { lines, counters } = await told(
      { what: 'refused', purpose: 'connection', where: 'client box', reason: 'A_CRYPTO' },
      { what: 'executed', kind: 'SEND', corrId: '1', result: 'ok' },
      { what: 'executed', kind: 'SEND', corrId: '2', result: 'temporary', reason: 'SEND: QUOTA' },
    );
    expect(counters).toEqual(
      expect.arrayContaining([
        'chat_relays_refusals_total{purpose="connection"} 1',
        'chat_relays_commands_total{kind="SEND",result="ok"} 1',
        'chat_relays_commands_total{kind="SEND",result="temporary"} 1',
      ]),
    );
    expect(lines).toEqual(['warn refused', 'warn command failed']);
  });

  it('of stuck records is a warning, of members only for those who look', async () => {
    const stuck = (noun: 'group_relay' | 'group_member', id: string): Observation => ({
      ...{
        what: 'stuck',
        protocol: 'full',
        half: 'owner',
        noun,
        id,
        identity: 'alice',
        status: 'Invited',
        since: 1,
      },
    });
    const { lines } = await told(
      stuck('group_relay', 'news/relay-1'),
      stuck('group_member', 'relay-1/link/m'),
    );
    expect(lines).toEqual(['warn stuck', 'debug stuck']);
  });

  it('of copies that say otherwise is counted, and told with the relay when it is new', async () => {
    const relayLink = 'https://smp/r#a';
    const { lines, counters } = await told(
      { what: 'diverged', relayLink, kept: 2, dropped: 1 },
      { what: 'diverged', relayLink, kept: 0, dropped: 3 },
    );
    expect(counters).toEqual(
      expect.arrayContaining([
        'chat_relays_diverged_total{copy="kept"} 2',
        'chat_relays_diverged_total{copy="dropped"} 4',
      ]),
    );
    expect(lines).toEqual(['warn diverged', 'debug diverged']);
  });

  it('of messages that never came is counted and told with the relay', async () => {
    const relayLink = 'https://smp/r#a';
    const { lines, counters } = await told(
      { what: 'gap', relayLink, gaps: 2 },
      { what: 'gap', relayLink, gaps: 1 },
    );
    expect(counters).toContain('chat_relays_gaps_total 3');
    expect(lines).toEqual(['warn gap', 'warn gap']);
  });

  it('of queues that are lost is counted by whose they were', async () => {
    const lost = { what: 'lost', id: 'one', purpose: 'connection', reason: 'AUTH' } as const;
    const { lines, counters } = await told(
      { ...lost, noun: 'relay_own' },
      { ...lost, noun: 'member_connection' },
    );
    expect(counters).toEqual(
      expect.arrayContaining([
        'chat_relays_queues_lost_total{noun="relay_own"} 1',
        'chat_relays_queues_lost_total{noun="member_connection"} 1',
      ]),
    );
    expect(lines).toEqual(['warn a queue is lost', 'debug a queue is lost']);
  });

  it('of messages and sends is counted by how they ended', async () => {
    const { lines, counters } = await told(
      { what: 'received', messages: 3, duplicates: 2 },
      { what: 'delivered', sends: 5, behind: 1, gone: 4 },
    );
    expect(counters).toEqual(
      expect.arrayContaining([
        'chat_relays_received_total{copy="kept"} 3',
        'chat_relays_received_total{copy="duplicate"} 2',
        'chat_relays_sends_total{result="sent"} 5',
        'chat_relays_sends_total{result="behind"} 1',
        'chat_relays_sends_total{result="gone"} 4',
      ]),
    );
    expect(lines).toEqual([]);
  });
});
