import { viewDivergences, viewReceived } from './message-views';

const [one, two] = ['https://smp.example/r#abcdefgh', 'https://smp.example/r#ijklmnop'];
const message = { messageId: '1', text: 'hello', relayLink: one, corroborated: true };
const divergence = {
  messageId: '1',
  relayLink: two,
  text: 'farewell',
  first: { relayLink: one, text: 'hello' },
};

describe('messages', () => {
  it('are shown as they were written, further lines set in', () => {
    const said = (text: string) => viewReceived('news', [{ ...message, text }], 2, []);
    expect(said('hello')).toEqual(['#news> hello']);
    expect(said('two\nlines')).toEqual(['#news> two', '  lines']);
    expect(said('red \u001b[31m')).toEqual(['#news> red \\u001b[31m']);
    expect(viewReceived('news', [], 2, [])).toEqual(['#news: no messages yet']);
  });

  it('are told when one relay of several brought them', () => {
    const alone = { ...message, corroborated: false };
    expect(viewReceived('news', [alone], 2, [])).toEqual([
      '#news> hello',
      '  so far only from relay https://smp.example/r#abcd…',
    ]);
    expect(viewReceived('news', [alone], 1, [])).toEqual(['#news> hello']);
  });

  it('are followed by what relays said of them otherwise', () => {
    const other = { ...message, messageId: '2', text: 'again' };
    expect(viewReceived('news', [message, other], 2, [divergence])).toEqual([
      '#news> hello',
      '  relay https://smp.example/r#ijkl… said otherwise: "farewell"',
      '#news> again',
    ]);
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
