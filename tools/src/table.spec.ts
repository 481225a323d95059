import { table } from './table';

describe('table', () => {
  it('aligns text to the left and numbers to the right', () => {
    const rows = [
      ['4', 'relay.chosen', 3],
      ['12', 'x.grp.relay.ready', 120],
    ];
    expect(table(['step', 'event', 'ms'], rows).split('\n')).toEqual([
      'step  event               ms',
      '────  ─────────────────  ───',
      '4     relay.chosen         3',
      '12    x.grp.relay.ready  120',
    ]);
  });

  it('shows a header without rows', () => {
    expect(table(['step'], [])).toBe('step\n────');
  });
});
