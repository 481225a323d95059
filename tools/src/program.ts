import { SetupError } from './setup-error';

/**
 * Runs the body of a program. What the user can mend is told in its one sentence, anything else with its stack;
 * both end with code 1. A number that the body returns is the exit code.
 */
export async function runProgram(body: (args: string[]) => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await body(process.argv.slice(2))) ?? process.exitCode;
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}
