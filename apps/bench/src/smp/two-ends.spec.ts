import { contenders } from './contenders';
import type { Course } from './contender';
import { readPlan } from './plan';

const plan = readPlan('--queues 20 --messages 5 --size 64'.split(' '), []);
const exact = { lost: 0, duplicated: 0, reordered: 0, strange: 0 };

describe.each(contenders.map((contender) => [contender.name, contender] as const))('%s', (_, contender) => {
  let course: Course;

  beforeAll(async () => {
    course = await contender.open(plan);
  });
  afterAll(() => course.close());

  it('brings everything, pass after pass', async () => {
    for (const [from, messages] of [
      [0, 5],
      [5, 50],
    ]) {
      const { counts, seconds } = await course.run({ queues: 20, from, messages });
      expect(counts).toEqual({ ...exact, expected: 20 * messages, received: 20 * messages });
      expect(seconds).toBeGreaterThan(0);
    }
  });

  it('is told apart by process', async () => {
    const { cpu } = await course.run({ queues: 20, from: 55, messages: 500 * contender.times });
    const names = cpu.map(({ process }) => process);
    if (process.platform === 'linux') {
      const server = contender.baseline ? 'nats-server' : 'smp-bench';
      expect(names).toEqual(expect.arrayContaining(['receiver', server]));
    }
  });
});
