import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll, YAML11_SCHEMA } from 'js-yaml';

export const root = join(__dirname, '../..');

/** YAML 1.1 is what kubectl and docker compose read: `<<` merges, and `on` is true. */
export const readYaml = (path: string): unknown =>
  load(readFileSync(join(root, path), 'utf8'), { schema: YAML11_SCHEMA });

/** An object for Kubernetes, as far as all of them are alike. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Record<string, unknown>;
}

export const readManifests = (path: string): Manifest[] =>
  loadAll(readFileSync(join(root, path), 'utf8'), { schema: YAML11_SCHEMA }) as Manifest[];

/** What we use of kustomize. */
export interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator?: readonly {
    name: string;
    envs?: readonly string[];
    files?: readonly string[];
  }[];
}

const strings = { type: 'array', items: { type: 'string' } };

export const kustomizationSchema = {
  type: 'object',
  required: ['apiVersion', 'kind', 'resources'],
  additionalProperties: false,
  properties: {
    apiVersion: { const: 'kustomize.config.k8s.io/v1beta1' },
    kind: { const: 'Kustomization' },
    resources: strings,
    configMapGenerator: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: 'string' }, envs: strings, files: strings },
      },
    },
    images: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: 'string' }, newName: { type: 'string' }, newTag: { type: 'string' } },
      },
    },
  },
};

/** A folder that kustomize can build: its objects and the files that make them. */
export class Folder {
  readonly kustomization: Kustomization;

  constructor(readonly path: string) {
    this.kustomization = readYaml(join(path, 'kustomization.yaml')) as Kustomization;
  }

  /** Files and folders that kustomization.yaml names, relative to the folder. */
  get named(): string[] {
    const generated = (this.kustomization.configMapGenerator ?? []).flatMap(({ envs = [], files = [] }) => [
      ...envs,
      ...files.map((file) => file.split('=').at(-1) ?? file),
    ]);
    return [...this.kustomization.resources, ...generated];
  }

  get missing(): string[] {
    return this.named.filter((name) => !existsSync(join(root, this.path, name)));
  }

  /** Files that nothing names; `*.example.yaml` are there to be read by people. */
  get unnamed(): string[] {
    return readdirSync(join(root, this.path)).filter(
      (name) =>
        name !== 'kustomization.yaml' && !name.endsWith('.example.yaml') && !this.named.includes(name),
    );
  }

  get objects(): Manifest[] {
    return this.kustomization.resources
      .filter((name) => name.endsWith('.yaml'))
      .flatMap((name) => readManifests(join(this.path, name)));
  }

  /** The variables of a ConfigMap that is generated from files of NAME=value lines. */
  settings(name: string): Record<string, string> {
    const generator = this.kustomization.configMapGenerator?.find((map) => map.name === name);
    const lines = (generator?.envs ?? []).flatMap((file) =>
      readFileSync(join(root, this.path, file), 'utf8').split('\n'),
    );
    return Object.fromEntries(
      lines
        .filter((line) => line.trim() !== '' && !line.startsWith('#'))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }
}

export const base = new Folder('k8s/base');
export const local = new Folder('k8s/overlays/local');
