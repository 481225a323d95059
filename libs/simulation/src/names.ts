/** The one group of a simulated world. */
export const GROUP = 'news';

/** Links that a relay has ready. */
export const POOL = 2;
