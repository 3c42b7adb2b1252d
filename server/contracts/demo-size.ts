// The size of the demo, to be told before it is loaded. Without a schema, so that a page can read it and needs no more.

export const DEMO_SIZE = { sources: 4, connections: 9, destinations: 5 };
/** Webhooks a second, and for how long. */
export const DEMO_RATE = 3;
export const DEMO_MINUTES = 10;
