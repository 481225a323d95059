import fc from 'fast-check';
import { toyCrypto } from '@chat-relays/simulation';
import { CHAIN_START } from '@chat-relays/smp';
import { encodeBatch, encodeEnvelope, encodeForward } from '@chat-relays/wire';
import { Ends } from '../../test/peers';
import { confirmation, invitation, message, reply, speaker } from '../../test/speaker';
import { Opener } from './opener';
import { route } from '../handling/route';

describe('no bytes make it throw', () => {
  const queues = [
    ...(['group_relay', 'relay_own', 'member_connection'] as const).map(
      (noun) => new Ends(toyCrypto, 1, noun),
    ),
    new Ends(toyCrypto, 2, 'relay_own', 'relay_link'),
    new Ends(toyCrypto, 3, 'group', 'group_link'),
  ].map((ends) => ({ ends, sender: speaker(toyCrypto, ends) }));
  const msgNew = { event: 'x.msg.new', params: { content: { type: 'text', text: 'hello' } } } as const;
  const post = encodeEnvelope({ msgId: Buffer.from('id'), message: msgNew });
  const ok = encodeEnvelope({ message: { event: 'x.ok', params: {} } });
  const forward = encodeForward({ kind: 'channel' }, 99, post);
  const good = [ok, post, forward, encodeBatch([ok, post])].flatMap((element) => [
    message(CHAIN_START, element),
    confirmation([reply], element),
    invitation(element),
  ]);
  const random = fc.uint8Array({ maxLength: 300 });
  const spoiled = fc
    .tuple(fc.constantFrom(...good), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([envelope, index, value]) => {
      const changed = Buffer.from(envelope);
      changed[index % changed.length] = value;
      return changed;
    });
  const opener = new Opener(toyCrypto);

  it.each([
    ['random envelopes', random],
    ['envelopes that are almost right', spoiled],
    ['random bodies', random.map((bytes) => message(CHAIN_START, bytes))],
    ['random elements', random.map((element) => message(CHAIN_START, encodeBatch([element])))],
  ])('%s', (_, envelopes) => {
    fc.assert(
      fc.property(fc.constantFrom(...queues), envelopes, ({ ends, sender }, envelope) => {
        const opened = opener.open(ends.receiving, sender.says(envelope, true));
        if (opened.is === 'refused') return;
        if (opened.is === 'quota') throw new Error('there was no quota marker');
        const { inputs, posts, forwards, refusals } = route(ends.receiving, opened.delivered);
        expect(inputs.length + posts.length + forwards.length + refusals.length).toBeGreaterThan(0);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('what peers and servers did not seal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...queues), random, fc.boolean(), ({ ends }, bytes, byPeer) => {
        const incoming = byPeer ? ends.message(bytes) : { ...ends.message(bytes), sealed: bytes };
        expect(opener.open(ends.receiving, incoming).is).toBe('refused');
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
