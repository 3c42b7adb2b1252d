// Sends a call as it stands, also one that a well-behaved client would not make.
import { Agent, request } from "node:http";
import type { Answer } from "./check-answer.ts";
import type { SentCall } from "./sent-call.ts";

const PATIENCE_MS = 60_000;

/** One connection, kept. Resolves to the answer; rejects where there is none. */
export function makeSender(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(origin);
  return {
    send: ({ method, target, headers, body }: SentCall): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const startedMs = performance.now();
        const length = body === null ? {} : { "content-length": String(body.length) };
        const options = {
          agent,
          hostname,
          port,
          method,
          path: target,
          headers: { ...headers, ...length },
          timeout: PATIENCE_MS,
        };
        const call = request(options, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", reject);
          response.once("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString(),
              tookMs: performance.now() - startedMs,
            }),
          );
        });
        call.once("timeout", () => call.destroy(new Error(`${method} ${target} had no answer in ${PATIENCE_MS} ms.`)));
        call.once("error", reject);
        call.end(body ?? undefined);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
