import { TemporaryError } from '@chat-relays/agent';
import type { DataSource } from 'typeorm';
import { temporaryWhenAway } from './agent-store';

export interface OwnerRelay {
  /** from 1 */
  readonly position: number;
  readonly name: string;
  readonly address: string;
}

/** The relays that an owner chooses from. */
export class OwnerRelays {
  constructor(private readonly source: DataSource) {}

  async list(owner: string): Promise<OwnerRelay[]> {
    return this.source.query(
      'SELECT position, name, address FROM owner_relays WHERE owner = $1 ORDER BY position',
      [owner],
    );
  }

  /** Once more where it is not known how it ended: the same list again is the same. */
  async replace(owner: string, relays: readonly Omit<OwnerRelay, 'position'>[]): Promise<void> {
    const write = () => temporaryWhenAway(() => this.write(owner, relays));
    await write().catch((error: unknown) => {
      if (error instanceof TemporaryError) return write();
      throw error;
    });
  }

  private async write(owner: string, relays: readonly Omit<OwnerRelay, 'position'>[]): Promise<void> {
    await this.source.transaction(async (manager) => {
      await manager.query('DELETE FROM owner_relays WHERE owner = $1', [owner]);
      await manager.query(
        `INSERT INTO owner_relays (owner, position, name, address)
         SELECT $1, position, name, address FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS row (name, address, position)`,
        [owner, relays.map(({ name }) => name), relays.map(({ address }) => address)],
      );
    });
  }
}
