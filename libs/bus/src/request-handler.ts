import { Logger } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { z } from 'zod';
import { type Contract, issuesOf, sentenceOf } from './contract';
import { RequestRefused } from './refusal';

type Handler<C extends Contract> = (
  request: z.output<C['request']>,
) => Promise<z.input<C['reply']>> | z.input<C['reply']>;

const logger = new Logger('request');

/**
 * The method answers the requests of one contract: it gets a request that the schema accepted, and what it returns
 * is checked before it leaves. A `RequestRefused` reaches the caller; any other error is logged and answered as `internal`.
 */
export function Request<C extends Contract>(contract: C) {
  return <H extends Handler<C>>(target: object, key: string, method: TypedPropertyDescriptor<H>): void => {
    const handle = method.value as Handler<C>;
    const wrapped = async function (this: object, payload: unknown): Promise<unknown> {
      const request = contract.request.safeParse(payload);
      if (!request.success) {
        const issues = issuesOf(request.error);
        throw new RequestRefused('invalid', `${contract.subject}: ${sentenceOf(issues)}`, issues);
      }
      try {
        return contract.reply.parse(await handle.call(this, request.data as z.output<C['request']>));
      } catch (error) {
        if (error instanceof RequestRefused) throw error;
        logger.error({ msg: 'request failed', subject: contract.subject, err: error });
        throw new RequestRefused(
          'internal',
          `${contract.service} failed on ${contract.subject}; its log says why`,
        );
      }
    };
    method.value = wrapped as unknown as H;
    MessagePattern(contract.subject)(target, key, method as PropertyDescriptor);
  };
}
