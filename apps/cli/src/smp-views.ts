/** What SMP servers tell their operator, in words. */

interface Holdings {
  readonly queues: number;
  readonly messages: number;
  readonly subscriptions: number;
  readonly sessions: number;
}

interface Queue {
  readonly senderId: string;
  readonly linkId?: string;
  readonly status: string;
  readonly mode?: 'M' | 'C';
  readonly secured: boolean;
  readonly messages: number;
  readonly subscribed: boolean;
  /** milliseconds since 1970 */
  readonly usedOn: number;
}

export function viewHoldings(
  server: string,
  { queues, messages, subscriptions, sessions }: Holdings,
): string[] {
  return [
    `${server}: ${queues} queues, ${messages} messages, ${subscriptions} subscriptions, ${sessions} sessions`,
  ];
}

export function viewFaults(server: string, { text, paused }: { text: string; paused: boolean }): string[] {
  return [`${server}${paused ? ' (paused)' : ''} faults: ${text || 'none'}`];
}

export function viewQueue(queue: Queue): string[] {
  const kind = { M: 'messaging queue', C: 'contact queue' };
  const facts = [
    queue.status,
    queue.secured ? 'secured' : 'not secured',
    `${queue.messages} messages`,
    queue.subscribed ? 'subscribed' : 'not subscribed',
    `last used on ${new Date(queue.usedOn).toISOString().slice(0, 10)}`,
  ];
  return [
    `${queue.mode ? kind[queue.mode] : 'queue'} ${queue.senderId}: ${facts.join(', ')}`,
    ...(queue.linkId ? [`  link id: ${queue.linkId}`] : []),
  ];
}
