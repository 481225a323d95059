import { readArguments } from './arguments';

describe('readArguments', () => {
  it('takes a command as one argument or as words', () => {
    const whole = readArguments(['/public group relays=1,2 #news']);
    expect(whole).toEqual({
      line: '/public group relays=1,2 #news',
      owner: 'alice',
      member: 'bob',
      json: false,
      wait: false,
    });
    expect(readArguments(['/public', 'group', 'relays=1,2', '#news'])).toEqual(whole);
  });

  it.each([
    [['--owner', 'carol', '/groups', '--json']],
    [['/groups', '--owner=carol', '--json']],
    [['/groups --owner carol --json']],
    [['/groups --owner=carol', '--json']],
  ])('finds options anywhere: %j', (argv) => {
    expect(readArguments(argv)).toMatchObject({ line: '/groups', owner: 'carol', member: 'bob', json: true });
  });

  it('keeps what is said in a message', () => {
    expect(readArguments(['#news I like --json and --as'])).toMatchObject({
      line: '#news I like --json and --as',
      json: false,
    });
    expect(readArguments(['#news', 'a', '--or', 'b'])).toMatchObject({ line: '#news a --or b' });
    expect(readArguments(['#news two  spaces', '--owner', 'carol'])).toMatchObject({
      line: '#news two  spaces',
      owner: 'carol',
    });
  });

  it('goes on from what was said before', () => {
    const before = readArguments(['--as', 'dan', '--wait']);
    expect(before.line).toBe('');
    expect(readArguments(['/groups'], before)).toMatchObject({ line: '/groups', member: 'dan', wait: true });
  });

  it('takes how long to watch, and what is said in a message stays', () => {
    expect(readArguments(['/watch #news', '--for', '2.5'])).toMatchObject({
      line: '/watch #news',
      seconds: 2.5,
    });
    expect(readArguments(['/watch --for=3 #news'])).toMatchObject({ line: '/watch #news', seconds: 3 });
    expect(readArguments(['#news', 'closed', '--for', 'today'])).toMatchObject({
      line: '#news closed --for today',
    });
  });

  it('takes --help for the command', () => {
    expect(readArguments(['--help'])).toMatchObject({ line: '/help' });
  });

  it.each([
    [['/groups', '--jsn'], 'There is no option "--jsn"; the nearest is "--json".'],
    [['/groups --ownr x'], 'There is no option "--ownr"; the nearest is "--owner".'],
    [['/groups', '--owner'], '--owner takes a name'],
    [['/groups', '--as='], '--as takes a name'],
    ...['soon', '0', '-1', '86401', ''].map((time): [string[], string] => [
      ['/watch', '--for', time],
      '--for takes seconds, above 0 and up to 86400',
    ]),
    [['/watch', '--for'], '--for takes seconds'],
    [['--json=yes', '/groups'], 'There is no option "--json=yes"'],
  ])('%j is answered with a sentence', (argv, sentence) => {
    expect(() => readArguments(argv)).toThrow(sentence);
  });
});
