import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { listVariables, type Variable } from '@chat-relays/service';
import { root } from './manifests';

/** For tests, and nothing that a deployment sets. */
export const leftOut: readonly string[] = ['FAILPOINT'];

type Schema = Parameters<typeof listVariables>[0];

/** The services: each app whose config.ts has a `configSchema`. */
export function serviceSchemas(): Map<string, Schema> {
  const apps = readdirSync(join(root, 'apps')).filter((app) => existsSync(configOf(app)));
  return new Map(
    apps.flatMap((app) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- which apps there are is found, not known
      const { configSchema } = require(configOf(app)) as { configSchema?: Schema };
      return configSchema ? [[app, configSchema] as const] : [];
    }),
  );
}

const configOf = (app: string) => join(root, 'apps', app, 'src/config.ts');

/** `.env.example`: every variable once, those of all services first, as the schemas describe them. */
export function envExample(services: ReadonlyMap<string, readonly Variable[]>): string {
  const all = [...services].flatMap(([app, variables]) => variables.map((variable) => ({ app, variable })));
  const names = new Set(all.map(({ variable }) => variable.name).filter((name) => !leftOut.includes(name)));
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const uses = all.filter(({ variable }) => variable.name === name);
    const whose = uses.length === services.size ? 'every service' : uses.map(({ app }) => app).join(', ');
    groups.set(whose, [...(groups.get(whose) ?? []), entry(uses.map(({ variable }) => variable))]);
  }
  return [...groups].map(([whose, entries]) => `## ${whose}\n\n${entries.join('\n\n')}\n`).join('\n');
}

/** A variable of one or more services; a default that is not the same for all of them is not shown. */
function entry(variables: readonly Variable[]): string {
  const [{ name, required, description } = { name: '', required: false, description: '' }] = variables;
  const defaults = new Set(variables.map((variable) => variable.default));
  if (defaults.size > 1) return `# ${description}; unset: as the service is called\n# ${name}=`;
  const example = /such as (\S+)$/.exec(description)?.[1] ?? '';
  return required
    ? `# ${description}\n${name}=${example}`
    : `# ${description}\n# ${name}=${[...defaults][0] ?? ''}`;
}
