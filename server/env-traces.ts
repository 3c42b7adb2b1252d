// Where traces go: the variables that the OpenTelemetry specification names.
import { z } from "zod";
import { isUrlOf } from "./env-values.ts";

/** Where spans go, and of how many traces. */
export interface TraceSettings {
  /** Base of an OTLP collector, without a trailing slash. */
  endpoint: string;
  /** From 0 to 1. */
  share: number;
}

export const TRACE_VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: z.string().refine((text) => isUrlOf(text, ["http:", "https:"])),
    rule: "must be the http or https URL of an OpenTelemetry collector, such as http://localhost:4318",
  },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: z
      .string()
      .regex(/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/)
      .transform(Number),
    rule: "must be the share of traces that is recorded, from 0 to 1, such as 0.1",
  },
};

/** Undefined where no collector is named. */
export function readTraces(endpoint: string, share: number): TraceSettings | undefined {
  return endpoint === "" ? undefined : { endpoint: endpoint.replace(/\/+$/, ""), share };
}
