/** For specs: commands that are carried out at a server that loses answers. */
import type { Crypto, KeyPair } from '@chat-relays/smp';
import { encodeCommand } from '@chat-relays/smp';
import type { Command, Reply } from '../src/commands/command';
import { execute } from '../src/commands/execute';
import type { Road } from '../src/commands/link';
import type { Store } from '../src/ports';
import { type SmpRequest, TemporaryError } from '../src/smp-port';
import { LinkServer } from './link-server';
import { hostOf } from './peers';

/** An agent whose queues are at `smp-own`, and all servers in one. */
export class Execution {
  readonly serverKey: KeyPair;
  readonly server: LinkServer;
  private readonly road: Road;

  constructor(crypto: Crypto, store: Store, more: Partial<Road> = {}) {
    this.serverKey = crypto.keyPair('x25519', Buffer.alloc(32, 5));
    this.server = new LinkServer(this.serverKey.publicKey);
    this.road = this.server.road(store, hostOf(crypto).host, { server: 'smp-own', ...more });
  }

  run(asked: Command): Promise<Reply> {
    return execute(asked, this.road);
  }

  /** Tries a command until it has a reply; the answers to these requests are lost, counted from 1. */
  async tries(asked: Command, lost: readonly number[]): Promise<Reply> {
    let count = 0;
    this.server.answers = () => (lost.includes(++count) ? 'lost' : undefined);
    for (;;) {
      try {
        return await this.run(asked);
      } catch (error) {
        if (!(error instanceof TemporaryError)) throw error;
      }
    }
  }
}

/** Everything that a server sees of a request, and the key that authorizes it; the same text for the same bytes. */
export function seen({ entityId, corrId, key, command }: SmpRequest): string {
  const parts = [entityId, corrId ?? 'no corrId', key?.seed ?? 'no key', encodeCommand(command)];
  return parts.map((part) => (typeof part === 'string' ? part : Buffer.from(part).toString('hex'))).join(' ');
}
