// The variables about traces, by the names of the OpenTelemetry specification.
import { z } from "zod";
import { isUrlOf } from "./env-values.ts";

/** The collector, and the share of traces that it gets. */
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

type Read = <T>(name: keyof typeof TRACE_VARIABLES, fallback: T) => T;

/** Undefined where no collector is named. */
export function readTraces(read: Read): TraceSettings | undefined {
  const endpoint = read("OTEL_EXPORTER_OTLP_ENDPOINT", "").replace(/\/+$/, "");
  return endpoint === "" ? undefined : { endpoint, share: read("OTEL_TRACES_SAMPLER_ARG", 1) };
}
