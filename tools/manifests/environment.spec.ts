import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listVariables, parseConfig, type Variable } from '@chat-relays/service';
import { compose } from './compose';
import { base, root } from './manifests';
import { environmentOf, programOf, workloads } from './pods';
import { envExample, leftOut, serviceSchemas } from './variables';

const schemas = serviceSchemas();
const services = new Map([...schemas].map(([app, schema]) => [app, listVariables(schema)]));

/** What is wrong with a set of variables for a service: those it lacks and those that the service does not know. */
function drift(variables: readonly Variable[], given: readonly string[]) {
  const known = variables.map(({ name }) => name).filter((name) => !leftOut.includes(name));
  return {
    missing: known.filter((name) => !given.includes(name)),
    unknown: given.filter((name) => !known.includes(name)),
  };
}

const none = { missing: [], unknown: [] };

interface Process {
  readonly where: string;
  readonly app: string;
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Stands for what Kubernetes fills in: a secret's URL, a pod's name. */
const filledIn: Record<string, string> = { DATABASE_URL: 'postgres://a:b@c/d' };

const inKubernetes: Process[] = workloads(base.objects).flatMap(({ name, replicas, pod }) =>
  pod.containers.flatMap((container) =>
    Array.from({ length: replicas }, (_, index) => ({
      where: `k8s/base: ${name}/${container.name}${replicas > 1 ? `, pod ${index}` : ''}`,
      ...(programOf(container.command) ?? { app: '', program: '' }),
      environment: Object.fromEntries(
        Object.entries(environmentOf(container, (configMap) => base.settings(configMap))).map(
          ([variable, value = filledIn[variable] ?? `${name}-${index}`]) =>
            [variable, value.replace(/\$\(\w+\)/, String(index))] as const,
        ),
      ),
    })),
  ),
);

const inCompose: Process[] = Object.entries(compose.services).flatMap(
  ([name, { command, environment = {} }]) => {
    const program = programOf(command);
    return program ? [{ where: `docker-compose.yml: ${name}`, ...program, environment }] : [];
  },
);

const schemasOf = (processes: readonly Process[], program: string) =>
  processes
    .filter((process) => process.program === program)
    .map(({ app, environment }) => `${app} ${environment.DATABASE_SCHEMA}`)
    .sort();

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

  describe.each([
    ['k8s/base', inKubernetes],
    ['docker-compose.yml', inCompose],
  ])('%s', (_file, processes) => {
    it('runs every service', () => {
      const apps = processes.filter(({ program }) => program === 'main').map(({ app }) => app);
      expect([...new Set(apps)].sort()).toEqual([...services.keys()].sort());
    });

    it.each(processes)('$where has the variables of its service, and good values', ({ app, environment }) => {
      expect(drift(services.get(app) ?? [], Object.keys(environment))).toEqual(none);
      expect(parseConfig(schemas.get(app)!, environment)).not.toHaveProperty('problems');
    });

    it('migrates one schema for each process', () => {
      expect(schemasOf(processes, 'migrate')).toEqual(schemasOf(processes, 'main'));
      expect(new Set(schemasOf(processes, 'main')).size).toBe(schemasOf(processes, 'main').length);
    });

    it('has the SMP servers that the agents use', () => {
      const named = (variable: string) =>
        processes.flatMap(({ environment }) => environment[variable] ?? []).filter((name) => name !== '');
      expect(named('SMP_SERVER').filter((name) => !named('SMP_SERVER_NAME').includes(name))).toEqual([]);
      expect(named('SMP_SERVER').length).toBeGreaterThan(0);
    });
  });

  it('are told in .env.example (UPDATE=1 writes it)', () => {
    const path = join(root, '.env.example');
    if (process.env.UPDATE) writeFileSync(path, envExample(services));
    expect(readFileSync(path, 'utf8')).toBe(envExample(services));
  });
});
