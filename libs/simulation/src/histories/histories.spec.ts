import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type decide, protocolNames } from '@chat-relays/protocol';
import { flows } from './flows';
import { type History, replayed } from './history';
import { Recorder } from './recorder';

const AGAIN = 'UPDATE=1 npx jest --config jest.config.js libs/simulation/src/histories';

const FOLDER = join(__dirname, '../../../../vectors/histories');
const isUpdate = process.env.UPDATE === '1';

let mockRecorder: Recorder | undefined;
jest.mock('@chat-relays/protocol', () => {
  const actual = jest.requireActual<{ decide: typeof decide }>('@chat-relays/protocol');
  return {
    ...actual,
    decide: (...asked: Parameters<typeof decide>) => {
      const decided = actual.decide(...asked);
      return mockRecorder?.note(asked, decided) ?? decided;
    },
  };
});

const told = protocolNames.flatMap((protocol) =>
  flows.map((flow) => ({ ...flow, protocol, file: join(FOLDER, `${protocol}-${flow.name}.json`) })),
);

if (isUpdate) {
  afterAll(() => {
    const files = told.map(({ file }) => file);
    spawnSync(process.execPath, [require.resolve('prettier/bin/prettier.cjs'), '--write', ...files]);
  });
}

describe.each(told)('the history $protocol-$name', ({ protocol, name, about, tell, file }) => {
  if (isUpdate) {
    it('is recorded', async () => {
      const recorder = (mockRecorder = new Recorder());
      const { world } = await tell(protocol);
      mockRecorder = undefined;
      const history = recorder.history({ protocol, name, about }, world.processes);
      const stored = world.processes.flatMap(({ store }) => [...store.records.values()]);
      const forgotten = history.end.length - stored.length;
      expect(forgotten === 0 || stored.some(({ noun }) => noun === 'departure')).toBe(true);
      for (const { noun, id, status, attempt } of stored)
        expect(history.end).toContainEqual(expect.objectContaining({ noun, id, status, attempt }));
      writeFileSync(file, JSON.stringify(history));
    });
  }

  it(`comes to the same; a protocol that was changed on purpose is recorded again with ${AGAIN}`, () => {
    const history = JSON.parse(readFileSync(file, 'utf8')) as History;
    expect(replayed(history)).toEqual(history);
  });
});
