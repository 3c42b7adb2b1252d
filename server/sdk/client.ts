import { type CallOptions, type ClientOptions, type Clock, call } from "./call.ts";
import { OPERATIONS } from "./operations.ts";
import { pagesOf } from "./pages.ts";
import type { Fields, OperationRow } from "./request-url.ts";
import type { Page, Switchyard } from "./types.ts";

const CLOCK: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      if (signal?.aborted) stop();
      else signal?.addEventListener("abort", stop, { once: true });
    }),
};

/** With a key of its own where the caller gave none: a repeated call then publishes nothing twice. */
const withKey = (operation: OperationRow, input: Fields): Fields =>
  operation.bodyParameters.includes("idempotency_key") && input.idempotency_key === undefined
    ? { ...input, idempotency_key: newKey() }
    : input;

/** 128 random bits. `crypto.randomUUID` is not there on a page without https. */
const newKey = () =>
  Array.from(globalThis.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );

/**
 * A client of one gateway, with a call for each operation of its API.
 * @throws TypeError where the URL or the key cannot be used
 */
export function createClient(options: ClientOptions, clock: Clock = CLOCK): Switchyard {
  requireUsable(options);
  const run = (operation: OperationRow, input: Fields, each: CallOptions) =>
    call(options, clock, operation, input, each);
  const callOf =
    (operation: OperationRow) =>
    (input: Fields = {}, each: CallOptions = {}) =>
      operation.answer === "page"
        ? pagesOf(
            (next) =>
              run(operation, next === undefined ? input : following(input, next), each) as Promise<Page<unknown>>,
          )
        : run(operation, withKey(operation, input), each);
  const resources = Object.entries(OPERATIONS).map(([resource, table]) => [
    resource,
    Object.fromEntries(Object.entries<OperationRow>(table).map(([key, operation]) => [key, callOf(operation)])),
  ]);
  return Object.fromEntries(resources) as Switchyard;
}

/** The cursor of a page takes the place of one that the caller began with. */
function following({ prev: _prev, ...input }: Fields, next: string): Fields {
  return { ...input, next };
}

function requireUsable({ url, apiKey }: ClientOptions): void {
  if (!/^https?:\/\//.test(url)) throw new TypeError("Give `url` as http:// or https:// and the gateway's host.");
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError("Give `apiKey`, which begins with sy_.");
}
