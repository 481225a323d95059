/** The long form of a link, which needs no link data: `simplex:/contact#/?v=2-7&smp=<queues>&data=<client data>`. */
import { AGENT_VERSIONS, type ConnectionRequest, type QueueUri, type VersionRange } from './address';
import { asBuffer, decoded, refused, sameBytes, type Decoded } from '../encoding';
import { queryOf } from './link-text';
import { formatQueueUri, formatVersions, parseQueueUri, parseVersions } from './queue-uri';

const MODES = { contact: 'C', invitation: 'I' } as const;
const NOT_A_CONNECTION = refused('A_LINK "not a connection link"');

/**
 * An invitation says no ratchet parameters (`e2e`): there is no ratchet.
 * @throws {RangeError} for client data that is not UTF-8
 */
export function formatConnectionUri({ mode, agentVersions, queues, clientData }: ConnectionRequest): string {
  const data = clientData && asBuffer(clientData).toString('utf8');
  if (clientData && !sameBytes(Buffer.from(data ?? '', 'utf8'), clientData)) {
    throw new RangeError('client data is not UTF-8');
  }
  const query = queryOf([
    ['v', formatVersions(agentVersions)],
    ['smp', queues.map(formatQueueUri).join(';')],
    ['data', data],
  ]);
  return `simplex:/${mode === 'C' ? 'contact' : 'invitation'}#/${query}`;
}

const CONNECTION =
  /^(?:simplex:|https:\/\/[A-Za-z0-9.:[\]-]+)\/(?<kind>contact|invitation)\/?#\/?\?(?<query>.*)$/;

/** Addresses are published once and read for years: what they say of agents older than any now is raised to the oldest. */
function raised({ min, max }: VersionRange): VersionRange {
  return { min: Math.max(min, AGENT_VERSIONS.min), max: Math.max(max, AGENT_VERSIONS.min) };
}

function parseQueues(text: string): QueueUri[] | undefined {
  const queues = text.split(';').map(parseQueueUri);
  const read = queues.flatMap((queue) => (queue.ok ? [queue.value] : []));
  return read.length === queues.length ? read : undefined;
}

/**
 * Reads `https://<host>/…` too. Parameters that are not known, and an invitation's ratchet parameters (`e2e`), are
 * ignored. Refuses with `A_LINK "not a connection link"`.
 */
export function parseConnectionUri(text: string): Decoded<ConnectionRequest> {
  const groups = CONNECTION.exec(text)?.groups;
  if (!groups) return NOT_A_CONNECTION;
  const params = new URLSearchParams(groups['query']);
  const mode = MODES[groups['kind'] as keyof typeof MODES];
  const versions = parseVersions(params.get('v') ?? '');
  const queues = parseQueues(params.get('smp') ?? '');
  const data = params.get('data');
  if (!versions || !queues || queues.length > 255) return NOT_A_CONNECTION;
  return decoded({
    mode,
    agentVersions: mode === 'C' ? raised(versions) : versions,
    queues,
    ...(data !== null && { clientData: Buffer.from(data, 'utf8') }),
  });
}
