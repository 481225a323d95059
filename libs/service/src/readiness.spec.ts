import { Readiness } from './readiness';

describe('Readiness', () => {
  it('tells what is wrong with each', async () => {
    const readiness = new Readiness();
    readiness.add('kettle', async () => 'hot');
    readiness.add('cups', () => Promise.reject(new Error('all broken')));
    expect([...(await readiness.look())]).toEqual([
      ['kettle', undefined],
      ['cups', 'all broken'],
      ['service', undefined],
    ]);
  });

  it('does not wait for ever', async () => {
    const readiness = new Readiness();
    readiness.add('kettle', () => new Promise(() => undefined));
    expect((await readiness.look()).get('kettle')).toBe('no answer within 2 s');
  });
});
