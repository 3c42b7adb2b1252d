// The sender to destinations of type MOCK, which sends nothing. Each attempt gets the answer that the configuration has for
// it, at its time.
import type { MockAnswer, MockDestinationConfig } from "#server/contracts/destination.ts";
import { buildOutgoing } from "#server/delivery/outgoing.ts";
import { prepareSigner } from "#server/delivery/sign.ts";
import type { SendOutcome } from "#server/egress/client.ts";
import type { SendResult } from "#server/egress/exchange.ts";
import type { Clock } from "#server/process/clock.ts";
import type { Sender } from "./sender.ts";

export interface MockTools {
  clock: Clock;
  /** Aborts the waits for an answer. */
  signal: AbortSignal;
}

/** Without secrets and headers of its own: an attempt shows the request of a destination without credentials. */
const PLAIN = {
  config: { http_method: null },
  signer: prepareSigner("NONE", {}),
  ownHeaders: [],
  ownHeaderKeys: new Set<string>(),
};

/** The URL of a mock destination as it is recorded. */
export const mockUrl = (name: string): string => `mock://${name}`;

export function makeMockSender(name: string, config: MockDestinationConfig, { clock, signal }: MockTools): Sender {
  const url = new URL(mockUrl(name));
  return {
    async send(event, request, body, { startedAt, onSent }) {
      const { method, headers } = buildOutgoing(PLAIN, url, { event, request, body, now: startedAt });
      const startedMs = clock.monotonicMs();
      const answer = answerTo(config, event.attempts + 1);
      onSent();
      const isCut = await wait(answer.latency_ms, clock, signal);
      const latencyMs = clock.monotonicMs() - startedMs;
      const outcome: SendOutcome = { ...resultOf(answer, isCut), latencyMs, phases: null };
      return { requestedUrl: mockUrl(name), method, headers, outcome };
    },
  };
}

/**
 * Each attempt of an event gets the next answer, and the last answer repeats. There is no state, so every worker answers
 * alike.
 */
function answerTo({ answers, ...usual }: MockDestinationConfig, attempt: number): MockAnswer {
  return { ...usual, ...answers[Math.min(attempt, answers.length) - 1] };
}

function resultOf(answer: MockAnswer, isCut: boolean): SendResult {
  if (isCut) return { kind: "error", code: "CANCELLED", seen: null };
  if (answer.error_code) return { kind: "error", code: answer.error_code, seen: null };
  return { kind: "response", status: answer.status, headers: [], body: Buffer.from(answer.body) };
}

const aborted = new WeakMap<AbortSignal, Set<() => void>>();

/** One listener per signal, however many waits share it: a process has one signal and may have thousands of sends. */
function cutsOf(signal: AbortSignal): Set<() => void> {
  const known = aborted.get(signal);
  if (known) return known;
  const cuts = new Set<() => void>();
  aborted.set(signal, cuts);
  signal.addEventListener(
    "abort",
    () => {
      for (const cut of cuts) cut();
    },
    { once: true },
  );
  return cuts;
}

/** True when it was cut short. */
function wait(ms: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(true);
  const cuts = cutsOf(signal);
  return new Promise((resolve) => {
    const end = (isCut: boolean) => {
      cuts.delete(cut);
      resolve(isCut);
    };
    const callOff = clock.after(ms, () => end(false));
    const cut = () => {
      callOff();
      end(true);
    };
    cuts.add(cut);
  });
}
