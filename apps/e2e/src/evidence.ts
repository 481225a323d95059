import { relayRequests, request, SmpClient } from '@chat-relays/bus';
import {
  contactLinkKeys,
  formatShortLink,
  type LinkData,
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
    return (await this.linkData(groupLink)).user.relays.map((relay) => formatShortLink(relay));
  }

  /** The key of the owner that a group's link data name, and the permanent id of the group. */
  async ownership(groupLink: string): Promise<{ ownerKey: Uint8Array; publicGroupId: string }> {
    const { fixed, user } = await this.linkData(groupLink);
    const publicGroupId = Buffer.from(fixed.entityId!).toString('base64url');
    return { ownerKey: user.owners[0].ownerKey, publicGroupId };
  }

  /** What a relay knows of one of its members, in base64url. */
  async memberOf(relay: string, groupLink: string, name: string) {
    const { rows } = await this.database.query<{ memberId: string; memberKey: string }>(
      `SELECT data->>'memberId' AS "memberId", data->>'memberKey' AS "memberKey"
       FROM ${schemaOf(relay)}.group_members WHERE group_id = $1 AND data->>'memberName' = $2`,
      [`${relay}/${groupLink}`, name],
    );
    return rows[0];
  }

  /** A relay's own status in a group; several would be several memberships. */
  async ownStatuses(relay: string, groupLink: string): Promise<string[]> {
    return (await this.ownGroups(relay, groupLink)).map(({ status }) => status);
  }

  /** What a relay says of a group. */
  async ownGroups(relay: string, groupLink: string) {
    const { groups } = await request(
      this.town.bus,
      relayRequests['relay.*.group.list'],
      {},
      { scope: relay },
    );
    return groups.filter((group) => group.groupLink === groupLink);
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

  /** Messages that a relay has not forwarded to all, and members that it has not brought up to date. */
  async unfinished(relay: string): Promise<number> {
    const counts = [
      this.count(`${schemaOf(relay)}.delivery_jobs WHERE job_status <> 'complete'`),
      this.count(`${schemaOf(relay)}.group_members WHERE behind_job IS NOT NULL AND member_status <> 'gone'`),
    ];
    return sum(await Promise.all(counts));
  }

  /** What a relay has of members: their records, its queues for them and theirs, and what it said or has to say to them. */
  async ofMembers(relay: string): Promise<Record<string, number>> {
    const tables = {
      members: 'group_members',
      connections: 'priority_connections',
      queues: `receive_queues WHERE noun IN ('group_member', 'priority_connection')`,
      theirs: `send_queues WHERE server = 'smp-members'`,
      messages: 'delivery_jobs',
      commands: 'commands',
    };
    const counts = await Promise.all(
      Object.entries(tables).map(async ([what, table]): Promise<[string, number]> => [
        what,
        await this.count(`${schemaOf(relay)}.${table}`),
      ]),
    );
    return Object.fromEntries(counts);
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

  private async linkData(groupLink: string): Promise<LinkData> {
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
    return read.value;
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
