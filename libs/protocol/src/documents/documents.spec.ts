import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageTags } from '@chat-relays/wire';
import type { Arrow } from './arrow';
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

  it('has every message', () => {
    for (const tag of messageTags) expect(files['messages.md']).toContain(`## \`${tag}\``);
  });
});
