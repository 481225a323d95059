import { Controller, Get } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { Readiness } from './readiness';

/** What Kubernetes asks. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  /** 200 while the event loop turns. */
  @Get('live')
  live(): object {
    return { status: 'ok' };
  }

  /** 200 when PostgreSQL and NATS answer and the process is not stopping, otherwise 503 with what is wrong. */
  @Get('ready')
  async ready(): Promise<object> {
    const found = await this.readiness.look();
    return this.health.check(
      [...found].map(([name, wrong]) => () => {
        const indicator = this.indicators.check(name);
        return wrong === undefined ? indicator.up() : indicator.down(wrong);
      }),
    );
  }
}
