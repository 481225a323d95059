import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_KINDS } from './commands/command';
import { encodeResponse, errorResponse, isSmpError } from './commands/response';
import { realCrypto, sha256 } from './crypto';
import { EMPTY } from './encoding';
import { encodeReceivedMessage, MessageSealer, PADDED_MESSAGE_BYTES } from './messages/received-message';
import { MAX_LINK_BYTES } from './server/link';
import { senderIdOf } from './server/new-queue';
import { DEFAULT_QUOTA, MAX_SEND_BYTES } from './server/queue';
import { encodeServerHello } from './transport/server-hello';
import { ServerSession } from './transport/server-session';
import { MAX_BLOCK_BYTES, MAX_TRANSMISSION_BYTES, packBlocks } from './transport/transmission';
import { hex, vectors } from '../test/vectors';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/protocol/smp-over-nats.md'), 'utf8');
const read = (file: string) => vectors(`smp/${file}`);
const named = (list: { name: string; hex: string }[], name: string): string =>
  list.find((vector) => vector.name === name)!.hex;

/** The examples: fences of hex, with what the bytes are after two spaces. */
const examples = new Map(
  [...page.matchAll(/^```hex (\S+)\n(.*?)^```$/gms)].map(([, name, lines]) => [
    name,
    lines
      .split('\n')
      .map((line) => line.split('  ')[0])
      .join(''),
  ]),
);

const { sessionId, sessionKeySeed, cases } = read('authorizations.json');
const [sub, send] = ['SUB, Ed25519', 'SEND, X25519'].map((wanted) =>
  (cases as { name: string; authorized: string; sha512: string; transmission: string; seed: string }[]).find(
    ({ name }) => name === wanted,
  )!,
);
const sealed = read('sealed-messages.json');
const hi = { quota: false, timestamp: 1_700_000_000, notify: false, body: Buffer.from('hi') } as const;
const quota = { quota: true, timestamp: 1_700_000_000 } as const;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sealing = (padded: boolean): Buffer =>
  new MessageSealer(realCrypto, hex(sealed.serverDhSeed), hex(sealed.recipientDhKey), padded).seal(
    Buffer.alloc(24, 'm'),
    hi,
  );

/** What the code makes of each, or a vector that other specs compare with the code. */
const expected: Record<string, string> = {
  hello: text(encodeServerHello(new ServerSession(realCrypto, hex(sessionId), hex(sessionKeySeed)).hello)),
  block: `010077${sub.transmission}`,
  authorized: sub.authorized,
  'authorized-send': send.authorized,
  sha512: send.sha512,
  authenticator: send.transmission,
  new: named(read('commands.json').valid, 'NEW contact queue with link'),
  ids: named(read('responses.json').valid, 'IDS contact with link'),
  push: `000018${'72'.repeat(24)}${named(read('responses.json').valid, 'MSG')}`,
  session: text(
    packBlocks([
      {
        authorization: EMPTY,
        corrId: EMPTY,
        entityId: EMPTY,
        body: encodeResponse(errorResponse('SESSION')),
      },
    ])[0],
  ),
  plain: text(encodeReceivedMessage(hi)),
  sealed: text(sealing(false)),
  quota: text(encodeReceivedMessage(quota)),
};

describe('docs/protocol/smp-over-nats.md', () => {
  it('has the examples that are checked here', () => {
    expect([...examples.keys()].sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.keys(expected))('%s is what the code makes', (name) => {
    expect(examples.get(name)).toBe(expected[name]);
  });

  it('has every command', () => {
    const kinds = [...page.matchAll(/^\| `([A-Z]{3,4})` /gm)].map(([, kind]) => kind);
    expect(kinds.slice(0, COMMAND_KINDS.length).sort()).toEqual([...COMMAND_KINDS].sort());
  });

  it('has errors that are errors', () => {
    const rows = [...page.split('## 8')[1].matchAll(/^\| `([A-Z_ ]+)(?: …|( reason=)…)?` +\|/gm)].slice(1);
    expect(rows.length).toBeGreaterThanOrEqual(17);
    const errors = rows.map(([, error, more]) => (more === undefined ? error : `${error}${more}spam`));
    expect(errors.filter((error) => !isSmpError(error === 'STORE' ? 'STORE …' : error))).toEqual([]);
  });

  it('has the numbers of the code', () => {
    const sizes = [
      MAX_SEND_BYTES,
      MAX_LINK_BYTES,
      MAX_BLOCK_BYTES,
      MAX_TRANSMISSION_BYTES,
      PADDED_MESSAGE_BYTES,
      PADDED_MESSAGE_BYTES + 16,
      DEFAULT_QUOTA,
    ];
    for (const size of sizes) expect(page).toContain(` ${size.toLocaleString('en')}`);
  });

  it('has the values of its sentences', () => {
    const corrId = hex('000102030405060708090a0b0c0d0e0f1011121314151617');
    const padded = sealing(true);
    for (const value of [
      text(corrId),
      text(senderIdOf(corrId)),
      sub.seed,
      send.seed,
      sealed.recipientDhSeed,
      sealed.serverDhKey,
      text(padded.subarray(0, 32)),
      text(sha256(padded)),
    ]) {
      expect(page).toContain(`\`${value}\``);
    }
  });
});
