/** A queue as text: `smp://<keyHash>@<host>:<port>/<senderId>#/?v=1-4&dh=<key>&q=m|c&k=s&srv=<hosts>`. */
import { isHost, isPort, MODE_VERSION, SECURE_VERSION, type QueueUri, type VersionRange } from './address';
import type { QueueMode } from '../commands/command';
import { publicKeyType } from '../crypto';
import { decoded, refused, type Decoded } from '../encoding';
import { fromBase64url, paddedBase64url, queryOf } from './link-text';

/** Before this client version an address names one host, and the others are a parameter. */
const HOSTS_VERSION = 2;
const OLDEST: VersionRange = { min: 1, max: 1 };
const NOT_A_QUEUE = refused('A_LINK "not a queue address"');

/** `2-7`, or `2` for one version. */
export function formatVersions({ min, max }: VersionRange): string {
  return min === max ? `${min}` : `${min}-${max}`;
}

export function parseVersions(text: string): VersionRange | undefined {
  const groups = /^(?<min>\d{1,5})(?:-(?<max>\d{1,5}))?$/.exec(text)?.groups;
  if (!groups) return undefined;
  const min = Number(groups['min']);
  const max = Number(groups['max'] ?? min);
  return min <= max && max <= 0xffff ? { min, max } : undefined;
}

export function formatQueueUri({ versions, server, senderId, dhKey, mode }: QueueUri): string {
  const { hosts, port, keyHash } = server;
  const others = hosts.slice(1).join(',');
  const isOneHost = versions.min < HOSTS_VERSION;
  const isSecurable = mode === 'M' && versions.min < MODE_VERSION && versions.max >= SECURE_VERSION;
  const query = queryOf([
    ['v', formatVersions(versions)],
    ['dh', paddedBase64url(dhKey)],
    ['q', mode.toLowerCase()],
    ['k', isSecurable ? 's' : undefined],
    ['srv', isOneHost && others ? others : undefined],
  ]);
  const identity = keyHash.length > 0 ? `${paddedBase64url(keyHash)}@` : '';
  const address = `${isOneHost ? hosts[0] : hosts.join(',')}${port === '' ? '' : `:${port}`}`;
  return `smp://${identity}${address}/${paddedBase64url(senderId)}#/${query}`;
}

const QUEUE =
  /^smp:\/\/(?:(?<keyHash>[A-Za-z0-9_=-]+)@)?(?<hosts>(?:[A-Za-z0-9._,-]|\[[0-9A-Fa-f:.]+\])+)(?::(?<port>\d{1,5}))?\/(?<senderId>[A-Za-z0-9_=-]+)#(?<dh>[A-Za-z0-9_=-]*)\/?(?:\?(?<query>.*))?$/;

/** `k=s` alone is how agents before `q` said messaging; nothing said means a contact queue, as in the binary form. */
function modeOf(params: URLSearchParams): QueueMode | undefined {
  const mode = params.get('q') ?? (params.get('k') === 's' ? 'm' : 'c');
  return mode === 'm' || mode === 'c' ? (mode.toUpperCase() as QueueMode) : undefined;
}

/**
 * Reads the older form too, whose key is `#<dh>` and whose version may be left out. Parameters that are not known are
 * ignored. Refuses with `A_LINK "not a queue address"`.
 */
export function parseQueueUri(text: string): Decoded<QueueUri> {
  const groups = QUEUE.exec(text)?.groups;
  if (!groups) return NOT_A_QUEUE;
  const params = new URLSearchParams(groups['query'] ?? '');
  const said = params.get('v');
  const versions = said === null ? OLDEST : parseVersions(said);
  const hosts = [...groups['hosts'].split(','), ...(params.get('srv')?.split(',') ?? [])];
  const port = groups['port'] ?? '';
  const keyHash = fromBase64url(groups['keyHash'] ?? '');
  const senderId = fromBase64url(groups['senderId']);
  const dhKey = fromBase64url(groups['dh'] || (params.get('dh') ?? ''));
  const mode = modeOf(params);
  if (!versions || !keyHash || !senderId || !mode || !hosts.every(isHost) || !isPort(port))
    return NOT_A_QUEUE;
  if (!dhKey || publicKeyType(dhKey) !== 'x25519') return NOT_A_QUEUE;
  return decoded({
    versions,
    server: { hosts: hosts as [string, ...string[]], port, keyHash },
    senderId,
    dhKey,
    mode,
  });
}
