import { recovering, spans, statuses, waiting } from './derive';
import { protocolNames } from './protocols/names';
import { dialogueOf } from './protocols/protocols';

const owner = dialogueOf('full', 'group_relay');
const relay = dialogueOf('full', 'relay_own');
const both = protocolNames.flatMap((protocol) => [
  dialogueOf(protocol, 'group_relay'),
  dialogueOf(protocol, 'relay_own'),
]);

describe('the lists that the RFC gives in prose come out of the rows', () => {
  it('"relay is stuck in CRSInvited or CRSNotified status"', () => {
    expect(waiting(owner)).toEqual(['Invited', 'Notified']);
  });

  it('"Should recover in GROSInvited, GROSLinkCreated, GROSNotified statuses"', () => {
    expect(recovering(relay)).toEqual(['Invited', 'LinkCreated', 'Notified']);
  });
});

describe('every status', () => {
  it.each(both)('ends, waits or recovers, and does one of them only: $half', (dialogue) => {
    const sorted = [...dialogue.ends, ...waiting(dialogue), ...recovering(dialogue)];
    expect([...sorted].sort()).toEqual([...statuses(dialogue)].sort());
  });
});

describe('the spans of an onboarding', () => {
  it('name each arrow once, and one per SMP command at the server that it goes to', () => {
    const names = spans(owner).map(({ name, half }) => `${half}: ${name}`);
    expect(names.slice(0, 2)).toEqual(['owner: relay.add 4 relay.chosen', 'owner: relay.add 5 JOINED']);
    expect(names.filter((name) => name.startsWith('smp'))).toEqual([
      'smp: smp LGET',
      'smp: smp NEW',
      'smp: smp SEND',
      'smp: smp SKEY',
      'smp: smp SEND',
      'smp: smp LSET',
      'smp: smp SEND',
    ]);
    expect(names).not.toContain('owner: relay.add x ERR');
  });

  it('count once what two rows ask, of which one fires', () => {
    const names = spans(dialogueOf('pooled', 'relay_own')).map(({ name }) => name);
    expect(names.filter((name) => name === 'smp LGET')).toHaveLength(1);
  });
});
