import { Crash, Faults, noFaults } from './faults/faults';
import { Random } from './random';
import { type Ports, World } from './world';

describe('a process that is killed', () => {
  it('touches nothing any more, and its successor does', async () => {
    const incarnations: Ports[] = [];
    const crash = { point: 'relay.0.address.create.before-commit', hit: 1 };
    const world = new World(1, 'full', new Faults(new Random(1), { ...noFaults, crashes: [crash] }), {
      sabotage: (ports) => {
        incarnations.push(ports);
        return ports;
      },
    });
    const relay = world.add('relay-1', 'smp-relays', 'relay-1');
    const ref = { noun: 'relay_address', id: 'relay-1' } as const;
    const create = () => relay.agent.tell(ref, 'relay-1', 'address.create', { relayName: 'relay-1' });
    await world.within(relay, create);
    const [dead, alive] = incarnations;
    expect(relay.store.records.size).toBe(0);
    expect(() => dead.store.queues()).toThrow(Crash);
    expect(() => dead.smp.acknowledge([])).toThrow(Crash);
    await expect(alive.store.queues()).resolves.toEqual([]);
    await world.within(relay, create);
    expect(relay.store.records.size).toBe(1);
  });
});
