// Alarms and graphs: what they ask is PromQL, and a gateway has it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { RUNNERS_PER_WORKER } from "#server/doctor/judge-work.ts";
import { watchDatabase } from "#server/gateway/database-state.ts";
import { registerOwn, registerStored } from "#server/gateway/gateway-metrics.ts";
import { registerSpool } from "#server/gateway/spool-metrics.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { readPromql } from "#test/support/promql.ts";

const read = (path: string) => readFileSync(join(PROJECT_ROOT, path), "utf8");

// biome-ignore lint/suspicious/noExplicitAny: a file is what its schema says
type Document = any;

const nobodyAsks = () => {
  throw new Error("Nobody scrapes it.");
};

describe("alarms and graphs", () => {
  const alerts = parse(read("docs/deploy/prometheus/alerts.yaml"));
  const { panels } = parse(read("docs/deploy/grafana/switchyard.json"));
  const expressions: string[] = [
    ...alerts.groups.flatMap(({ rules }: Document) => rules.map(({ expr }: Document) => expr)),
    ...panels.flatMap(({ targets }: Document) => targets.map(({ expr }: Document) => expr)),
  ];
  const registry = new Registry();
  registerOwn(registry, () => 0);
  registerStored(registry);
  watchDatabase(registry, { trouble: { current: nobodyAsks, counts: nobodyAsks }, readRoom: async () => null });
  registerSpool(registry, { figures: nobodyAsks });
  const metrics = registry.getMetricsAsArray().map((metric) => {
    const { labelNames = [] } = metric as { labelNames?: string[] };
    return [metric.name, labelNames] as const;
  });
  /** `up` is Prometheus' own, as are the labels of every target. */
  const known = new Map([...metrics, ["up", []] as const]);
  const OF_TARGETS = ["instance", "job"];

  test("ask in PromQL for measures and labels that a gateway has", () => {
    expect(expressions.length).toBeGreaterThan(20);
    for (const expression of expressions) {
      const asked = readPromql(expression);
      expect(asked.metrics.length, expression).toBeGreaterThan(0);
      for (const metric of asked.metrics) expect([...known.keys()], expression).toContain(metric);
      const labels = [...OF_TARGETS, ...asked.metrics.flatMap((metric) => known.get(metric) ?? [])];
      for (const label of asked.labels) expect(labels, expression).toContain(label);
    }
  });

  test("name each series by a label that its expression keeps", () => {
    for (const { expr, legendFormat } of panels.flatMap(({ targets }: Document) => targets)) {
      const kept = /^(?:sum|max|min)\b/.test(expr)
        ? [...(/ by \(([^)]*)\)/.exec(expr)?.[1]?.split(/, ?/) ?? [])]
        : OF_TARGETS;
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(kept, expr).toContain(label);
    }
  });

  test.each(["sum(rate(a[5m])", "max(a) >", "rate(a[5 m])", "summ by (x) (a)"])("%s is no PromQL", (expression) => {
    expect(() => readPromql(expression)).toThrow();
  });

  test("do not lie over one another", () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }: Document) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)}:${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }: Document) => id)).size).toBe(panels.length);
  });

  test("count the runners of one worker", () => {
    expect(expressions).toContain(`max(switchyard_live_workers) / ${RUNNERS_PER_WORKER}`);
  });
});
