import { readFileSync, statSync } from 'node:fs';
import { converges } from './convergence';

/** What is written to a log file from now on. */
export class ServiceLog {
  private begin: number;

  constructor(private readonly file: string) {
    this.begin = statSync(file).size;
  }

  /** Waits until it says something like this, and goes on from here. */
  async says(pattern: RegExp): Promise<void> {
    await converges(async () => pattern.test(this.text), true);
    this.begin = statSync(this.file).size;
  }

  private get text(): string {
    return readFileSync(this.file).subarray(this.begin).toString();
  }
}
