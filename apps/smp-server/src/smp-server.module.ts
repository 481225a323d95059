import { Module } from '@nestjs/common';
import { SmpMetrics } from './smp-metrics';
import { SmpServer } from './smp-server';

/** Queues, subscriptions and link data of one SMP server. */
@Module({ providers: [SmpMetrics, SmpServer] })
export class SmpServerModule {}
