import { errors, type NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import {
  type Contract,
  type Issue,
  issuesOf,
  type RequestError,
  scopedSubject,
  sentenceOf,
} from './contract';
import { injectTrace } from './headers';

export interface RequestOptions {
  /** the relay that is asked, where the subject has a `*` */
  readonly scope?: string;
  readonly timeoutMs?: number;
}

/** No reply was had; the message is a sentence for a person, the service's own where it answered. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';

  constructor(
    /** `unreachable`, `timeout`, `bad_reply`, `not_sent`, or the service's code */
    readonly code: string,
    message: string,
    readonly issues: readonly Issue[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Asks a service over NATS, within the active trace.
 * @throws {RequestFailed}
 */
export async function request<C extends Contract>(
  connection: NatsConnection,
  contract: C,
  payload: z.input<C['request']>,
  options: RequestOptions = {},
): Promise<z.output<C['reply']>> {
  const subject = scopedSubject(contract.subject, options.scope);
  const service = options.scope === undefined ? contract.service : `${contract.service} ${options.scope}`;
  const timeoutMs = options.timeoutMs ?? 10_000;
  const answer = await exchange(connection, subject, service, JSON.stringify(payload), timeoutMs);
  if (isError(answer)) throw new RequestFailed(answer.error.code, answer.error.message, answer.error.issues);
  const reply = contract.reply.safeParse(answer);
  if (reply.success) return reply.data as z.output<C['reply']>;
  const issues = issuesOf(reply.error);
  throw new RequestFailed(
    'bad_reply',
    `${service} answered ${subject} with something else: ${sentenceOf(issues)}`,
    issues,
  );
}

async function exchange(
  connection: NatsConnection,
  subject: string,
  service: string,
  payload: string,
  timeoutMs: number,
): Promise<unknown> {
  try {
    const message = await connection.request(subject, payload, {
      timeout: timeoutMs,
      headers: injectTrace(),
    });
    return message.json();
  } catch (cause) {
    const [code, sentence] = explain(cause, subject, service, timeoutMs);
    throw new RequestFailed(code, sentence, [], { cause });
  }
}

function explain(cause: unknown, subject: string, service: string, timeoutMs: number): [string, string] {
  if (
    cause instanceof errors.NoRespondersError ||
    (cause instanceof errors.RequestError && cause.isNoResponders())
  )
    return ['unreachable', `nobody answers ${subject}: is ${service} running?`];
  if (cause instanceof errors.TimeoutError)
    return ['timeout', `${service} did not answer ${subject} within ${timeoutMs / 1_000} s`];
  if (cause instanceof SyntaxError)
    return ['bad_reply', `${service} answered ${subject} with something that is not JSON`];
  return [
    'not_sent',
    `${subject} could not be sent: ${cause instanceof Error ? cause.message : String(cause)}`,
  ];
}

function isError(answer: unknown): answer is { error: RequestError } {
  const error = (answer as { error?: Partial<RequestError> } | null)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string';
}
