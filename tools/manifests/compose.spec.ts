import { compose, composeProblems, dependencies, type Compose } from './compose';
import { programOf } from './pods';

const services = Object.entries(compose.services);
const ours = services.filter(([, { command }]) => programOf(command)?.program === 'main');

describe('the compose specification', () => {
  const changed = (change: object): Compose => ({
    services: { ...compose.services, nats: { ...compose.services.nats, ...change } },
  });
  const wrong: [string, object][] = [
    ['a field that does not exist', { enviroment: { A: 'b' } }],
    ['a field that does not exist further down', { healthcheck: { tests: ['CMD'] } }],
    ['a condition that does not exist', { depends_on: { postgres: { condition: 'service_ready' } } }],
    ['a number for a command', { command: 8222 }],
  ];

  it.each(wrong)('refuses %s', (_what, change) => expect(composeProblems(changed(change))).not.toEqual([]));

  it('takes docker-compose.yml', () => expect(composeProblems(compose)).toEqual([]));
});

describe('docker-compose.yml', () => {
  it('has the fleet of the demo', () =>
    expect(ours.map(([name]) => name)).toEqual([
      'smp-owner',
      'smp-relays',
      'smp-members',
      'owner-agent',
      'relay-1',
      'relay-2',
      'relay-3',
      'member-agent',
    ]));

  it('waits only for services that there are, and for health only of those that tell', () => {
    for (const [name, service] of services) {
      for (const [other, condition] of Object.entries(dependencies(service))) {
        const waitedFor = compose.services[other];
        expect({ name, other, there: waitedFor !== undefined }).toEqual({ name, other, there: true });
        if (condition === 'service_healthy') expect(waitedFor?.healthcheck ?? waitedFor?.build).toBeDefined();
      }
    }
  });

  it.each(ours)('%s starts after its own migration, in the same environment', (name, service) => {
    const migration = compose.services[`migrate-${name}`];
    expect(dependencies(service)).toEqual({
      nats: 'service_healthy',
      [`migrate-${name}`]: 'service_completed_successfully',
    });
    expect(migration?.environment).toEqual(service.environment);
    expect(programOf(migration?.command)).toEqual({
      app: programOf(service.command)?.app,
      program: 'migrate',
    });
  });

  it('gives every process a name, a schema and an instance of its own', () => {
    for (const variable of ['DATABASE_SCHEMA', 'SERVICE_INSTANCE', 'OTEL_SERVICE_NAME']) {
      const values = ours.map(([, { environment }]) => environment?.[variable]);
      expect(new Set(values).size).toBe(ours.length);
    }
  });
});
