import type { Container, PodSpec } from 'kubernetes-types/core/v1';
import type { Manifest } from './manifests';

/** A Deployment, StatefulSet or Job, with what its pods are. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly replicas: number;
  readonly selector: Record<string, string>;
  readonly labels: Record<string, string>;
  readonly pod: PodSpec;
}

export function workloads(objects: readonly Manifest[]): Workload[] {
  return objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map(({ kind, metadata, spec }) => {
      const { replicas, selector, template } = spec as {
        replicas?: number;
        selector?: { matchLabels?: Record<string, string> };
        template: { metadata?: { labels?: Record<string, string> }; spec: PodSpec };
      };
      return {
        kind,
        name: metadata.name,
        replicas: replicas ?? 1,
        selector: selector?.matchLabels ?? {},
        labels: template.metadata?.labels ?? {},
        pod: template.spec,
      };
    });
}

/** Which app a container's command starts, and by which of its programs. */
export function programOf(
  command: readonly string[] | undefined,
): { app: string; program: string } | undefined {
  const [, app, program] = /^apps\/([^/]+)\/dist\/(main|migrate)\.js$/.exec(command?.at(-1) ?? '') ?? [];
  return app && program ? { app, program } : undefined;
}

/**
 * The names and, where they stand in the manifests, the values of a container's variables, less those that are only
 * there to be put into others, as RELAY_INDEX is into `relay_agent_$(RELAY_INDEX)`.
 */
export function environmentOf(
  container: Container,
  settings: (configMap: string) => Record<string, string>,
): Record<string, string | undefined> {
  const shared = (container.envFrom ?? []).map(({ configMapRef }) => settings(configMapRef?.name ?? ''));
  const own = (container.env ?? []).map(({ name, value }) => [name, value] as const);
  const parts = own.flatMap(([, value = '']) => [...value.matchAll(/\$\((\w+)\)/g)].map(([, name]) => name));
  const all = { ...Object.assign({}, ...shared), ...Object.fromEntries(own) } as Record<
    string,
    string | undefined
  >;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !parts.includes(name)));
}
