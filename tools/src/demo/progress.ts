/** One line per stage, with the time that it took. */
export class Progress {
  private since = performance.now();

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** Something within a stage. */
  note(text: string): void {
    this.out.write(`    ${text}\n`);
  }

  done(text: string): void {
    const seconds = ((performance.now() - this.since) / 1000).toFixed(1);
    this.out.write(`  ✔ ${text}  (${seconds} s)\n`);
    this.since = performance.now();
  }

  say(text: string): void {
    this.out.write(`${text}\n`);
  }
}
