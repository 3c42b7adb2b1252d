import { search } from "#server/api/operation.ts";
import { CountDeadLetters, DeadLetterCounts } from "#server/contracts/dead-letters.ts";
import { CountEventTypes, EventTypeCounts } from "#server/contracts/event-types.ts";
import { Metrics, type MetricsSubject, QueryMetrics } from "#server/contracts/metrics.ts";
import { countDeadLetters } from "#server/metrics/count-dead-letters.ts";
import { countEventTypes } from "#server/metrics/count-event-types.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";

const chart = (subject: MetricsSubject) =>
  search(`/metrics/${subject}`, `Chart ${subject} over time`, QueryMetrics, Metrics, (ctx, input) =>
    queryMetrics(ctx, subject, input),
  );

export const metrics = {
  requests: chart("requests"),
  events: chart("events"),
  attempts: chart("attempts"),
  queue: chart("queue"),
  backlog: chart("backlog"),
  eventTypes: search(
    "/metrics/event_types",
    "Count requests and events by event type and source",
    CountEventTypes,
    EventTypeCounts,
    countEventTypes,
  ),
  deadLetters: search(
    "/metrics/dead_letters",
    "Count failed events by connection, destination and reason",
    CountDeadLetters,
    DeadLetterCounts,
    countDeadLetters,
  ),
};
