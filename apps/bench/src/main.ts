import { runProgram, SetupError } from '@chat-relays/tools';
import { benchCrypto } from './crypto/bench-crypto';
import { benchSmp } from './smp/bench-smp';

void runProgram(async ([bench, ...args]) => {
  if (bench === 'crypto') return benchCrypto(args);
  if (bench === 'smp') return benchSmp(args);
  throw new SetupError('There are two benchmarks: npm run bench:crypto and npm run bench:smp.');
});
