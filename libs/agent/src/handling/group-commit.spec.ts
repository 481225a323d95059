import { GroupCommit } from './group-commit';

/** Commits that end when they are told to. */
function gated(most = 100, weigh?: (item: string) => number) {
  const commits: { items: readonly string[]; end: (error?: Error) => void }[] = [];
  const group = new GroupCommit<string>(
    most,
    (items) =>
      new Promise<void>((resolve, reject) => {
        commits.push({ items, end: (error) => (error ? reject(error) : resolve()) });
      }),
    weigh,
  );
  const ends = async (...errors: (Error | undefined)[]): Promise<void> => {
    for (const error of errors) {
      commits[commits.length - 1].end(error);
      await new Promise(setImmediate);
    }
  };
  return { group, commits, ends, items: () => commits.map(({ items }) => items) };
}

describe('GroupCommit', () => {
  it('takes what arrives while a commit runs together by the next, in order', async () => {
    const { group, ends, items } = gated();
    const all = [group.add(['a']), group.add(['b', 'c']), group.add(['d'])];
    expect(items()).toEqual([['a']]);
    await ends(undefined);
    expect(items()).toEqual([['a'], ['b', 'c', 'd']]);
    await ends(undefined);
    await Promise.all(all);
  });

  it('takes no more at once than it may', async () => {
    const { group, ends, items } = gated(2);
    const all = group.add(['a', 'b', 'c']);
    await ends(undefined, undefined);
    expect(items()).toEqual([['a', 'b'], ['c']]);
    await all;
  });

  it.each([
    ['exactly as much as it may', ['aa', 'bbb', 'c'], [['aa', 'bbb'], ['c']]],
    ['not one that would be too much', ['aaa', 'bbb', 'cc'], [['aaa'], ['bbb', 'cc']]],
    ['one that is heavier than it may be, alone', ['a', 'bbbbbbbb', 'c'], [['a'], ['bbbbbbbb'], ['c']]],
    ['several that are, one by one', ['aaaaaa', 'bbbbbb'], [['aaaaaa'], ['bbbbbb']]],
    ['any number that weighs nothing', ['', 'aaaaa', '', 'b'], [['', 'aaaaa', ''], ['b']]],
  ])('takes by weight: %s', async (_, added, taken) => {
    const { group, ends, items } = gated(5, ({ length }) => length);
    const all = group.add(added);
    await ends(...taken.map(() => undefined));
    expect(items()).toEqual(taken);
    await all;
  });

  it('weighs what arrives while a commit runs together, and keeps its order', async () => {
    const { group, ends, items } = gated(5, ({ length }) => length);
    const all = [['aaa'], ['bb', 'c'], ['ddd'], ['ee']].map((added) => group.add(added));
    await ends(undefined, undefined, undefined);
    expect(items()).toEqual([['aaa'], ['bb', 'c'], ['ddd', 'ee']]);
    await Promise.all(all);
  });

  it('resolves only when its own items are committed', async () => {
    const { group, ends } = gated();
    let done = false;
    void group.add(['a']);
    const second = group.add(['b']).then(() => (done = true));
    await ends(undefined);
    expect(done).toBe(false);
    await ends(undefined);
    await second;
    expect(done).toBe(true);
  });

  it('tries each alone when a commit fails, and refuses the one that fails again', async () => {
    const { group, ends, items } = gated();
    const first = group.add(['a']);
    const good = group.add(['b']);
    const bad = group.add(['c']);
    const refused = expect(bad).rejects.toThrow('no c');
    await ends(undefined, new Error('no c'), undefined, new Error('no c'));
    expect(items()).toEqual([['a'], ['b', 'c'], ['b'], ['c']]);
    await Promise.all([first, good, refused]);
  });

  it('goes on after a failure', async () => {
    const { group, ends } = gated();
    const bad = expect(group.add(['a'])).rejects.toThrow('no');
    await ends(new Error('no'));
    await bad;
    const good = group.add(['b']);
    await ends(undefined);
    await good;
  });

  it('has nothing to do for nothing', async () => {
    const { group, items } = gated();
    await group.add([]);
    expect(items()).toEqual([]);
  });
});
