import type { FilterRule, Rules } from "#server/contracts/rule.ts";

/** The rules of a connection with a filter on these event types; what else somebody has set there stays. */
export function withEventTypes(rules: Rules, eventType: string | string[]): Rules {
  const globs = typeof eventType === "string" ? [eventType] : eventType;
  const before = rules.find((rule) => rule.type === "filter");
  const { event_type: _, ...parts } = before ?? { type: "filter" as const };
  const filter: FilterRule = globs.includes("*") ? parts : { ...parts, event_type: eventType };
  const others = rules.filter((rule) => rule.type !== "filter");
  return Object.keys(filter).length > 1 ? [...others, filter] : others;
}
