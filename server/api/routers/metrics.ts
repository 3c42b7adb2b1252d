import { Metrics, type MetricsSubject, QueryMetrics } from "#server/contracts/metrics.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";
import { router, teamProcedure } from "../trpc.ts";

const chart = (subject: MetricsSubject) =>
  teamProcedure
    .input(QueryMetrics)
    .output(Metrics)
    .query(({ ctx, input }) => queryMetrics(ctx, subject, input));

export const metricsRouter = router({
  requests: chart("requests"),
  events: chart("events"),
  attempts: chart("attempts"),
  queue: chart("queue"),
});
