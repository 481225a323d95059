import { Bar, barLine } from './bar';

function written(isTTY: boolean, use: (bar: Bar) => void): string {
  let text = '';
  const write = (part: unknown): boolean => {
    text += String(part);
    return true;
  };
  use(new Bar({ isTTY, write }, 'sending', 100));
  return text;
}

describe('barLine', () => {
  it('is full when all is done and empty when nothing is', () => {
    expect(barLine('sending', 0, 4)).toContain('░'.repeat(30));
    expect(barLine('sending', 1, 4, 'words')).toMatch(/^ {2}sending {4}█{7}░{23} {2}25 % {2}1\/4 {2}words$/);
    expect(barLine('sending', 4, 4)).toContain('█'.repeat(30));
    expect(barLine('sending', 5, 4)).toContain('100 %');
    expect(barLine('sending', 0, 0)).toContain('100 %');
  });
});

describe('Bar', () => {
  it('writes few lines, and no control characters, where there is no terminal', () => {
    const text = written(false, (bar) => {
      for (let done = 0; done <= 100; done++) bar.at(done);
      bar.end('2.0 s');
    });
    expect(text).not.toMatch(/[\r\x1b]/);
    expect(text.trimEnd().split('\n')).toHaveLength(5);
    expect(text).toMatch(/100\/100 {2}2\.0 s\n$/);
  });

  it('stays in one line of a terminal', () => {
    const text = written(true, (bar) => {
      bar.at(1);
      bar.at(2);
      bar.end('2.0 s');
    });
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(text.startsWith('\r\x1b[K')).toBe(true);
  });
});
