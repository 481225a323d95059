import { type Contract, issuesOf, sentenceOf } from '../contract';
import { controlPlane } from '../subjects';

const link = 'https://smp.example/g#MDEy';
const result = ({ request }: Contract, value: unknown) => {
  const parsed = request.safeParse(value);
  return parsed.success ? parsed.data : sentenceOf(issuesOf(parsed.error));
};

describe('requests', () => {
  it('are accepted as documented', () => {
    const {
      'owner.message.send': send,
      'owner.relays.set': set,
      'member.delivery.list': deliveries,
    } = controlPlane;
    const news = { owner: 'alice', group: 'news' };
    expect(result(send, { ...news, text: 'hello' })).toEqual({ ...news, texts: ['hello'] });
    expect(result(send, { ...news, texts: ['a', 'b'] })).toEqual({ ...news, texts: ['a', 'b'] });
    expect(result(set, { owner: 'alice', relays: [] })).toEqual({ owner: 'alice', relays: [] });
    expect(result(deliveries, { link })).toEqual({ link, after: 0, limit: 1_000 });
    expect(
      result(controlPlane['owner.group.create'], { owner: 'a', name: 'новости', relays: [1, 2] }),
    ).toEqual({
      owner: 'a',
      name: 'новости',
      relays: [1, 2],
    });
  });

  it.each<[keyof typeof controlPlane, unknown, string]>([
    ['owner.relays.get', null, 'a JSON object is expected'],
    ['owner.relays.get', [], 'a JSON object is expected'],
    ['owner.relays.get', {}, 'owner: the name of an owner is expected'],
    [
      'owner.relays.get',
      { owner: 'a b' },
      'owner: the name of an owner is expected: 1 to 64 letters (a to z), digits, - or _',
    ],
    ['owner.relays.get', { owner: 'a', colour: 1 }, 'there is no field "colour"'],
    [
      'owner.relays.set',
      { owner: 'a', relays: [{ name: 'r', address: 'here' }] },
      'relays[0].address: a link starts with simplex:/ or https:// and has no spaces',
    ],
    ['owner.group.create', { owner: 'a', name: 'g', relays: [1, 1] }, 'relays: a relay is named twice'],
    ['owner.group.create', { owner: 'a', name: 'g', relays: [0] }, 'relays[0]: positions start at 1'],
    ['owner.group.create', { owner: 'a', name: 'g', relays: '1' }, 'relays: relay positions are expected'],
    [
      'owner.group.create',
      { owner: 'a', name: 'a/b', relays: [1] },
      'name: a group name is 1 to 64 letters, digits, -, _ or .',
    ],
    ['owner.message.send', { owner: 'a', group: 'g' }, 'give either text or texts'],
    [
      'owner.message.send',
      { owner: 'a', group: 'g', text: 'é'.repeat(7_501) },
      'text: the text is longer than 15000 bytes',
    ],
    [
      'owner.message.send',
      { owner: 'a', group: 'g', texts: ['\n'.repeat(7_501)] },
      'texts[0]: the text is longer than 15000 bytes',
    ],
    ['member.join', { link, members: [] }, 'members: name at least one member'],
    ['member.join', { link, members: ['m', 'm'] }, 'members: a member is named twice'],
    ['member.message.list', { member: 'm' }, 'give either link or group'],
    ['member.delivery.list', { link, limit: 5_001 }, 'limit: at most 5000'],
    ['smp-server.*.faults.set', {}, 'give either text or faults'],
    ['smp-server.*.faults.set', { text: '', faults: {} }, 'give either text or faults'],
    [
      'smp-server.*.faults.set',
      { faults: { rules: [{ fault: 'break' }] } },
      'faults.rules[0].fault: a fault is one of delay, drop, drop-reply and error',
    ],
    [
      'smp-server.*.faults.set',
      { faults: { rules: [{ fault: 'drop', commands: ['SENT'] }] } },
      'faults.rules[0].commands: commands are "all" or a list such as ["SEND", "ACK"]',
    ],
    [
      'smp-server.*.faults.set',
      { faults: { rules: [{ fault: 'error', error: 'NO' }] } },
      'faults.rules[0].error: an SMP error is expected, such as AUTH or CMD PROHIBITED',
    ],
    [
      'smp-server.*.faults.set',
      { faults: { rules: [{ fault: 'drop', probability: 2 }] } },
      'faults.rules[0].probability: a probability is 0 to 1',
    ],
    ['smp-server.*.pause', { ms: -1 }, 'ms: at least 0 ms'],
    ['smp-server.*.queue.get', { id: 'a b' }, 'id: a sender or link id in base64url is expected'],
    ['smp-server.*.queue.block', { id: 'abc', reason: 'fun' }, 'reason: a reason is spam or content'],
  ])('%s %j is refused: %s', (subject, value, sentence) => {
    expect(result(controlPlane[subject], value)).toBe(sentence);
  });
});
