import { TemporaryError } from '@chat-relays/agent';
import { QueryFailedError } from 'typeorm';
import { temporaryWhenAway } from './agent-store';

const failing = (code: string | undefined, message: string) =>
  temporaryWhenAway(async () => {
    throw new QueryFailedError('INSERT', [], Object.assign(new Error(message), { code }));
  });

test.each([
  ['08006', 'connection failure'],
  ['25006', 'cannot execute INSERT in a read-only transaction'],
  ['25P04', 'terminating connection due to transaction timeout'],
  ['40003', 'statement completion unknown'],
  ['40P01', 'deadlock detected'],
  ['53100', 'could not extend file "base/5/16403": No space left on device'],
  ['55P03', 'canceling statement due to lock timeout'],
  ['57014', 'canceling statement due to statement timeout'],
  ['57P01', 'terminating connection due to administrator command'],
  ['58030', 'could not write block 7 of relation "base/5/16403": Input/output error'],
  ['XX000', 'could not extend file "base/5/16403": Disk quota exceeded'],
  ['XX001', 'invalid page in block 7 of relation "base/5/16403"'],
  ['23505', 'duplicate key value violates unique constraint "commands_id"'],
  [undefined, 'read ECONNRESET'],
  [undefined, 'Connection terminated unexpectedly'],
])('%s waits: %s', async (code, message) => {
  await expect(failing(code, message)).rejects.toThrow(TemporaryError);
});

test.each([
  ['22021', 'invalid byte sequence for encoding "UTF8": 0x00'],
  ['23502', 'null value in column "body" violates not-null constraint'],
  ['42P01', 'relation "commands" does not exist'],
  ['54000', 'index row size 8200 exceeds maximum 2712'],
])('%s would not be better later: %s', async (code, message) => {
  await expect(failing(code, message)).rejects.not.toThrow(TemporaryError);
});
