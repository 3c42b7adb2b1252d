// Spans over OTLP, by the official SDK. They are made when their work has ended, so a span that is never sent costs nothing
// but itself, and nothing here stands in the way of a request.
import { type Attributes, diag, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TraceIdRatioBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { TraceSettings } from "#server/env-traces.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import type { Log } from "#server/process/log.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { readTrace, receiveSpanId, traceOf } from "#server/wire/trace-context.ts";
import type { ReceivedEnd, TracedAttempt, Traces } from "./traced.ts";

const STOP_PATIENCE_MS = 1_000;
const MAX_QUEUED_SPANS = 4_096;
const SEND_INTERVAL_MS = 1_000;

/** A span whose work is over. */
interface Ended {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: SpanKind;
  startedAt: Date;
  endedAt: Date;
  attributes: Attributes;
  /** Set where it failed. */
  failure?: string;
}

/**
 * Everything else that the exporter knows (headers, time limit, compression, certificates) it reads from the variables of the
 * OpenTelemetry specification itself. Whether a trace is recorded follows from its id alone: so all roles agree. A sender
 * who picks the id of his trace can pick one that is, which the queue bounds.
 */
export function startOpenTelemetry({ endpoint, share }: TraceSettings, role: string, log: Log): Traces {
  tellOfTrouble(log);
  const ids = { traceId: "", spanId: "" };
  const processor = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }),
    maxQueueSize: MAX_QUEUED_SPANS,
    scheduledDelayMillis: SEND_INTERVAL_MS,
  });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": `switchyard-${role}`, "service.namespace": "switchyard" }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: new TraceIdRatioBasedSampler(share),
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer("switchyard");

  function tell({ name, kind, startedAt, endedAt, attributes, failure, ...span }: Ended): void {
    Object.assign(ids, { traceId: span.traceId, spanId: span.spanId });
    const { traceId, parentSpanId } = span;
    const parent = { traceId, spanId: parentSpanId ?? "", traceFlags: TraceFlags.SAMPLED, isRemote: true };
    const context = parentSpanId === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const made = tracer.startSpan(name, { kind, startTime: startedAt, attributes }, context);
    if (failure !== undefined) made.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    made.end(endedAt);
  }

  return {
    received: (arrival, end) => tell(receivedSpan(arrival, end)),
    attempted(attempt) {
      const span = attemptSpan(attempt);
      if (span) tell(span);
    },
    async stop() {
      const isOver = new Promise<void>((resolve) => setTimeout(resolve, STOP_PATIENCE_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), isOver]);
    },
  };
}

/** The SDK's own complaints, such as a collector that does not answer. */
function tellOfTrouble(log: Log): void {
  const seldom = makeSeldom();
  const warn = (detail: string) => {
    const times = seldom(Date.now());
    if (times !== null) log.warn({ detail, times }, "Traces are not sent as they should be.");
  };
  const ignore = () => undefined;
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { suppressOverrideMessage: true },
  );
}

function receivedSpan(arrival: Arrival, { at, duplicateOf, isUnknown }: ReceivedEnd): Ended {
  const sent = readTrace(arrival.headers);
  return {
    traceId: traceOf(arrival.id, sent),
    spanId: receiveSpanId(arrival.id),
    parentSpanId: sent?.spanId ?? null,
    name: "receive",
    kind: SpanKind.SERVER,
    startedAt: arrival.created_at,
    endedAt: at,
    attributes: {
      "switchyard.team.id": arrival.team_id,
      "switchyard.source.id": arrival.source_id,
      "switchyard.request.id": arrival.id,
      "switchyard.request.status": arrival.status,
      "switchyard.request.verification": arrival.verification,
      "http.request.method": arrival.method,
      "http.request.body.size": arrival.body_bytes,
      ...(arrival.rejection_cause && { "switchyard.request.rejection_cause": arrival.rejection_cause }),
      ...(duplicateOf !== null && { "switchyard.request.duplicate_of": duplicateOf }),
    },
    ...(isUnknown && { failure: "Nobody knows whether it is stored: its sender was told to try again." }),
  };
}

function attemptSpan({ attempt, ...moved }: TracedAttempt): Ended | null {
  const own = readTrace(attempt.request_headers);
  const requestId = attempt.request_headers.find(([name]) => name === "x-switchyard-request-id")?.[1];
  if (!own || requestId === undefined) return null;
  return {
    traceId: own.traceId,
    spanId: own.spanId,
    parentSpanId: receiveSpanId(requestId),
    name: "attempt",
    kind: SpanKind.CLIENT,
    startedAt: attempt.created_at,
    endedAt: new Date(attempt.created_at.getTime() + attempt.latency_ms),
    attributes: {
      "switchyard.team.id": attempt.team_id,
      "switchyard.source.id": attempt.source_id,
      "switchyard.connection.id": attempt.connection_id,
      "switchyard.destination.id": attempt.destination_id,
      "switchyard.request.id": requestId,
      "switchyard.event.id": attempt.event_id,
      "switchyard.event.status": moved.status,
      "switchyard.attempt.id": attempt.id,
      "switchyard.attempt.number": attempt.number,
      "switchyard.attempt.trigger": attempt.trigger,
      "http.request.method": attempt.http_method,
      "server.address": URL.parse(attempt.requested_url)?.hostname ?? "",
      ...(attempt.response_status !== null && { "http.response.status_code": attempt.response_status }),
      ...(attempt.error_code !== null && { "error.type": attempt.error_code }),
      ...phaseAttributes(attempt.phases),
    },
    ...(attempt.error_code !== null && { failure: attempt.error_code }),
  };
}

const phaseAttributes = (phases: TracedAttempt["attempt"]["phases"]): Attributes =>
  Object.fromEntries(Object.entries(phases ?? {}).map(([name, ms]) => [`switchyard.attempt.${name}`, ms]));
