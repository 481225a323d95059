import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageTags } from '@chat-relays/wire';
import type { Arrow } from './arrow';
import { protocolNames } from '../protocols/names';
import { documents } from './documents';

const root = join(__dirname, '../../../..');
const { arrows } = JSON.parse(readFileSync(join(root, 'vectors/rfc-steps.json'), 'utf8')) as {
  arrows: Arrow[];
};
const files = documents(arrows);

describe('docs/protocol', () => {
  it.each(Object.keys(files))('%s is what the tables generate (npm run docs)', (name) => {
    expect(readFileSync(join(root, 'docs/protocol', name), 'utf8')).toBe(files[name]);
  });

  it('says the RFC beside the rows', () => {
    expect(files['steps.md']).toContain(
      '| 8 | `LINK`, guarded | Accepted | Added | 9 SEND | `x.grp.info` | Update short link (add relay link) |',
    );
    expect(files['steps.md']).toContain('- waits for the peer in: Invited, Notified');
  });

  it('draws every row', () => {
    expect(files['states.md']).toContain('  Notified --> Confirmed: 12 x.grp.relay.ready');
  });

  it('has every step of the diagrams on its side of the comparison', () => {
    const rows = tableIn(files['comparison.md'], 'what happens');
    for (const [column, protocol] of protocolNames.entries()) {
      const shown = rows.flatMap((cells) => cells[column + 1].split(', ')).filter((step) => step !== '');
      const drawn = arrows.filter(({ diagram }) => diagram === protocol).map(({ step }) => step);
      expect(shown).toEqual(expect.arrayContaining(drawn));
    }
  });

  it('has every message', () => {
    for (const tag of messageTags) expect(files['messages.md']).toContain(`## \`${tag}\``);
  });
});

/** The rows of the table whose first column is called so. */
function tableIn(text: string, head: string): string[][] {
  const [, table] = text.split(`| ${head} |`);
  const [, , ...lines] = table.split('\n\n')[0].split('\n');
  return lines.map((line) => line.slice(2, -2).split(' | '));
}
