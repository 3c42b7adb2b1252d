import { Metrics, MetricsSubject, QueryMetrics } from "#server/contracts/metrics.ts";
import { queryMetrics } from "#server/metrics/query-metrics.ts";
import { route } from "../operation.ts";

export const metricsRoutes = MetricsSubject.options.map((subject) =>
  route("GET", `/metrics/${subject}`, `Chart ${subject} over time`, QueryMetrics, Metrics, (ctx, input) =>
    queryMetrics(ctx, subject, input),
  ),
);
