import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RequestRefused } from '@chat-relays/bus';
import type { RelayAddress, RelayOwn } from '@chat-relays/protocol';
import { AgentRuntime, DATABASE } from '@chat-relays/service';
import { type DataSource, type RelayLoad, relayLoads, type Shown, showRecords } from '@chat-relays/storage';

export const RELAY_NAME = Symbol('relay name');
export const LINK_POOL = Symbol('size of the link pool');

/** This relay: its address, made at its first start, and the groups that it serves. */
@Injectable()
export class Relay implements OnApplicationBootstrap {
  constructor(
    @Inject(RELAY_NAME) readonly name: string,
    @Inject(DATABASE) private readonly source: DataSource,
    private readonly runtime: AgentRuntime,
    @Inject(LINK_POOL) private readonly pool: number,
  ) {}

  /** A relay that has its address and its links ignores being told again. */
  async onApplicationBootstrap(): Promise<void> {
    const ref = { noun: 'relay_address', id: this.name } as const;
    await this.runtime.agent.tell(ref, this.name, 'address.create', { relayName: this.name });
    await this.runtime.agent.fillPool(this.name, this.pool);
  }

  /** @throws {RequestRefused} not_ready, until the SMP server made the queue */
  async address(): Promise<string> {
    const [record] = await showRecords<RelayAddress>(this.source, 'relay_address', this.name);
    if (record?.data.address) return record.data.address;
    const why = record?.data.reason ?? 'its SMP server has not made it yet';
    throw new RequestRefused('not_ready', `relay ${this.name} has no address: ${why}`);
  }

  async groups(): Promise<(Shown<RelayOwn> & RelayLoad)[]> {
    const [records, loads] = await Promise.all([
      showRecords<RelayOwn>(this.source, 'relay_own', this.name),
      relayLoads(this.source, this.name),
    ]);
    return records.map((record) => ({ ...record, ...(loads.get(record.id) ?? { members: 0, pending: 0 }) }));
  }
}
