import { ownerRequests, RequestFailed, StatusStream } from '@chat-relays/bus';
import type { Answer, Session } from './session';
import { viewChannel, viewStatusEvent } from './status-views';

/** Tells statuses as they change, until the time is over or the person has had enough. */
export async function watch(session: Session, channel: string | undefined): Promise<Answer> {
  const { bus, args, say, interrupts } = session;
  const stream = new StatusStream(bus);
  const end = (): void => stream.close();
  const timer = args.seconds === undefined ? undefined : setTimeout(end, args.seconds * 1_000);
  interrupts.once('SIGINT', end);
  let count = 0;
  try {
    await stream.ready();
    const channels = new Channels(session);
    const watched = channel === undefined ? undefined : await channels.groupId(channel);
    const until = args.seconds === undefined ? 'until Ctrl-C' : `for ${args.seconds} s`;
    say(`watching ${channel === undefined ? 'all channels' : `#${channel}`} ${until}`);
    for await (const event of stream) {
      const { group } = event;
      const found = group === undefined || group === watched ? undefined : await channels.find(group);
      if (watched !== undefined && group !== watched && found?.groupId !== watched) continue;
      count++;
      const one = watched !== undefined || group === undefined;
      say(viewStatusEvent(event, one ? undefined : viewChannel(group, found?.name)), event);
    }
  } finally {
    clearTimeout(timer);
    interrupts.removeListener('SIGINT', end);
    stream.close();
  }
  const told = count === 1 ? '1 status changed' : `${count} statuses changed`;
  return { reply: undefined, lines: [count === 0 ? 'no status changed' : told] };
}

interface KnownChannel {
  readonly groupId: string;
  readonly name: string;
  readonly groupLink?: string;
}

/** The owner's channels, by the ids and links that events name them by. */
class Channels {
  private known: readonly KnownChannel[] = [];
  /** groups of others: they are asked for once */
  private readonly foreign = new Set<string>();

  constructor(private readonly session: Session) {}

  /** @throws {RequestFailed} where the owner has no such channel */
  async groupId(name: string): Promise<string> {
    const { owner } = this.session;
    return (await this.session.ask(ownerRequests['owner.group.get'], { owner, group: name })).groupId;
  }

  /** The owner learns a link before any relay does, so that one that is unknown after asking is not the owner's. */
  async find(group: string): Promise<KnownChannel | undefined> {
    const found = this.among(group);
    if (found || this.foreign.has(group)) return found;
    if (!(await this.ask())) return undefined;
    const learned = this.among(group);
    if (!learned) this.foreign.add(group);
    return learned;
  }

  /** An owner-agent that is away is asked again, for the next event. */
  private async ask(): Promise<boolean> {
    const { owner } = this.session;
    try {
      this.known = (await this.session.ask(ownerRequests['owner.group.list'], { owner })).groups;
      return true;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      return false;
    }
  }

  private among(group: string): KnownChannel | undefined {
    return this.known.find(({ groupId, groupLink }) => groupId === group || groupLink === group);
  }
}
