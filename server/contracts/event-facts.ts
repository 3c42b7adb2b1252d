// The normalised view of an event: four facts that every provider writes elsewhere. Rules name them `event.type` and so on.
// Without a schema, for the editors of rules.

/** Between the types of a request that brings several events of different types. */
export const BETWEEN_TYPES = ", ";

export const EVENT_FACTS = ["type", "id", "occurred_at", "resource_id"] as const;

/** What an event does not tell is absent. */
export type EventFacts = { [Fact in (typeof EVENT_FACTS)[number]]?: string };
/** Those that the door does not read. */
export type ToldFacts = Pick<EventFacts, "occurred_at" | "resource_id">;

export const factsOf = (
  { event_type, provider_event_id }: { event_type: string | null; provider_event_id: string | null },
  told: ToldFacts = {},
): EventFacts => ({
  ...(event_type !== null && { type: event_type }),
  ...(provider_event_id !== null && { id: provider_event_id }),
  ...told,
});
