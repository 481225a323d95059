/** Preloaded into a service (`--require`): its clock is CLOCK_SHIFT_MS ahead, and right again from SIGUSR2 on. */
const right = Date.now;
let shiftMs = Number(process.env.CLOCK_SHIFT_MS);

Date.now = () => right() + shiftMs;
process.on('SIGUSR2', () => {
  shiftMs = 0;
});
