// An OpenTelemetry collector on loopback that takes OTLP over HTTP with protobuf, and reads what the tests ask about.
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

export interface SeenSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty where it begins the trace. */
  parentSpanId: string;
  name: string;
  /** From its start to its end. */
  tookMs: number;
  attributes: Record<string, string | number>;
  isFailed: boolean;
}

type Field = Buffer | bigint;
type Message = Map<number, Field[]>;

/** The fields of a message by their numbers (https://protobuf.dev/programming-guides/encoding/). */
function readMessage(bytes: Buffer): Message {
  const fields: Message = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    const field = kind === 0 ? varint() : take(kind === 1 ? 8 : kind === 5 ? 4 : Number(varint()));
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), field]);
  }
  return fields;
}

const bytesOf = (message: Message, field: number) => (message.get(field) ?? []) as Buffer[];
const hexOf = (message: Message, field: number) => bytesOf(message, field)[0]?.toString("hex") ?? "";
const textOf = (message: Message, field: number) => bytesOf(message, field)[0]?.toString() ?? "";

function readAttributes(owner: Message, field: number): Record<string, string | number> {
  const pairs = bytesOf(owner, field).map((bytes): [string, string | number] => {
    const pair = readMessage(bytes);
    const value = readMessage(bytesOf(pair, 2)[0] ?? Buffer.alloc(0));
    const whole = value.get(3)?.[0] as bigint | undefined;
    const real = value.get(4)?.[0] as Buffer | undefined;
    return [textOf(pair, 1), whole !== undefined ? Number(whole) : (real?.readDoubleLE() ?? textOf(value, 1))];
  });
  return Object.fromEntries(pairs);
}

function readSpans(body: Buffer): SeenSpan[] {
  return bytesOf(readMessage(body), 1).flatMap((resourceSpans) => {
    const part = readMessage(resourceSpans);
    const resource = readMessage(bytesOf(part, 1)[0] ?? Buffer.alloc(0));
    const service = String(readAttributes(resource, 1)["service.name"]);
    const spans = bytesOf(part, 2).flatMap((scope) => bytesOf(readMessage(scope), 2));
    return spans.map((bytes): SeenSpan => {
      const span = readMessage(bytes);
      const [from, to] = [7, 8].map((field) => bytesOf(span, field)[0]?.readBigUInt64LE() ?? 0n) as [bigint, bigint];
      const status = readMessage(bytesOf(span, 15)[0] ?? Buffer.alloc(0));
      return {
        service,
        traceId: hexOf(span, 1),
        spanId: hexOf(span, 2),
        parentSpanId: hexOf(span, 4),
        name: textOf(span, 5),
        tookMs: Number(to - from) / 1e6,
        attributes: readAttributes(span, 9),
        isFailed: status.get(3)?.[0] === 2n,
      };
    });
  });
}

/** Ends when it is disposed. */
export async function startTraceCollector() {
  const spans: SeenSpan[] = [];
  const server = createServer(async (request, response) => {
    const sent = await buffer(request);
    spans.push(...readSpans(request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent));
    response.writeHead(request.url === "/v1/traces" ? 200 : 404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
