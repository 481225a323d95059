import type { Observation } from '@chat-relays/agent';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { ofMembers } from './status-events';

/** Turns what an agent tells into metrics and log lines; ids and statuses, never message content. */
export class Observer {
  private readonly decisions: Counter;
  private readonly refusals: Counter;
  private readonly commands: Counter;
  private readonly messages: Counter;
  private readonly divergences: Counter;
  private readonly gaps: Counter;
  private readonly lost: Counter;
  private readonly sends: Counter;
  private readonly integrity: Counter;

  constructor(
    registry: Registry,
    private readonly logger: Logger,
  ) {
    const counter = (name: string, help: string, labelNames: string[]): Counter =>
      new Counter({ name, help, labelNames, registers: [registry] });
    this.decisions = counter('chat_relays_decisions_total', 'Events by what their row did.', [
      'dialogue',
      'half',
      'step',
      'outcome',
    ]);
    this.refusals = counter(
      'chat_relays_refusals_total',
      'Bytes and requests of peers that were not taken.',
      ['purpose'],
    );
    this.commands = counter('chat_relays_commands_total', 'Tries of commands by how they ended.', [
      'kind',
      'result',
    ]);
    this.messages = counter(
      'chat_relays_received_total',
      'Forwarded messages: kept, or dropped as duplicates.',
      ['copy'],
    );
    this.divergences = counter(
      'chat_relays_diverged_total',
      'Copies that say otherwise than the first one: kept as evidence, or dropped as known or too many.',
      ['copy'],
    );
    this.integrity = counter(
      'chat_relays_integrity_total',
      'Messages of peers whose number or hash does not follow the one before.',
      ['result'],
    );
    this.gaps = counter(
      'chat_relays_gaps_total',
      'Times that messages of a relay to a member were missing.',
      [],
    );
    this.lost = counter(
      'chat_relays_queues_lost_total',
      'Queues that SMP servers have no more, by whose they were.',
      ['noun'],
    );
    this.sends = counter('chat_relays_sends_total', 'Sends to members by how they ended.', ['result']);
  }

  observe(observation: Observation): void {
    switch (observation.what) {
      case 'decided':
        return this.decided(observation);
      case 'refused':
        this.refusals.inc({ purpose: observation.purpose });
        this.logger.warn(observation, 'refused');
        return;
      case 'executed':
        this.commands.inc({ kind: observation.kind, result: observation.result });
        if (observation.result !== 'ok') this.logger.warn(observation, 'command failed');
        return;
      case 'received':
        this.messages.inc({ copy: 'kept' }, observation.messages);
        this.messages.inc({ copy: 'duplicate' }, observation.duplicates);
        return;
      case 'diverged':
        this.divergences.inc({ copy: 'kept' }, observation.kept);
        this.divergences.inc({ copy: 'dropped' }, observation.dropped);
        // what is known already was told when it came first
        this.logger[observation.kept > 0 ? 'warn' : 'debug'](observation, 'diverged');
        return;
      case 'gap':
        this.gaps.inc(observation.gaps);
        this.logger.warn(observation, 'gap');
        return;
      case 'lost':
        this.lost.inc({ noun: observation.noun });
        // of members, the connections that break by it are logged
        this.logger[ofMembers.includes(observation.noun) ? 'debug' : 'warn'](observation, 'a queue is lost');
        return;
      case 'delivered':
        this.sends.inc({ result: 'sent' }, observation.sends);
        this.sends.inc({ result: 'behind' }, observation.behind);
        this.sends.inc({ result: 'gone' }, observation.gone);
        return;
      case 'integrity': {
        const { result } = observation;
        this.integrity.inc({ result });
        // a repeat is what a retry looks like
        this.logger[result === 'duplicate' ? 'debug' : 'warn'](observation, 'integrity');
        return;
      }
      case 'stuck':
        // members that went away are many, and nobody's fault
        this.logger[ofMembers.includes(observation.noun) ? 'debug' : 'warn'](observation, 'stuck');
        return;
      case 'waiting':
        this.logger.warn(observation, 'waiting');
    }
  }

  private decided(observation: Extract<Observation, { what: 'decided' }>): void {
    const { dialogue, half, step = '', outcome } = observation;
    this.decisions.inc({ dialogue, half, step, outcome });
    const strange = outcome === 'violation' || outcome === 'unmet' || observation.to === 'Broken';
    this.logger[strange ? 'warn' : 'debug'](observation, outcome);
  }
}
