import { MemoryStore, save } from '@chat-relays/simulation';
import type { SagaRecord } from '@chat-relays/protocol';
import { Checks } from './checks';
import type { Handler } from '../handling/handle';
import type { EventInput, Input } from '../handling/input';

const record = (noun: SagaRecord['noun'], id: string, status: string, more: Partial<SagaRecord> = {}) => ({
  ...{ noun, id, identity: 'tea', protocol: 'full', status, attempt: 1, data: {} },
  ...more,
});

/** What one round tells, commit by commit. */
async function round(records: readonly SagaRecord[], identity?: string): Promise<EventInput[][]> {
  const store = new MemoryStore();
  await save(store, { records });
  const told: EventInput[][] = [];
  const handle = async (inputs: readonly Input[]) => void told.push(inputs as EventInput[]);
  await new Checks(store, { handle } as Pick<Handler, 'handle'> as Handler, identity).run();
  return told;
}

const ids = (told: readonly EventInput[][]) => told.flat().map(({ ref }) => `${ref.noun} ${ref.id}`);

describe('a check is due', () => {
  it('of what a relay serves or waits to be listed for, and of who is in a group', async () => {
    const own = ['Invited', 'LinkCreated', 'Accepted', 'Notified', 'Confirmed', 'Removed', 'Broken'];
    const joined = ['Reading', 'Joined', 'NoRelays', 'Broken'];
    const told = await round([
      ...own.map((status) => record('relay_own', status, status)),
      ...joined.map((status) => record('membership', status, status)),
      record('group_relay', 'Confirmed', 'Confirmed'),
      record('group', 'Ready', 'Ready'),
    ]);
    expect(ids(told).sort()).toEqual([
      'membership Broken',
      'membership Joined',
      'membership NoRelays',
      'relay_own Accepted',
      'relay_own Confirmed',
    ]);
  });

  it('as an event of the record, by its protocol', async () => {
    const told = await round([
      record('relay_own', 'a', 'Confirmed', { protocol: 'paired', identity: 'mint' }),
    ]);
    const ref = { noun: 'relay_own', id: 'a' };
    const event = { name: 'check.due', facts: {} };
    expect(told).toMatchObject([[{ ref, identity: 'mint', protocol: 'paired', event }]]);
  });

  it("of a relay's own records alone", async () => {
    const records = [
      record('relay_own', 'a', 'Confirmed'),
      record('relay_own', 'b', 'Confirmed', { identity: 'mint' }),
    ];
    expect(ids(await round(records, 'tea'))).toEqual(['relay_own a']);
    expect(ids(await round(records))).toEqual(['relay_own a', 'relay_own b']);
  });

  it('of so many in one commit, and of all', async () => {
    const records = Array.from({ length: 450 }, (_, at) => record('relay_own', `${at}`, 'Confirmed'));
    const told = await round(records);
    expect(told.map(({ length }) => length)).toEqual([200, 200, 50]);
    expect(new Set(ids(told)).size).toBe(450);
    expect(await round([])).toEqual([]);
  });
});
