import type { NewDeliveryJob } from '@chat-relays/agent';
import { decodeElement, encodeEnvelope, encodeForward } from '@chat-relays/wire';
import { type Sabotage, saving } from './sabotage';

/** A relay that keeps to the protocol, and forwards what it likes; `change` is given what each of its commits is to forward. */
export function dishonest(
  relay: string,
  change: (jobs: readonly NewDeliveryJob[]) => readonly NewDeliveryJob[],
): Sabotage {
  const mutant = saving((changes) =>
    changes.jobs.length === 0 ? changes : { ...changes, jobs: change(changes.jobs) },
  );
  return (ports, process) => (process === relay ? mutant(ports, process) : ports);
}

/** The same message with another text. */
export function altered(job: NewDeliveryJob, text: string): NewDeliveryJob {
  const { timeSeconds, msgId } = forwardOf(job);
  return { ...job, element: post(timeSeconds, msgId, text) };
}

/** A message that nobody sent; another one for every text. */
export function invented(job: NewDeliveryJob, text: string): NewDeliveryJob {
  const { timeSeconds, msgId } = forwardOf(job);
  const id = Buffer.concat([msgId, Buffer.from(text)]).subarray(-12);
  return { ...again(job, text), element: post(timeSeconds, id, text) };
}

/** The same bytes once more; the relay's own store takes each message once, so `times` tells its copies apart. */
export function again(job: NewDeliveryJob, times: number | string): NewDeliveryJob {
  return { ...job, messageId: `${job.messageId} ${times}` };
}

function post(timeSeconds: number, msgId: Uint8Array, text: string): Uint8Array {
  const params = { content: { type: 'text', text }, asGroup: true } as const;
  const body = encodeEnvelope({ msgId, message: { event: 'x.msg.new', params } });
  return encodeForward({ kind: 'channel' }, timeSeconds, body);
}

function forwardOf({ element }: NewDeliveryJob): { timeSeconds: number; msgId: Uint8Array } {
  const decoded = decodeElement(element);
  const forward = decoded.ok && decoded.value.kind === 'forwarded' ? decoded.value : undefined;
  const msgId = forward?.element.kind === 'message' ? forward.element.envelope.msgId : undefined;
  if (!forward || !msgId) throw new Error('a delivery job of another kind');
  return { timeSeconds: forward.timeSeconds, msgId };
}
