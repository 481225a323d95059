import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Variable } from '@chat-relays/service';
import { compose } from './compose';
import { base, root } from './manifests';
import { environmentOf, programOf, workloads } from './pods';
import { envExample, leftOut, serviceVariables } from './variables';

const services = serviceVariables();

/** What is wrong with a set of variables for a service: those it lacks and those that the service does not know. */
function drift(variables: readonly Variable[], given: readonly string[]) {
  const known = variables.map(({ name }) => name).filter((name) => !leftOut.includes(name));
  return {
    missing: known.filter((name) => !given.includes(name)),
    unknown: given.filter((name) => !known.includes(name)),
  };
}

const none = { missing: [], unknown: [] };

const containers = workloads(base.objects).flatMap(({ name, replicas, pod }) =>
  pod.containers.map((container) => {
    const environment = environmentOf(container, (configMap) => base.settings(configMap));
    return {
      where: `k8s/base: ${name}/${container.name}`,
      program: programOf(container.command),
      given: Object.keys(environment),
      schemas: Array.from({ length: replicas }, (_, index) =>
        environment.DATABASE_SCHEMA?.replace(/\$\(\w+\)/, String(index)),
      ),
    };
  }),
);

const composed = Object.entries(compose.services)
  .map(([name, { command, environment = {} }]) => ({
    where: `docker-compose.yml: ${name}`,
    program: programOf(command),
    given: Object.keys(environment),
  }))
  .filter(({ program }) => program !== undefined);

describe('the variables of the services', () => {
  it('are of the four services', () =>
    expect([...services.keys()].sort()).toEqual([
      'member-agent',
      'owner-agent',
      'relay-agent',
      'smp-server',
    ]));

  it('would be seen to drift', () => {
    const variables = [{ name: 'A', required: true, description: '' }];
    expect(drift(variables, ['A'])).toEqual(none);
    expect(drift(variables, [])).toEqual({ missing: ['A'], unknown: [] });
    expect(drift(variables, ['A', 'B'])).toEqual({ missing: [], unknown: ['B'] });
  });

  it('are all set wherever a service is run', () => {
    const run = [...containers, ...composed].filter(({ program }) => program?.program === 'main');
    const apps = new Set(run.map(({ program }) => program?.app));
    expect([...services.keys()].filter((app) => !apps.has(app))).toEqual([]);
  });

  it.each([...containers, ...composed])('are those of $where', ({ program, given }) => {
    expect(program).toBeDefined();
    expect(drift(services.get(program?.app ?? '') ?? [], given)).toEqual(none);
  });

  it('name in k8s/base the schemas that its Job migrates, one for each process', () => {
    const schemas = (wanted: string) =>
      containers
        .filter(({ program }) => program?.program === wanted)
        .flatMap(({ program, schemas }) => schemas.map((schema) => `${program?.app} ${schema}`))
        .sort();
    expect(schemas('migrate')).toEqual(schemas('main'));
    expect(new Set(schemas('main')).size).toBe(schemas('main').length);
  });

  it('are told in .env.example (UPDATE=1 writes it)', () => {
    const path = join(root, '.env.example');
    if (process.env.UPDATE) writeFileSync(path, envExample(services));
    expect(readFileSync(path, 'utf8')).toBe(envExample(services));
  });
});
