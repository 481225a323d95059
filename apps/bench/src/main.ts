import { runProgram, SetupError } from '@chat-relays/tools';
import { benchCompare } from './compare/bench-compare';
import { benchCrypto } from './crypto/bench-crypto';
import { benchSmp } from './smp/bench-smp';

void runProgram(async ([bench, ...args]) => {
  if (bench === 'crypto') return benchCrypto(args);
  if (bench === 'smp') return benchSmp(args);
  if (bench === 'compare') return benchCompare(args);
  throw new SetupError('There are three: npm run bench:crypto, npm run bench:smp and npm run compare.');
});
