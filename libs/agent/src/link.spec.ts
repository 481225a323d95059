import { command, MemoryStore, save } from '@chat-relays/simulation';
import { decodeContactLinkData, formatShortLink } from '@chat-relays/smp';
import type { SagaRecord } from '@chat-relays/protocol';
import type { Command } from './command';
import { execute } from './execute';
import type { Road } from './link';

const link = (host: string, key: number) =>
  formatShortLink({
    kind: 'contact',
    type: 'g',
    server: { hosts: [host], port: '', keyHash: new Uint8Array(0) },
    linkKey: new Uint8Array(32).fill(key),
  });

function relay(name: string, relayLink: string): SagaRecord {
  return {
    noun: 'group_relay',
    id: name,
    identity: 'owner',
    protocol: 'full',
    status: 'Accepted',
    attempt: 1,
    data: { groupId: 'g', relayLink },
  };
}

/** A group of which these relays were accepted; `written` are the links that LSET wrote. */
async function world(relays: readonly SagaRecord[]) {
  const store = new MemoryStore();
  const group: SagaRecord = { ...relay('g', ''), noun: 'group', status: 'Ready', data: { profile: {} } };
  const queue = {
    server: 'smp',
    recipientId: new Uint8Array(24),
    noun: 'group' as const,
    id: 'g',
    identity: 'owner',
    protocol: 'full',
    purpose: 'group_link' as const,
    link: { uri: '', linkId: new Uint8Array(24), fixedData: new Uint8Array(1) },
  };
  await save(store, { records: [group, ...relays], queues: [queue] });
  const written: string[][] = [];
  const road = {
    store,
    server: 'smp',
    smp: {
      request: async (_: string, { command: asked }: Parameters<Road['smp']['request']>[1]) => {
        const data = asked.kind === 'LSET' ? decodeContactLinkData(asked.userData) : undefined;
        if (data?.ok) written.push(data.value.relays.map((relay) => formatShortLink(relay)));
        return { kind: 'OK' as const };
      },
    },
  } as unknown as Road;
  const lset = (of: string): Command =>
    command('link g', 1, { noun: 'group_relay', recordId: of, kind: 'LSET', aim: { groupId: 'g' } });
  return { written, set: (of: string) => execute(lset(of), road) };
}

const good = link('smp.example', 1);

describe.each([
  ['no link', 'https://example.com'],
  ['a link whose host fits no link data', link('x'.repeat(300), 2)],
  [
    'a link with as many hosts as there are',
    `${link('smp.example', 2)}?h=${'x'.repeat(250)}${`,${'y'.repeat(250)}`.repeat(50)}`,
  ],
  ['a link with 300 hosts', `${link('smp.example', 2)}?h=a${',b'.repeat(300)}`],
])('a relay that answered with %s', (_, bad) => {
  it('is refused itself', async () => {
    const { set, written } = await world([relay('bad', bad), relay('good', good)]);
    expect((await set('bad')).name).toBe('ERR');
    expect(written).toEqual([]);
  });

  it('does not keep another relay off the group link', async () => {
    const { set, written } = await world([relay('bad', bad), relay('good', good)]);
    expect(await set('good')).toEqual({ name: 'LINK', facts: { relayLinks: [good] } });
    expect(written).toEqual([[good]]);
  });
});
