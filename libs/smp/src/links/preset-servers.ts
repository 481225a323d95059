/** Links at servers that every client knows can leave out all but the main host. */
import type { ServerAddress } from './address';
import { EMPTY, sameBytes } from '../encoding';
import type { ShortLink } from './short-link';

/** The ports of a server that names none. */
const DEFAULT_PORTS = ['', '443', '5223'];

function isSamePort(port: string, preset: string): boolean {
  return port === preset || (DEFAULT_PORTS.includes(port) && DEFAULT_PORTS.includes(preset));
}

/** By main host, port and certificate; a link that names only other hosts of a preset server stays as it is. */
function isPreset({ hosts, port, keyHash }: ServerAddress, preset: ServerAddress): boolean {
  return hosts[0] === preset.hosts[0] && isSamePort(port, preset.port) && sameBytes(keyHash, preset.keyHash);
}

/** The link with the host only, when it is at a preset server. */
export function shortenPreset<Link extends ShortLink>(link: Link, presets: readonly ServerAddress[]): Link {
  if (!presets.some((preset) => isPreset(link.server, preset))) return link;
  return { ...link, server: { hosts: [link.server.hosts[0]], port: '', keyHash: EMPTY } };
}

/** Back from `shortenPreset`: the whole address of the preset server. Links that say more than a host stay as they are. */
export function restorePreset<Link extends ShortLink>(link: Link, presets: readonly ServerAddress[]): Link {
  const { hosts, port, keyHash } = link.server;
  if (hosts.length > 1 || port !== '' || keyHash.length > 0) return link;
  const server = presets.find((preset) => preset.hosts[0] === hosts[0]);
  return server ? { ...link, server } : link;
}
