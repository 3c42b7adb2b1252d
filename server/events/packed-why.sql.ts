// The trace of an event as it is stored. Two steps are in nearly every trace, and each is a short text there: `c` for a connection that is
// enabled, `q` with the milliseconds from the request to the moment at which the event was due. All other steps stand in full.
import type { WhyStep } from "#server/contracts/why.ts";

const ENABLED = JSON.stringify({ step: "connection", outcome: "enabled" } satisfies WhyStep);

/** The JSON texts of a trace's steps, shortened. @param createdAt of the event */
export const packWhy = (steps: readonly string[], createdAt: Date): string[] =>
  steps.map((text) => {
    if (text === ENABLED) return '"c"';
    const due = /^\{"step":"queue","outcome":"queued","due":"([^"]{24})"\}$/.exec(text)?.[1];
    return due === undefined ? text : `"q${Date.parse(due) - createdAt.getTime()}"`;
  });

/** An SQL expression of type json: the trace of `event` with all its steps in full. */
export const unpackedWhy = (event: string): string => `unpacked_why(${event}.why, ${event}.created_at)`;
