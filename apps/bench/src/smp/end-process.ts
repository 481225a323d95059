import type { EndCall, EndReply } from './end-call';
import { ends } from './ends';

/** The program of one end: `end-process.js <contender> <side>`; it does what it is called to over IPC. */
const [key, side] = process.argv.slice(2);
const makers = ends[key];
if (!makers || !(side === 'sender' || side === 'receiver')) throw new RangeError(`no end "${key} ${side}"`);
const end = makers[side]();

process.on('message', (call: EndCall) => void carryOut(call));
// whoever started it has gone, so nobody would ever stop it
process.on('disconnect', () => process.exit());

async function carryOut({ id, method, args }: EndCall): Promise<void> {
  const methods = end as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
  process.send?.(
    await Promise.resolve()
      .then(() => methods[method](...args))
      .then(
        (value): EndReply => ({ id, value }),
        (error: unknown): EndReply => ({ id, error: error instanceof Error ? error.message : String(error) }),
      ),
  );
}
