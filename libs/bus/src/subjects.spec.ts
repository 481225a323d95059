import { controlPlane } from './subjects';

it('is the whole control plane', () => {
  expect(Object.values(controlPlane).map(({ subject, service }) => `${service} ${subject}`)).toEqual([
    'owner-agent owner.relays.set',
    'owner-agent owner.relays.get',
    'owner-agent owner.group.create',
    'owner-agent owner.group.retry',
    'owner-agent owner.group.list',
    'owner-agent owner.group.get',
    'owner-agent owner.group.relays.add',
    'owner-agent owner.group.relays.remove',
    'owner-agent owner.group.relays.retry',
    'owner-agent owner.group.relays.get',
    'owner-agent owner.message.send',
    'relay-agent relay.*.address.get',
    'relay-agent relay.*.group.list',
    'member-agent member.join',
    'member-agent member.group.list',
    'member-agent member.group.status',
    'member-agent member.message.list',
    'member-agent member.divergence.list',
    'member-agent member.gap.list',
    'member-agent member.history.ask',
    'member-agent member.delivery.list',
    'smp-server smp-server.*.status.get',
    'smp-server smp-server.*.faults.get',
    'smp-server smp-server.*.faults.set',
    'smp-server smp-server.*.pause',
    'smp-server smp-server.*.resume',
    'smp-server smp-server.*.queue.get',
    'smp-server smp-server.*.queue.block',
    'smp-server smp-server.*.queue.unblock',
    'smp-server smp-server.*.queue.delete',
  ]);
});

it('documents every request', () => {
  expect(Object.values(controlPlane).filter(({ doc }) => doc === '')).toEqual([]);
});
