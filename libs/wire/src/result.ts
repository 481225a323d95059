/**
 * One reason why bytes or JSON were refused. It never quotes what the peer sent: issues are logged, content is not.
 *
 * `path` names a field (`params.groupRelayInvitation.fromMember.memberId`, `signatures[1]`), or is '' for the whole.
 */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failure {
  readonly ok: false;
  readonly issues: readonly Issue[];
}

/** What every decoder returns: it never throws, whatever it is given. */
export type Result<T> = Success<T> | Failure;

export function success<T>(value: T): Success<T> {
  return { ok: true, value };
}

export function failure(path: string, message: string): Failure {
  return { ok: false, issues: [{ path, message }] };
}

export function fieldPath(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
