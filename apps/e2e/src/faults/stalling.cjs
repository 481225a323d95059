/** Preloaded into a service (`--require`): from SIGUSR2 on it does nothing else for STALL_MS. */
process.on('SIGUSR2', () => {
  const end = Date.now() + Number(process.env.STALL_MS);
  while (Date.now() < end);
  process.stdout.write('stalled\n');
});
