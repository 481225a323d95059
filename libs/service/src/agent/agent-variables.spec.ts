import { defaultRetry } from '@chat-relays/agent';
import { z } from 'zod';
import { baseVariables, parseConfig } from '../config';
import { agentSettings, agentVariables } from './agent-variables';

const schema = z.object({ ...baseVariables('owner-agent'), ...agentVariables() });
const good = {
  NATS_URL: 'nats://127.0.0.1:4222',
  DATABASE_URL: 'postgres://me@127.0.0.1/db',
  SMP_SERVER: 'smp-1',
};

function settings(more: Record<string, string> = {}) {
  const result = parseConfig(schema, { ...good, ...more });
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return agentSettings(result.config);
}

const problems = (more: Record<string, string>): string[] => {
  const result = parseConfig(schema, { ...good, ...more });
  return 'problems' in result ? result.problems.map((problem) => problem.split(' ')[0]) : [];
};

describe('how an agent is made', () => {
  it('pads messages, waits as SMP agents do, and says no password, unless it is told otherwise', () => {
    expect(settings()).toEqual({
      server: 'smp-1',
      padded: true,
      retry: defaultRetry,
      checkMs: 900_000,
      lostAfterMs: 120_000,
      stuckAfterMs: 300_000,
      statusEvents: 'relays',
    });
  });

  it('as its variables say', () => {
    const more = {
      MESSAGE_PADDING: 'off',
      RETRY_INITIAL_MS: '100',
      RETRY_MAX_MS: '1000',
      SMP_BASIC_AUTH: 'päss',
      QUEUE_LOST_AFTER_MS: '2000',
      STUCK_AFTER_MS: '1000',
      STATUS_EVENTS: 'all',
    };
    expect(settings(more)).toEqual({
      server: 'smp-1',
      padded: false,
      retry: { initialMs: 100, maxMs: 1_000 },
      checkMs: 900_000,
      lostAfterMs: 2_000,
      stuckAfterMs: 1_000,
      statusEvents: 'all',
      basicAuth: Buffer.from('päss', 'utf8'),
    });
  });

  it('not with what makes no sense', () => {
    expect(problems({ MESSAGE_PADDING: 'yes' })).toEqual(['MESSAGE_PADDING']);
    expect(problems({ RETRY_INITIAL_MS: '9' })).toEqual(['RETRY_INITIAL_MS']);
    expect(problems({ STUCK_AFTER_MS: '604800001' })).toEqual(['STUCK_AFTER_MS']);
    expect(problems({ STATUS_EVENTS: 'on' })).toEqual(['STATUS_EVENTS']);
    expect(problems({ SMP_SERVER: 'smp 1' })).toEqual(['SMP_SERVER']);
    expect(problems({ SMP_BASIC_AUTH: 'x'.repeat(256) })).toEqual(['SMP_BASIC_AUTH']);
    expect(problems({ SMP_BASIC_AUTH: 'x'.repeat(255) })).toEqual([]);
  });
});
