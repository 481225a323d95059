import {
  Authorizer,
  decodeResponse,
  decodeServerHello,
  realCrypto,
  unpackBlock,
  type Response,
} from '@chat-relays/smp';
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { publishCommands, type OutgoingCommand } from './block-publisher';
import { smpSubjects } from './smp-subjects';
import { readTraceHeaders } from './trace-headers';

/** One response or push, as it came. */
export interface IncomingResponse {
  /** empty for a push */
  readonly corrId: Uint8Array;
  readonly entityId: Uint8Array;
  readonly response: Response;
  readonly trace: string | undefined;
}

export interface SmpSessionEvents {
  /** the responses of one block, in order; the memory is the payload's */
  onResponses(responses: readonly IncomingResponse[]): void;
  /** the server is gone or has forgotten the session */
  onLost(reason: string): void;
  /** bytes from the server that are no block or no response */
  onRejected(bytes: number): void;
}

const NO_RESPONDERS = 503;

/** One session with one server: an inbox, and the id and key that the server gave for it. */
export class SmpSession {
  private constructor(
    private readonly connection: NatsConnection,
    private readonly inbox: string,
    private readonly inboxSubscription: Subscription,
    private readonly blockSubject: string,
    private readonly authorizer: Authorizer,
  ) {}

  /** @throws when the server does not answer, or not with a hello that can be understood */
  static async open(
    connection: NatsConnection,
    server: string,
    options: { readonly timeoutMs: number; readonly inboxPrefix?: string },
    events: SmpSessionEvents,
  ): Promise<SmpSession> {
    const subjects = smpSubjects(server);
    const inbox = createInbox(options.inboxPrefix);
    const subscription = connection.subscribe(inbox, {
      callback: (_, message) => receive(message, events),
    });
    try {
      const reply = await connection.request(subjects.hello, Buffer.from(inbox, 'latin1'), {
        timeout: options.timeoutMs,
      });
      const hello = decodeServerHello(reply.data);
      if (!hello.ok) throw new Error('the server says no hello of our version');
      const { sessionId, sessionKey } = hello.value;
      const block = subjects.block(Buffer.from(sessionId).toString('hex'));
      const authorizer = new Authorizer(realCrypto, sessionId, sessionKey);
      return new SmpSession(connection, inbox, subscription, block, authorizer);
    } catch (error) {
      subscription.unsubscribe();
      throw error;
    }
  }

  send(commands: readonly OutgoingCommand[]): void {
    publishCommands(this.connection, this.blockSubject, commands, this.authorizer, this.inbox);
  }

  close(): void {
    if (!this.connection.isClosed()) this.inboxSubscription.unsubscribe();
  }
}

function receive(message: Msg, events: SmpSessionEvents): void {
  if (message.headers?.code === NO_RESPONDERS) return events.onLost('no server');
  const block = unpackBlock(message.data);
  if (!block.ok) return events.onRejected(message.data.length);
  const traces = readTraceHeaders(message.headers);
  const responses: IncomingResponse[] = [];
  block.value.forEach((transmission, index) => {
    const response = transmission.ok ? decodeResponse(transmission.value.body) : transmission;
    if (!transmission.ok || !response.ok) return events.onRejected(message.data.length);
    const { corrId, entityId } = transmission.value;
    const trace = traces.get(index);
    responses.push({ corrId, entityId, response: response.value, trace });
  });
  events.onResponses(responses);
}
