/** For specs: a server that keeps links and takes everything, and does with what it answers what it is told. */
import { bytesKey, type LinkParts, type Response, senderIdOf } from '@chat-relays/smp';
import type { Host } from '../src/ports';
import type { Store } from '../src/ports';
import type { Road } from '../src/commands/link';
import { type SmpRequest, TemporaryError } from '../src/smp-port';
import { answering, sealerOf } from './peers';

/** Of a relay that has nothing to forward, and nobody. */
export const noDeliveries: Road['deliveries'] = {
  newest: async () => [],
  completed: async () => [],
  next: async () => [],
  former: async () => ({ members: [], waiting: false }),
  forget: async () => 0,
};

type Link = LinkParts & { readonly senderId: Uint8Array };

export class LinkServer {
  /** by link id */
  private readonly links = new Map<string, Link>();
  /** what LGET answers of a link */
  alters: (link: Link) => Link = (link) => link;
  /** instead of an answer; 'lost': the work is done and the answer is not had */
  answers: (command: SmpRequest['command']['kind']) => Response | 'lost' | undefined = () => undefined;
  readonly smp: Road['smp'];
  readonly requests: ReturnType<typeof answering>['requests'];

  constructor(private readonly serverDhKey: Uint8Array) {
    const { smp, requests } = answering((request) => {
      const other = this.answers(request.command.kind);
      if (other && other !== 'lost') return other;
      const response = this.execute(request);
      if (other === 'lost') throw new TemporaryError('no answer');
      return response;
    });
    this.smp = smp;
    this.requests = requests;
  }

  /** What it was asked of this kind, in order. */
  asked<K extends SmpRequest['command']['kind']>(kind: K) {
    return this.requests.filter(
      (request): request is typeof request & { readonly command: { readonly kind: K } } =>
        request.command.kind === kind,
    );
  }

  get kinds(): string[] {
    return this.requests.map(({ command }) => command.kind);
  }

  road(store: Store, host: Host, more: Partial<Road> = {}): Road {
    const deliveries = noDeliveries;
    return {
      smp: this.smp,
      store,
      deliveries,
      host,
      sealer: sealerOf(host),
      server: 'smp',
      page: 9,
      ...more,
    };
  }

  private execute({ command, entityId, corrId }: SmpRequest): Response {
    switch (command.kind) {
      case 'NEW': {
        if (!corrId || !command.queue) return { kind: 'ERR', error: 'CMD SYNTAX' };
        const { serverDhKey } = this;
        const ids = { kind: 'IDS', recipientId: corrId, senderId: senderIdOf(corrId), serverDhKey } as const;
        if (command.queue.mode === 'C' && command.queue.link) {
          const { linkId, ...link } = command.queue.link;
          this.links.set(bytesKey(linkId), link);
        }
        return ids;
      }
      case 'LSET': {
        const known = this.links.get(bytesKey(command.linkId));
        if (!known || !Buffer.from(known.fixedData).equals(command.fixedData)) {
          return { kind: 'ERR', error: 'AUTH' };
        }
        this.links.set(bytesKey(command.linkId), { ...known, userData: command.userData });
        return { kind: 'OK' };
      }
      case 'LGET': {
        const known = this.links.get(bytesKey(entityId));
        return known ? { kind: 'LNK', ...this.alters(known) } : { kind: 'ERR', error: 'AUTH' };
      }
      default:
        return { kind: 'OK' };
    }
  }
}
