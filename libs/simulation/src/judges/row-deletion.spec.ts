import { protocolNames } from '@chat-relays/protocol';
import { builtThreads } from '../../test/built-threads';
import { pointsOf } from '../runs/plan';
import { complaint, deletableRows } from './row-deletion';
import type { WorkerThreads } from '../runs/worker-threads';

let threads: WorkerThreads;
beforeAll(() => (threads = builtThreads()));
afterAll(() => threads.end());

describe.each(protocolNames)('without any one of its rows %s does not work', (protocol) => {
  const rows = deletableRows(protocol).map(({ title }, number) => ({ title, number }));
  let complaints: readonly (string | undefined)[];
  beforeAll(async () => {
    complaints = await threads.complaints(rows.length, protocol, await pointsOf(protocol));
  });

  it('with all of them it does', async () => {
    expect(await complaint(protocol, await pointsOf(protocol))).toBeUndefined();
  });

  it.each(rows)('$title', ({ number }) => {
    expect(complaints[number]).toBeDefined();
  });
});
