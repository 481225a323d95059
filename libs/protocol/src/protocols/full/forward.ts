import type { Dialogue } from '../../machine';
import type { DeliveryJobStatus, MessageStatus } from '../../message';

/**
 * RFC steps 16 to 18. The only dialogues that are not decided record by record: the stores apply these rows to whole
 * blocks (`insert … on conflict do nothing` is "from - only"), see docs/decisions.
 */
export const forwardRelay: Dialogue<
  DeliveryJobStatus,
  object,
  Record<'x.msg.new' | 'page sent' | 'last page sent' | 'relay serves again', object>
> = {
  name: 'message.forward',
  half: 'relay',
  noun: 'delivery_job',
  ends: ['Complete', 'Withdrawn'],
  works: ['Pending'],
  // prettier-ignore
  rows: [
    { step: '16', on: 'x.msg.new',      from: ['-'],       to: 'Pending' },
    { step: '17', on: 'page sent',      from: ['Pending'], to: 'Pending' },
    { step: '17', on: 'last page sent', from: ['Pending'], to: 'Complete' },
    // what a relay said of its removal: no history of those who come to it later
    { step: 'x',  on: 'relay serves again', from: ['Pending', 'Complete'], to: 'Withdrawn' },
  ],
};

export const forwardMember: Dialogue<MessageStatus, object, Record<'x.grp.msg.forward', object>> = {
  name: 'message.forward',
  half: 'member',
  noun: 'message',
  ends: ['Received'],
  // prettier-ignore
  rows: [
    { step: '18', on: 'x.grp.msg.forward', from: ['-'], to: 'Received' },
  ],
};
