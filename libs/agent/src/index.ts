export * from './smp-port';
