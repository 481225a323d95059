import { RpcException } from '@nestjs/microservices';
import type { Issue } from './contract';

/** Thrown by a handler that answers "no": the caller gets the code and the sentence. */
export class RequestRefused extends RpcException {
  constructor(
    readonly code: string,
    message: string,
    readonly issues?: readonly Issue[],
  ) {
    super({ code, message, ...(issues === undefined ? {} : { issues }) });
    this.message = message;
  }
}
