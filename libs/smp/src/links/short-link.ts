/** Short links: `https://<host>/<type>#<key>?p=<port>&c=<keyHash>` and their binary form. */
import { readServer, writeServer, type ServerAddress } from './address';
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';

/** `a` contact address, `c` channel, `g` group, `r` chat relay. */
export type ContactType = 'a' | 'c' | 'g' | 'r';

export type ShortLink =
  | {
      readonly kind: 'contact';
      readonly type: ContactType;
      readonly server: ServerAddress;
      /** 32 bytes: SHA3-256 of the link's fixed data */
      readonly linkKey: Uint8Array;
    }
  | {
      readonly kind: 'invitation';
      readonly server: ServerAddress;
      /** 24 bytes, the server's choice */
      readonly linkId: Uint8Array;
      readonly linkKey: Uint8Array;
    };

const LINK_KEY_BYTES = 32;
const LINK_ID_BYTES = 24;
const NOT_A_LINK = refused('A_LINK "not a short link"');

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Unpadded base64url of exactly these bytes and no other spelling of them; undefined for anything else. */
function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text.replace(/=+$/, '') ? bytes : undefined;
}

/** The server form: the first host is in the path, other hosts, port and key hash are parameters if present. */
export function formatShortLink(link: ShortLink): string {
  const { hosts, port, keyHash } = link.server;
  const [host, ...others] = hosts;
  const params = [
    others.length > 0 ? `h=${others.join('%2C')}` : '',
    port === '' ? '' : `p=${port}`,
    keyHash.length === 0 ? '' : `c=${base64url(keyHash)}`,
  ].filter((param) => param !== '');
  const query = params.length > 0 ? `?${params.join('&')}` : '';
  const type = link.kind === 'contact' ? link.type : 'i';
  const id = link.kind === 'invitation' ? `${base64url(link.linkId)}/` : '';
  return `https://${host}/${type}#${id}${base64url(link.linkKey)}${query}`;
}

const LINK =
  /^(?:https:\/\/(?<host>[A-Za-z0-9.:[\]-]+)|simplex:)\/(?<type>[iacgrACGR])\/?#(?:\/?(?<id>[A-Za-z0-9_-]+)\/)?(?<key>[A-Za-z0-9_-]+)(?:\?(?<query>.*))?$/;

/** Reads both the server form and `simplex:/…`, whose parameter `h` lists all the hosts. */
export function parseShortLink(text: string): Decoded<ShortLink> {
  const groups = LINK.exec(text)?.groups;
  if (!groups) return NOT_A_LINK;
  const params = new URLSearchParams(groups['query'] ?? '');
  const listed = params.get('h')?.split(',') ?? [];
  const [host, ...others] = groups['host'] === undefined ? listed : [groups['host'], ...listed];
  const port = params.get('p') ?? '';
  const keyHash = fromBase64url(params.get('c') ?? '');
  const linkKey = fromBase64url(groups['key']);
  if (!host || others.includes('') || !keyHash || !/^\d{0,5}$/.test(port)) return NOT_A_LINK;
  if (linkKey?.length !== LINK_KEY_BYTES) return NOT_A_LINK;
  const server: ServerAddress = { hosts: [host, ...others], port, keyHash };
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

export function readShortLink(reader: Reader): ShortLink {
  const kind = reader.char();
  if (kind === 'I') {
    const server = readServer(reader);
    return { kind: 'invitation', server, linkId: reader.shortString(), linkKey: reader.shortString() };
  }
  const type = kind === 'C' ? reader.char() : '';
  if (!/^[ACGR]$/.test(type)) reader.fail();
  const server = readServer(reader);
  return {
    kind: 'contact',
    type: type.toLowerCase() as ContactType,
    server,
    linkKey: reader.shortString(),
  };
}
