import Module from 'node:module';

/** Becomes the program `main`: the same process, hence the same terminal, signals and exit code. */
export function runMain(main, args) {
  process.argv = [process.execPath, main, ...args];
  Module.runMain();
}
