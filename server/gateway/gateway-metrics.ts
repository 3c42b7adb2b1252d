// The metrics of a gateway, besides those of its spool: what its process counts, and what the database alone knows.
import { Counter, collectDefaultMetrics, Gauge, type Registry } from "prom-client";
import type { Gauges } from "./ops.sql.ts";

/**
 * Registers the process and its door.
 *
 * @param waiting how many requests wait for their commit
 * @returns the counter of the door's answers
 */
export function registerOwn(registry: Registry, waiting: () => number): Counter<"status"> {
  // The default, a timer every 10 ms, is most of what an idle gateway would spend.
  collectDefaultMetrics({ register: registry, prefix: "switchyard_", eventLoopMonitoringPrecision: 500 });
  new Gauge({
    name: "switchyard_door_waiting_requests",
    help: "Requests that wait for their commit.",
    registers: [registry],
    collect() {
      this.set(waiting());
    },
  });
  return new Counter({
    name: "switchyard_door_answers_total",
    help: "Answers of the door by status.",
    labelNames: ["status"],
    registers: [registry],
  });
}

/** @returns what sets the gauges to what was read; `partitionDaysAhead` are days after today that have partitions */
export function registerStored(registry: Registry): (read: Gauges, partitionDaysAhead: number) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `switchyard_${name}`, help, labelNames, registers: [registry] });
  const events = gauge("events", "Events that are not finished, and those that have failed, by status.", ["status"]);
  const breakers = gauge("breakers", "Destinations whose breaker is not closed, by its state.", ["state"]);
  const oldest = gauge("oldest_due_event_seconds", "How long the event that is due longest has been due.");
  const deadLetters = gauge("dead_letters_waiting", "Failed events that are still to be forwarded.");
  const workers = gauge("live_workers", "Runners with a fresh heartbeat, four for each worker.");
  const handOffs = gauge("hand_offs", "Flushes of the door that are not routed yet.");
  const deferred = gauge("deferred_branches", "Branches that wait for their team's turn in routing, or run.");
  const days = gauge("partition_days_ahead", "Days after today that have partitions; under 2 is an alarm.");
  return (read, partitionDaysAhead) => {
    for (const [status, count] of Object.entries(read.events)) events.set({ status }, count);
    oldest.set(read.oldestDueSeconds);
    for (const [state, count] of Object.entries(read.breakers)) breakers.set({ state }, count);
    deadLetters.set(read.deadLetters);
    workers.set(read.workers);
    handOffs.set(read.handOffs);
    deferred.set(read.deferredBranches);
    days.set(partitionDaysAhead);
  };
}
