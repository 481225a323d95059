/**
 * Short links: `https://<host>/<type>#<key>?p=<port>&c=<keyHash>`, the same as `simplex:/<type>#<key>?h=<hosts>&…`, and
 * their binary form.
 */
import { isHost, isPort, readServer, writeServer, type ServerAddress } from './address';
import { decoded, refused, type Decoded, type Reader, type Writer } from '../encoding';
import { LINK_ID_BYTES, LINK_KEY_BYTES } from './link-keys';
import { base64url, fromBase64url, queryOf } from './link-text';

/** `a` contact address, `c` channel, `g` group, `r` chat relay. */
export type ContactType = 'a' | 'c' | 'g' | 'r';

export interface ContactShortLink {
  readonly kind: 'contact';
  readonly type: ContactType;
  readonly server: ServerAddress;
  /** 32 bytes: SHA3-256 of the link's fixed data */
  readonly linkKey: Uint8Array;
}

export interface InvitationShortLink {
  readonly kind: 'invitation';
  readonly server: ServerAddress;
  /** 24 bytes, the server's choice */
  readonly linkId: Uint8Array;
  readonly linkKey: Uint8Array;
}

export type ShortLink = ContactShortLink | InvitationShortLink;

/** `server`: the first host is in the path and a browser can open it; `simplex`: the app opens it, all hosts are in `h`. */
export type LinkForm = 'server' | 'simplex';

const NOT_A_LINK = refused('A_LINK "not a short link"');

export function formatShortLink(link: ShortLink, form: LinkForm = 'server'): string {
  const { hosts, port, keyHash } = link.server;
  const isSimplex = form === 'simplex';
  const query = queryOf([
    ['h', (isSimplex ? hosts : hosts.slice(1)).join(',') || undefined],
    ['p', port || undefined],
    ['c', base64url(keyHash) || undefined],
  ]);
  const scheme = isSimplex ? 'simplex:' : `https://${hosts[0]}`;
  const type = link.kind === 'contact' ? link.type : 'i';
  const id = link.kind === 'invitation' ? `${base64url(link.linkId)}/` : '';
  return `${scheme}/${type}#${id}${base64url(link.linkKey)}${query}`;
}

const LINK =
  /^(?:https:\/\/(?<host>[^/?#]+)|simplex:)\/(?<type>[iacgrACGR])\/?#(?:\/?(?<id>[A-Za-z0-9_-]+)\/)?(?<key>[A-Za-z0-9_-]+)(?:\?(?<query>.*))?$/;

/** Reads both forms. Parameters that are not known are ignored. Refuses with `A_LINK "not a short link"`. */
export function parseShortLink(text: string): Decoded<ShortLink> {
  const groups = LINK.exec(text)?.groups;
  if (!groups) return NOT_A_LINK;
  const params = new URLSearchParams(groups['query'] ?? '');
  const listed = params.get('h')?.split(',') ?? [];
  const hosts = groups['host'] === undefined ? listed : [groups['host'], ...listed];
  const port = params.get('p') ?? '';
  const keyHash = fromBase64url(params.get('c') ?? '');
  const linkKey = fromBase64url(groups['key']);
  if (hosts.length === 0 || !hosts.every(isHost) || !isPort(port) || !keyHash) return NOT_A_LINK;
  if (linkKey?.length !== LINK_KEY_BYTES) return NOT_A_LINK;
  const server: ServerAddress = { hosts: hosts as [string, ...string[]], port, keyHash };
  const type = groups['type'].toLowerCase();
  if (type !== 'i') {
    if (groups['id'] !== undefined) return NOT_A_LINK;
    return decoded({ kind: 'contact', type: type as ContactType, server, linkKey });
  }
  const linkId = fromBase64url(groups['id'] ?? '');
  if (linkId?.length !== LINK_ID_BYTES) return NOT_A_LINK;
  return decoded({ kind: 'invitation', server, linkId, linkKey });
}

export function writeShortLink(writer: Writer, link: ShortLink): void {
  if (link.kind === 'contact') {
    writer.ascii(`C${link.type.toUpperCase()}`);
    writeServer(writer, link.server);
  } else {
    writer.ascii('I');
    writeServer(writer, link.server);
    writer.shortString(link.linkId);
  }
  writer.shortString(link.linkKey);
}

function readSized(reader: Reader, size: number): Buffer {
  const bytes = reader.shortString();
  if (bytes.length !== size) reader.fail();
  return bytes;
}

export function readShortLink(reader: Reader): ShortLink {
  const kind = reader.char();
  if (kind === 'I') {
    const server = readServer(reader);
    const linkId = readSized(reader, LINK_ID_BYTES);
    return { kind: 'invitation', server, linkId, linkKey: readSized(reader, LINK_KEY_BYTES) };
  }
  const type = kind === 'C' ? reader.char() : '';
  if (!/^[ACGR]$/.test(type)) reader.fail();
  const server = readServer(reader);
  const linkKey = readSized(reader, LINK_KEY_BYTES);
  return { kind: 'contact', type: type.toLowerCase() as ContactType, server, linkKey };
}
