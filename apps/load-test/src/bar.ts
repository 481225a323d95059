const WIDTH = 30;
const REDRAW_MS = 100;
/** where there is no terminal, a line each time that this much more is done */
const LINE_EACH = 0.25;

export function barLine(title: string, done: number, total: number, note = ''): string {
  const part = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.floor(part * WIDTH);
  const percent = `${Math.floor(part * 100)} %`.padStart(5);
  return `  ${title.padEnd(10)} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${percent}  ${done}/${total}  ${note}`.trimEnd();
}

/** One stage's progress: a bar that moves in a terminal, plain lines elsewhere. */
export class Bar {
  private drawnAt = 0;
  private drawnPart = -1;
  private last = '';

  constructor(
    private readonly out: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
    private readonly title: string,
    private readonly total: number,
  ) {}

  at(done: number, note?: string): void {
    const line = barLine(this.title, done, this.total, note);
    if (line === this.last) return;
    if (this.out.isTTY) this.redraw(line);
    else this.print(line, done / this.total);
  }

  end(note: string): void {
    const line = barLine(this.title, this.total, this.total, note);
    this.out.write(this.out.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
  }

  private redraw(line: string): void {
    const now = performance.now();
    if (now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    this.last = line;
    this.out.write(`\r\x1b[K${line}`);
  }

  private print(line: string, part: number): void {
    if (part >= 1 || part < this.drawnPart + LINE_EACH) return;
    this.drawnPart = part;
    this.last = line;
    this.out.write(`${line}\n`);
  }
}
