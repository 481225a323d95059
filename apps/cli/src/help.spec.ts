import { forms } from './forms';
import { helpLines } from './help';

describe('helpLines', () => {
  it('names every command', () => {
    const text = helpLines().join('\n');
    for (const { names, does } of forms) {
      expect(text).toContain(names[0]);
      expect(text).toContain(does);
    }
  });
});
