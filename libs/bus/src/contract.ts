import type { z } from 'zod';

/** One request that a service answers, and its reply. */
export interface Contract<Req extends z.ZodType = z.ZodType, Rep extends z.ZodType = z.ZodType> {
  /** a `*` stands for the scope: the name of the relay that is asked */
  readonly subject: string;
  /** the app that answers */
  readonly service: string;
  readonly request: Req;
  readonly reply: Rep;
  readonly doc: string;
}

/** What a request refused or failed with, as it travels: `{ error: RequestError }` instead of a reply. */
export interface RequestError {
  readonly code: string;
  /** a sentence for a person */
  readonly message: string;
  readonly issues?: readonly Issue[];
}

export interface Issue {
  /** such as `relays[0].name` */
  readonly path: string;
  readonly message: string;
}

type Entry = Pick<Contract, 'request' | 'reply' | 'doc'>;

/** A service's table of requests, by subject. */
export function contracts<T extends Record<string, Entry>>(
  service: string,
  table: T,
): { readonly [S in keyof T & string]: T[S] & { readonly subject: S; readonly service: string } } {
  const rows = Object.entries(table).map(([subject, entry]) => [subject, { ...entry, subject, service }]);
  return Object.fromEntries(rows) as never;
}

/** `relay.*.group.list` of relay-1 is `relay.relay-1.group.list`. */
export function scopedSubject(subject: string, scope: string | undefined): string {
  if (!subject.split('.').includes('*')) return subject;
  if (scope === undefined) throw new Error(`${subject} needs a scope`);
  return subject.replace('*', scope);
}

export function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map(({ path, message }) => ({
    path: path
      .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
      .join('')
      .replace(/^\./, ''),
    message,
  }));
}

/** One sentence of the first few issues. */
export function sentenceOf(issues: readonly Issue[]): string {
  const shown = issues
    .slice(0, 3)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = issues.length > shown.length ? `; and ${issues.length - shown.length} more` : '';
  return shown.join('; ') + more;
}
