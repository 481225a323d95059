/** Bounds of the wait, ms. */
export interface ReclaimBounds {
  readonly first: number;
  readonly last: number;
}

const DEFAULT_BOUNDS: ReclaimBounds = { first: 15_000, last: 900_000 };

/**
 * When queues are asked for again that another client took over: nobody tells when that is gone. Ever later, because it may
 * be there to stay, and would ask for them again in its turn.
 */
export class ReclaimTimer {
  private timer: NodeJS.Timeout | undefined;
  private reclaims = 0;

  constructor(
    private readonly reclaim: () => void,
    private readonly bounds = DEFAULT_BOUNDS,
  ) {}

  begin(): void {
    const { first, last } = this.bounds;
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.reclaims++;
        this.reclaim();
      },
      Math.min(last, first * 2 ** this.reclaims),
    );
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
