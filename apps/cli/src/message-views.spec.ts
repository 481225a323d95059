import { viewDivergences, viewGaps, viewReceived } from './message-views';

const [one, two] = ['https://smp.example/r#abcdefgh', 'https://smp.example/r#ijklmnop'];
const message = { messageId: '1', text: 'hello', relayLink: one, corroborated: true, receivedAt: 1_000 };
const divergence = {
  messageId: '1',
  relayLink: two,
  text: 'farewell',
  first: { relayLink: one, text: 'hello' },
};

const gap = { relayLink: two, from: 4, to: 6, noticedAt: 1_000, others: 0 };
const around = (more: object = {}) => ({ relays: 2, divergences: [], gaps: [], canAsk: false, ...more });

describe('messages', () => {
  it('are shown as they were written, further lines set in', () => {
    const said = (text: string) => viewReceived('news', [{ ...message, text }], around());
    expect(said('hello')).toEqual(['#news> hello']);
    expect(said('two\nlines')).toEqual(['#news> two', '  lines']);
    expect(said('red \u001b[31m')).toEqual(['#news> red \\u001b[31m']);
    expect(viewReceived('news', [], around())).toEqual(['#news: no messages yet']);
  });

  it('are told when one relay of several brought them', () => {
    const alone = { ...message, corroborated: false };
    expect(viewReceived('news', [alone], around())).toEqual([
      '#news> hello',
      '  so far only from relay https://smp.example/r#abcd…',
    ]);
    expect(viewReceived('news', [alone], around({ relays: 1 }))).toEqual(['#news> hello']);
  });

  it('are followed by what relays said of them otherwise', () => {
    const other = { ...message, messageId: '2', text: 'again' };
    expect(viewReceived('news', [message, other], around({ divergences: [divergence] }))).toEqual([
      '#news> hello',
      '  relay https://smp.example/r#ijkl… said otherwise: "farewell"',
      '#news> again',
    ]);
  });
});

describe('messages that are missing', () => {
  const lost = '#news: 3 messages of relay https://smp.example/r#ijkl… are missing';
  const said = `${lost} (numbers 4 to 6; each may carry several posts)`;
  const unknown = '  no other relay is known to have brought everything meanwhile';

  it('are told where they were noticed', () => {
    const later = { ...message, text: 'later', receivedAt: 2_000 };
    const shown = (noticedAt: number) =>
      viewReceived('news', [message, later], around({ gaps: [{ ...gap, noticedAt }] }));
    expect(shown(1_000)).toEqual([said, unknown, '#news> hello', '#news> later']);
    expect(shown(1_001)).toEqual(['#news> hello', said, unknown, '#news> later']);
    expect(shown(2_001)).toEqual(['#news> hello', '#news> later', said, unknown]);
    expect(viewReceived('news', [], around({ gaps: [gap] }))).toEqual([
      '#news: no messages yet',
      ...[said, unknown],
    ]);
  });

  it('say what is known of other relays, and no more', () => {
    const of = (more: object) => viewGaps('news', { gaps: [{ ...gap, ...more }], canAsk: false });
    expect(of({})).toEqual([said, unknown, '  noticed at 1970-01-01T00:00:01Z']);
    expect(of({ others: 1 })[1]).toBe(
      '  nothing is missing of another relay in that time: probably you have the posts',
    );
    expect(of({ others: 2 })[1]).toContain('of 2 other relays');
    expect(of({ to: 4 })[0]).toContain(
      '1 message of relay https://smp.example/r#ijkl… is missing (number 4;',
    );
    expect(of({ from: 4, to: undefined })[0]).toMatch(
      /^#news: the SMP server lost the queue of relay .+: what came after its message number 3 may be missing$/,
    );
    expect(viewGaps('news', { gaps: [], canAsk: true })).toEqual([
      '#news: nothing that relays sent is missing',
    ]);
  });

  it('say where one can ask for it', () => {
    const hint = '"/history #news" asks the relays for their last 100 messages';
    expect(viewGaps('news', { gaps: [gap], canAsk: true }).at(-1)).toBe(hint);
    expect(viewReceived('news', [message], around({ gaps: [gap], canAsk: true })).at(-1)).toBe(hint);
    expect(viewReceived('news', [message], around({ canAsk: true }))).toEqual(['#news> hello']);
  });
});

describe('divergences', () => {
  it('name both relays and both texts', () => {
    expect(viewDivergences('news', [divergence])).toEqual([
      '#news> hello',
      '  first from relay https://smp.example/r#abcd…',
      '  relay https://smp.example/r#ijkl… said otherwise: "farewell"',
    ]);
    expect(viewDivergences('news', [])).toEqual(['#news: no relay said otherwise than the first']);
  });

  it('say when a relay contradicts itself, when only the bytes differ, and steer no terminal', () => {
    const last = (more: object) => viewDivergences('news', [{ ...divergence, ...more }]).slice(2);
    expect(last({ relayLink: one })).toEqual(['  the same relay said otherwise: "farewell"']);
    expect(last({ text: 'hello' })).toEqual([
      '  relay https://smp.example/r#ijkl… sent this text in other bytes',
    ]);
    expect(last({ text: 'red\u001b[31m' })[0]).toContain('"red\\u001b[31m"');
  });
});
