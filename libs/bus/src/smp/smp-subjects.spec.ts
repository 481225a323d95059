import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverToken, smpSubjects } from './smp-subjects';

const page = readFileSync(join(__dirname, '../../../../docs/protocol/smp-over-nats.md'), 'utf8');

test('subjects are those of docs/protocol/smp-over-nats.md', () => {
  const servers = [...page.matchAll(/^\| `([a-z0-9.:-]+)` +\| `([a-z0-9_-]+)` +\|$/gm)];
  expect(servers).toHaveLength(3);
  for (const [, server, token] of servers) expect(serverToken(server)).toBe(token);
  const { hello, up, block } = smpSubjects('<server>');
  const named = [hello, block('<session>'), up].map((subject) => subject.replace(/_u3c_(.*)_u3e_/, '<$1>'));
  for (const subject of named) expect(page).toContain(`| \`${subject}\` `);
});
