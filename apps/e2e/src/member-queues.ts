import { type IncomingMessage, type OwnQueue, privateKey } from '@chat-relays/agent';
import { SmpClient } from '@chat-relays/bus';
import { realCrypto } from '@chat-relays/smp';
import { Client } from 'pg';
import type { Town } from './town';

type QueueAt = OwnQueue & { readonly server: string };

/** The queues at which members hear what relays forward, in the hands of somebody else who has their keys. */
export class MemberQueues {
  /** of queues that were taken over; nothing is acknowledged */
  readonly heard: IncomingMessage[] = [];
  private readonly smp: SmpClient;

  constructor(private readonly town: Town) {
    this.smp = new SmpClient(town.bus, { onMessages: (messages) => void this.heard.push(...messages) });
  }

  close(): void {
    this.smp.close();
  }

  async delete(member: string, relayLink: string): Promise<void> {
    const { server, recipientId, key } = await this.find(member, relayLink);
    const response = await this.smp.request(server, { entityId: recipientId, command: { kind: 'DEL' }, key });
    if (response.kind !== 'OK') throw new Error(`DEL: ${JSON.stringify(response)}`);
  }

  async takeOver(member: string, relayLink: string): Promise<void> {
    const queue = await this.find(member, relayLink);
    await this.smp.subscribe(queue.server, [queue]);
  }

  private async find(member: string, relayLink: string): Promise<QueueAt> {
    const database = new Client({ connectionString: this.town.stack.databaseUrl });
    await database.connect();
    const { rows } = await database.query<{ server: string; recipient_id: Buffer; seed: Buffer }>(
      `SELECT server, recipient_id, seed FROM member_agent.receive_queues AS queue
       JOIN member_agent.member_connections AS connection ON connection.id = record_id
       WHERE noun = 'member_connection' AND connection.identity = $1
         AND connection.data @> jsonb_build_object('relayLink', $2::text, 'purpose', 'messages')`,
      [member, relayLink],
    );
    await database.end();
    if (rows.length !== 1) throw new Error(`${member} has ${rows.length} queues for ${relayLink}`);
    const [{ server, recipient_id: recipientId, seed }] = rows;
    return { server, recipientId, key: privateKey(realCrypto, seed, 'recipient') };
  }
}
