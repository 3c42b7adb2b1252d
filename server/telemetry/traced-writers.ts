// The writers of arrivals and results, with a word to the collector of each that has ended.
import type { SettleWriter } from "#server/delivery/settle-writer.ts";
import type { AcceptWriter } from "#server/ingest/accept-writer.ts";
import type { Publisher } from "#server/ingest/publisher.ts";
import type { Traces } from "./traced.ts";

/** Tells of each arrival at the door once it is committed, or once nobody knows whether it is. */
export function traceAccepts(writer: AcceptWriter, traces: Traces | null, now: () => Date): AcceptWriter {
  if (!traces) return writer;
  return {
    ...writer,
    store(arrival) {
      const storing = writer.store(arrival);
      storing.then(
        ({ duplicateOf }) => traces.received(arrival, { at: now(), duplicateOf, isUnknown: false }),
        () => traces.received(arrival, { at: now(), duplicateOf: null, isUnknown: true }),
      );
      return storing;
    },
  };
}

/** Tells of each event that a team's own service published. */
export function tracePublishes(publisher: Publisher, traces: Traces | null, now: () => Date): Publisher {
  if (!traces) return publisher;
  return {
    ...publisher,
    async publish(input, answerOf) {
      let repeated: ReadonlyMap<string, string> = new Map();
      const outcome = await publisher.publish(input, (duplicates) => {
        repeated = duplicates;
        return answerOf(duplicates);
      });
      if (outcome.kind !== "published") return outcome;
      for (const arrival of input.arrivals) {
        traces.received(arrival, { at: now(), duplicateOf: repeated.get(arrival.id) ?? null, isUnknown: false });
      }
      return outcome;
    },
  };
}

/** Tells of each attempt as soon as its result is known. */
export function traceSettles(writer: SettleWriter, traces: Traces | null): SettleWriter {
  if (!traces) return writer;
  return {
    ...writer,
    settle(settlement) {
      const { attempt } = settlement;
      if (attempt) traces.attempted({ ...settlement, attempt });
      return writer.settle(settlement);
    },
  };
}
