import { relayRequests, request, SmpClient } from '@chat-relays/bus';
import {
  contactLinkKeys,
  formatShortLink,
  openContactLink,
  parseShortLink,
  realCrypto,
} from '@chat-relays/smp';
import { Pool } from 'pg';
import type { Town } from './town';

/** What SMP servers and agents have, as somebody who belongs to none of them finds it. */
export class Evidence {
  private constructor(
    private readonly town: Town,
    private readonly database: Pool,
    private readonly smp: SmpClient,
  ) {}

  static open(town: Town): Evidence {
    const database = new Pool({ connectionString: town.stack.databaseUrl, max: 2 });
    // a PostgreSQL that is killed breaks connections that nobody uses
    database.on('error', () => undefined);
    return new Evidence(town, database, new SmpClient(town.bus, { onMessages: () => undefined }));
  }

  async close(): Promise<void> {
    this.smp.close();
    await this.database.end();
  }

  /** The relay links that a group's link data list. */
  async listed(groupLink: string): Promise<string[]> {
    const link = parseShortLink(groupLink);
    if (!link.ok || link.value.kind !== 'contact') throw new Error(`${groupLink} is no group link`);
    const entityId = contactLinkKeys(link.value.linkKey).linkId;
    const response = await this.smp.request(link.value.server.hosts[0], {
      entityId,
      command: { kind: 'LGET' },
    });
    if (response.kind !== 'LNK') throw new Error(`LGET: ${JSON.stringify(response)}`);
    const read = openContactLink(realCrypto, link.value, response);
    if (!read.ok) throw new Error(read.error);
    return read.value.user.relays.map((relay) => formatShortLink(relay));
  }

  /** A relay's own status in a group; several would be several memberships. */
  async ownStatuses(relay: string, groupLink: string): Promise<string[]> {
    const { groups } = await request(
      this.town.bus,
      relayRequests['relay.*.group.list'],
      {},
      { scope: relay },
    );
    return groups.filter((group) => group.groupLink === groupLink).map(({ status }) => status);
  }

  /** How many queues SMP servers have; of all of them unless said. */
  async queues(
    servers = this.town.fleet.names.filter((name) => name.startsWith('smp-')),
  ): Promise<Record<string, number>> {
    const counts = await Promise.all(servers.map((name) => this.count(`${schemaOf(name)}.queues`)));
    return Object.fromEntries(servers.map((name, at) => [name, counts[at]]));
  }

  /** How many queues are at an SMP server that no agent has any more. */
  async orphans(): Promise<number> {
    const queues = Object.values(await this.queues());
    const agents = this.town.fleet.names.filter((name) => !name.startsWith('smp-'));
    const had = await Promise.all(agents.map((name) => this.count(`${schemaOf(name)}.receive_queues`)));
    return sum(queues) - sum(had);
  }

  /** How many queues a relay has for groups: their relay links, and those that owners send to. */
  async serving(relay: string): Promise<number> {
    return this.count(`${schemaOf(relay)}.receive_queues WHERE noun IN ('relay_own', 'owner_connection')`);
  }

  /** Where an owner sends what only this relay is to read. */
  async queueOf(groupId: string, relay: string): Promise<{ server: string; id: string }> {
    const { rows } = await this.database.query<{ server: string; id: string }>(
      `SELECT peer_server AS server, peer_queue AS id FROM owner_agent.group_relays
       WHERE group_id = $1 AND data->>'relayName' = $2`,
      [groupId, relay],
    );
    return rows[0];
  }

  /** An SMP server that does not run has nothing when it does again. */
  async empty(server: string): Promise<void> {
    const schema = schemaOf(server);
    await this.database.query(`TRUNCATE ${schema}.queues, ${schema}.message_blocks`);
  }

  private async count(table: string): Promise<number> {
    const { rows } = await this.database.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    return Number(rows[0].count);
  }
}

function schemaOf(service: string): string {
  return service.replaceAll('-', '_');
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
