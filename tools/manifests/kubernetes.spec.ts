import Ajv from 'ajv';
import {
  base,
  Folder,
  kustomizationSchema,
  local,
  readManifests,
  readYaml,
  type Manifest,
} from './manifests';
import { kubernetesProblems } from './kubernetes-schema';
import { workloads } from './pods';

const example = readManifests('k8s/base/secret.example.yaml');
const services = workloads(base.objects).filter(({ kind }) => kind !== 'Job');

describe('the Kubernetes schemas', () => {
  const deployment = (spec: object, container: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', ...container }] } },
      ...spec,
    },
  });
  const wrong: [what: string, object: object, message: string][] = [
    [
      'a field that does not exist',
      deployment({ selector: { matchLabel: { a: 'b' } } }),
      '\'"matchLabel"\' does not exist',
    ],
    [
      'one far down',
      deployment({}, { readinessProbe: { httpGet: { port: 1, pth: '/' } } }),
      '\'"pth"\' does not exist',
    ],
    ['a word for a number', deployment({ replicas: 'three' }), "'string' is not assignable to type 'number'"],
    [
      'a number for a word',
      deployment({}, { env: [{ name: 'A', value: 8080 }] }),
      "'number' is not assignable to type 'string'",
    ],
    [
      'a missing field',
      { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 1 } },
      'missing the following properties',
    ],
    [
      'a kind that does not exist',
      { apiVersion: 'apps/v1', kind: 'Deploiment' },
      "no exported member named 'Deploiment'",
    ],
    [
      'a version that does not exist',
      { apiVersion: 'policy/v1beta9', kind: 'PodDisruptionBudget' },
      'Cannot find module',
    ],
    ['a kind of another group', { apiVersion: 'v1', kind: 'Deployment' }, "no exported member 'Deployment'"],
  ];
  const problems = kubernetesProblems([...wrong.map(([, object]) => object), deployment({ replicas: 3 })]);

  it.each(wrong.map(([what, , message], index) => [what, message, index] as const))(
    'refuse %s',
    (_what, message, index) => expect(problems[index]?.join('\n')).toContain(message),
  );

  it('take what is right', () => expect(problems.at(-1)).toEqual([]));

  it('take every manifest', () => {
    const all = [...base.objects, ...local.objects, ...example];
    const found = kubernetesProblems(all).flatMap((messages, index) =>
      messages.map((message) => `${all[index]?.kind} ${all[index]?.metadata.name}: ${message}`),
    );
    expect(found).toEqual([]);
    expect(all.length).toBeGreaterThan(25);
  });
});

describe.each([['k8s/base'], ['k8s/overlays/local']])('%s', (path) => {
  const folder = new Folder(path);

  it('is a kustomization', () => {
    const validate = new Ajv().compile(kustomizationSchema);
    validate(readYaml(`${path}/kustomization.yaml`));
    expect(validate.errors).toBeNull();
  });

  it('names files that are there, and every file that is there', () => {
    expect(folder.missing).toEqual([]);
    expect(folder.unnamed).toEqual([]);
  });

  it('leaves the namespace to whoever applies it', () =>
    expect(folder.objects.filter(({ metadata }) => metadata.namespace)).toEqual([]));

  it('selects the pods that it means', () => {
    const pods = workloads(folder.objects);
    for (const { selector, labels } of pods) expect(labels).toMatchObject(selector);
    const selectors = folder.objects.flatMap(selectorOf);
    expect(selectors.length).toBeGreaterThan(0);
    for (const selector of selectors) {
      expect(pods.filter(({ labels }) => isSubset(selector, labels))).not.toEqual([]);
    }
  });

  it('obeys the restricted pod security standard', () => {
    for (const { pod } of workloads(folder.objects)) {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(resources).toMatchObject({
          requests: { cpu: expect.anything() },
          limits: { memory: expect.anything() },
        });
      }
    }
  });

  it('refers to secrets and settings that there are', () => {
    const names = [...base.objects, ...local.objects, ...example].map(({ metadata }) => metadata.name);
    const generated = [base, local].flatMap(({ kustomization }) => kustomization.configMapGenerator ?? []);
    const known = [...names, ...generated.map(({ name }) => name)];
    const text = JSON.stringify(folder.objects);
    const references = [...text.matchAll(/"(?:secretKeyRef|configMapRef|configMap)":\{"name":"([^"]+)"/g)];
    expect(references.map(([, name]) => name).filter((name) => !known.includes(name ?? ''))).toEqual([]);
    expect(references).not.toEqual([]);
  });
});

describe('each service in k8s/base', () => {
  it.each(services.map((service) => [service.name, service] as const))(
    '%s can be operated',
    (name, service) => {
      const [container] = service.pod.containers;
      expect(container).toMatchObject({
        startupProbe: { httpGet: { path: '/health/live' } },
        livenessProbe: { httpGet: { path: '/health/live' } },
        readinessProbe: { httpGet: { path: '/health/ready' } },
      });
      const drain = Number(base.settings('chat-relays').DRAIN_TIMEOUT_SECONDS);
      expect(service.pod.terminationGracePeriodSeconds).toBeGreaterThan(drain);
      for (const kind of ['Service', 'PodDisruptionBudget']) {
        expect(
          base.objects.filter((object) => object.kind === kind && object.metadata.name === name),
        ).toHaveLength(1);
      }
    },
  );

  it.each(services.map((service) => [service.name, service] as const))(
    '%s is no two at once',
    (_name, service) => {
      const identity = service.pod.containers[0]?.env?.find(({ name }) => name === 'RELAY_NAME');
      if (service.replicas === 1) expect(identity).toBeUndefined();
      else expect(identity?.valueFrom?.fieldRef?.fieldPath).toBe('metadata.name');
    },
  );
});

function selectorOf({ kind, spec }: Manifest): Record<string, string>[] {
  if (kind === 'Service') return [spec?.selector as Record<string, string>];
  const selector = (spec?.selector ?? spec?.podSelector) as
    { matchLabels?: Record<string, string> } | undefined;
  return selector?.matchLabels ? [selector.matchLabels] : [];
}

function isSubset(part: Record<string, string>, whole: Record<string, string>): boolean {
  return Object.entries(part).every(([name, value]) => whole[name] === value);
}
