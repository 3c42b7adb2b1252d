// Traces for an OpenTelemetry collector, where one is named. docs/decisions/120-traces-are-told-afterwards.md
import type { Env } from "#server/env.ts";
import type { Log } from "#server/process/log.ts";
import type { Traces } from "./traced.ts";

/** Null unless a collector is named: the SDK is then not even loaded. */
export async function makeTraces(env: Pick<Env, "traces">, role: string, log: Log): Promise<Traces | null> {
  if (!env.traces) return null;
  const { startOpenTelemetry } = await import("./open-telemetry.ts");
  return startOpenTelemetry(env.traces, role, log);
}
