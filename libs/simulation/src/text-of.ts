import type { NewMessage } from '@chat-relays/agent';
import { decodeElement } from '@chat-relays/wire';

/** What a forwarded message says. */
export function textOf({ body, via }: NewMessage): string {
  const element = decodeElement(body);
  const message = element.ok && element.value.kind === 'message' && element.value.envelope.message;
  if (!message || message.event !== 'x.msg.new') throw new Error(`${via} brought something else`);
  return (message.params.content as { text: string }).text;
}
