import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `up` is what is said to the server, `down` what it answers. */
export type Way = 'up' | 'down';

/** As PostgreSQL's clients say it, and as the server says that it is done. */
const COMMIT = Buffer.from('COMMIT\0');

/** One client's connection: what is said each way, and what waits because that way is held. */
interface Line {
  readonly ends: Record<Way, Socket>;
  readonly waiting: Record<Way, (() => void)[]>;
  /** its COMMIT has gone on, and the answer is not to come back */
  committing: boolean;
}

/** A wire between one service and what it stands on, which can be disturbed. */
export class TcpProxy {
  /** bytes that did not go on at once */
  held = 0;
  /** COMMITs that were done, and of which nobody heard */
  unheard = 0;
  /** connections that were refused or cut */
  broken = 0;
  private readonly lines = new Set<Line>();
  private readonly holding = new Set<Way>();
  private refusing = false;
  private commitsToCut = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.open(client));
  }

  static async start(target: string): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: false });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, new URL(target));
  }

  /** Where the service is to connect instead. */
  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href.replace(/\/$/, '');
  }

  /** A partition: nothing goes these ways, the ends of connections neither, and nobody is told. */
  hold(...ways: Way[]): void {
    for (const way of ways) this.holding.add(way);
  }

  /** It is over: what was said meanwhile comes late, as TCP repeats it. */
  release(): void {
    this.holding.clear();
    for (const { waiting } of this.lines)
      for (const way of ['up', 'down'] as const) for (const go of waiting[way].splice(0)) go();
  }

  /** Breaks every connection; later ones are taken. */
  cut(): void {
    for (const line of this.lines) this.break(line);
  }

  /** Breaks every connection and takes none until `accept`. */
  refuse(): void {
    this.refusing = true;
    this.cut();
  }

  accept(): void {
    this.refusing = false;
  }

  /** Of the next COMMITs nobody hears how they ended: they go on, and the connection breaks. */
  cutCommits(count: number): void {
    this.commitsToCut = count;
  }

  async stop(): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private open(client: Socket): void {
    if (this.refusing) {
      this.broken++;
      return void client.resetAndDestroy();
    }
    const server = connect(Number(this.target.port), this.target.hostname);
    const line: Line = {
      ends: { up: server, down: client },
      waiting: { up: [], down: [] },
      committing: false,
    };
    this.lines.add(line);
    this.join(line, client, 'up');
    this.join(line, server, 'down');
  }

  private join(line: Line, from: Socket, way: Way): void {
    const to = line.ends[way];
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('data', (bytes) => {
      if (this.isCut(line, way, bytes)) return this.break(line);
      this.pass(line, way, bytes.length, () => void to.write(bytes));
    });
    from.on('close', () => this.pass(line, way, 0, () => this.end(line, to)));
  }

  private pass(line: Line, way: Way, bytes: number, go: () => void): void {
    if (!this.holding.has(way)) return go();
    this.held += bytes;
    line.waiting[way].push(go);
  }

  private isCut(line: Line, way: Way, bytes: Buffer): boolean {
    if (way === 'down') {
      if (!line.committing) return false;
      this.unheard++;
      return true;
    }
    if (this.commitsToCut > 0 && bytes.includes(COMMIT)) {
      this.commitsToCut--;
      line.committing = true;
    }
    return false;
  }

  private end(line: Line, to: Socket): void {
    to.end();
    // both ways have ended: what still waits the other way has nobody who reads it
    if (line.ends.up.destroyed && line.ends.down.destroyed) this.lines.delete(line);
  }

  private break(line: Line): void {
    this.broken++;
    this.lines.delete(line);
    line.ends.up.destroy();
    line.ends.down.resetAndDestroy();
  }
}
