import { GroupCommit } from './group-commit';

/** Commits that end when they are told to. */
function gated(most = 100) {
  const commits: { items: readonly string[]; end: (error?: Error) => void }[] = [];
  const group = new GroupCommit<string>(
    most,
    (items) =>
      new Promise<void>((resolve, reject) => {
        commits.push({ items, end: (error) => (error ? reject(error) : resolve()) });
      }),
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
