import { Module } from '@nestjs/common';
import { Faults } from './faults/faults';
import { OperatorController } from './operator.controller';
import { SmpGauges } from './smp-gauges';
import { SmpMetrics } from './smp-metrics';
import { SmpServer } from './smp-server';

/** Queues, subscriptions and link data of one SMP server. */
@Module({ controllers: [OperatorController], providers: [Faults, SmpGauges, SmpMetrics, SmpServer] })
export class SmpServerModule {}
