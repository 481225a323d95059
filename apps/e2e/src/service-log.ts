import { readFileSync, statSync } from 'node:fs';
import { converges } from './convergence';

/** What is written to a log file from now on. */
export class ServiceLog {
  private begin: number;

  constructor(private readonly file: string) {
    this.begin = statSync(file).size;
  }

  /** Waits until it says something like each of these, and goes on from here. */
  async says(...patterns: readonly RegExp[]): Promise<void> {
    await converges(async () => patterns.filter((pattern) => !pattern.test(this.text)).map(String), []);
    this.begin = statSync(this.file).size;
  }

  private get text(): string {
    return readFileSync(this.file).subarray(this.begin).toString();
  }
}
