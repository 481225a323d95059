/** The group of a story, and the first one of a simulated world. */
export const GROUP = 'news';

/** What some worlds have, too. */
export const OTHER_GROUP = 'sports';

/** Links that a relay has ready. */
export const POOL = 2;
