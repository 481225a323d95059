import { createHash } from 'node:crypto';

/**
 * The data plane: SMP between clients and servers. Payloads are bytes, not JSON.
 *
 *     smp.<server>.hello             request: the client's inbox as text -> reply: the server's hello, with session id and key
 *     smp.<server>.block.<session>   a block of commands; the session id in hex; reply subject: the client's inbox
 *     smp.<server>.up                the server started or lost its sessions: clients say hello again
 *     <inbox>                        blocks of responses and pushes, from the server
 *
 * A block with no server behind it comes back at once as NATS "no responders"; one in a session that the server
 * does not know is answered by a block with `ERR SESSION`.
 */
/** NATS closes a connection that names a subject longer than a control line: a stranger's link must not do that to us. */
const LONGEST_TOKEN = 255;

/** A host name as one subject token: dots become underscores, which no host name has. What is no host name gets one too. */
export function serverToken(server: string): string {
  const token = server
    .replaceAll('.', '_')
    .replace(/[^A-Za-z0-9_-]/gu, (char) => `_u${char.codePointAt(0)!.toString(16)}_`);
  if (token.length > LONGEST_TOKEN) return `_h${createHash('sha256').update(server).digest('hex')}`;
  return token === '' ? '_' : token;
}

export interface SmpSubjects {
  readonly hello: string;
  readonly up: string;
  readonly blocks: string;
  /** @param session hex */
  block(session: string): string;
}

export function smpSubjects(server: string): SmpSubjects {
  const prefix = `smp.${serverToken(server)}`;
  return {
    hello: `${prefix}.hello`,
    up: `${prefix}.up`,
    blocks: `${prefix}.block.*`,
    block: (session) => `${prefix}.block.${session}`,
  };
}

/** The session in the subject of a block, as hex. */
export function sessionOf(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
}

/** One or more tokens of printable ASCII without wildcards: a subject to publish to, but not one that servers listen to. */
export function isInbox(text: string): boolean {
  return (
    text.length <= 255 &&
    !text.startsWith('smp.') &&
    /^[!-)+-=?-~]+$/.test(text) &&
    text.split('.').every((token) => token !== '')
  );
}
