import { onInterrupt } from '@chat-relays/tools';
import { contenders } from './contenders';
import { readPlan } from './plan';
import { isExact, reportLines, reportOf } from './report';
import { Courses } from './rounds';

/** Answers 1 when a message was lost, duplicated, reordered or altered; how long anything took decides nothing. */
export async function benchSmp(args: readonly string[]): Promise<number> {
  const plan = readPlan(
    args,
    contenders.map(({ key }) => key),
  );
  const courses = new Courses(plan, console.log);
  let interrupted = false;
  const uninterrupted = onInterrupt(() => {
    interrupted = true;
    return courses.close();
  });
  try {
    const { queues, messages, size } = plan;
    console.log(`${queues} queues × ${messages} messages of ${size} bytes, and more where it says so`);
    const rounds = await courses.run(contenders.filter(({ key }) => plan.only?.includes(key) ?? true));
    const report = reportOf(plan, rounds);
    console.log(`\n${reportLines(report).join('\n')}`);
    return isExact(report) ? 0 : 1;
  } catch (error) {
    // the processes were taken away from under it
    if (interrupted) return 1;
    throw error;
  } finally {
    await courses.close();
    uninterrupted();
  }
}
