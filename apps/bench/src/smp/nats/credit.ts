import type { NatsConnection } from '@chat-relays/bus';

const SUBJECT = 'bench.credit';
/** messages between two words of the receiver to the sender */
const EACH = 250;

/** NATS core acknowledges nothing, so the receiver says how many came: else the sender would outrun it. */
export function giveCredit(connection: NatsConnection, count: number, isComplete: boolean): void {
  if (isComplete || count % EACH === 0) connection.publish(SUBJECT, String(count));
}

export function onCredit(connection: NatsConnection, take: (count: number) => void): void {
  connection.subscribe(SUBJECT, { callback: (_, message) => take(Number(message.string())) });
}
