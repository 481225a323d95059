import { type NatsConnection, serverToken } from '@chat-relays/bus';
import { type Command, decodeCommand, unpackBlock } from '@chat-relays/smp';

/** A command as it went over the broker, without what authorized it: that counts in no other session. */
export interface Tapped {
  readonly entityId: Uint8Array;
  readonly command: Command;
}

/** Who reads the broker: every command to a server from now on, sealed as it is. */
export class Wiretap {
  private readonly tapped: Tapped[] = [];
  private readonly stop: () => void;

  constructor(bus: NatsConnection, server: string) {
    const subscription = bus.subscribe(`smp.${serverToken(server)}.block.*`, {
      callback: (_, { data }) => this.hear(data),
    });
    this.stop = () => subscription.unsubscribe();
  }

  /** Contact requests: nobody authorizes them. */
  ends(): Tapped[] {
    this.stop();
    return this.tapped;
  }

  private hear(data: Uint8Array): void {
    const block = unpackBlock(Buffer.from(data));
    if (!block.ok) return;
    for (const transmission of block.value) {
      if (!transmission.ok || transmission.value.authorization.length > 0) continue;
      const { entityId, body } = transmission.value;
      const command = decodeCommand(body);
      if (command.ok && command.value.kind === 'SEND') this.tapped.push({ entityId, command: command.value });
    }
  }
}
