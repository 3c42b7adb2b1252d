import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { spoilSignature, type Webhook } from "#server/demo/providers.ts";
import type { DemoOptions } from "./options.ts";
import { hashBody } from "./receivers.ts";
import type { DemoSource } from "./wiring.ts";

/** Every n-th webhook is an earlier one again, or carries a signature that is wrong. */
const DUPLICATE_EVERY = 11;
const BAD_SIGNATURE_EVERY = 13;

const Answer = z.object({ ok: z.literal(true), request_id: z.string(), duplicate: z.boolean().optional() });

export interface Acknowledged {
  requestId: string;
  source: DemoSource;
  bodyHash: string;
  isDuplicate: boolean;
}

/** What the producer's side knows. */
export interface Sent {
  count: number;
  acknowledged: Acknowledged[];
  /** Answered 401, as a bad signature must be. */
  refusedCount: number;
  badSignatureCount: number;
  /** Answered in a way that neither accepts nor refuses as it should, in words. */
  problems: string[];
}

type Delivery = ReturnType<DemoSource["provider"]["make"]>;

function addressOf(source: DemoSource, baseUrl: string): string {
  return baseUrl + new URL(source.url).pathname;
}

async function send(sent: Sent, source: DemoSource, webhook: Webhook, baseUrl: string, isBad: boolean): Promise<void> {
  const { name } = source.provider;
  sent.count += 1;
  if (isBad) sent.badSignatureCount += 1;
  const answer = await fetch(addressOf(source, baseUrl), { method: "POST", ...webhook }).catch((error: Error) => error);
  if (answer instanceof Error) {
    sent.problems.push(`A ${name} webhook was not answered: ${String(answer.cause ?? answer.message)}`);
    return;
  }
  const text = await answer.text();
  if (answer.status === 401 && isBad) {
    sent.refusedCount += 1;
  } else if (!answer.ok) {
    sent.problems.push(`A ${name} webhook was answered ${answer.status}: ${text.slice(0, 200)}`);
  } else if (isBad) {
    sent.problems.push(`A ${name} webhook with a bad signature was accepted: ${text.slice(0, 200)}`);
  } else {
    const { request_id, duplicate = false } = Answer.parse(JSON.parse(text));
    sent.acknowledged.push({ requestId: request_id, source, bodyHash: hashBody(webhook.body), isDuplicate: duplicate });
  }
}

export const nothingSent = (): Sent => ({
  count: 0,
  acknowledged: [],
  refusedCount: 0,
  badSignatureCount: 0,
  problems: [],
});

/** Sends at the asked rate, however slowly the answers come, and resolves when the last answer is in. `sent` grows meanwhile. */
export async function produce(sources: DemoSource[], options: DemoOptions, sent: Sent): Promise<void> {
  const { url, rate, seconds } = options;
  const total = Math.max(1, Math.round(rate * seconds));
  const startedAt = performance.now();
  const earlier = new Map<DemoSource, Delivery>();
  const answers: Promise<void>[] = [];

  for (let n = 1; n <= total; n++) {
    await wait(Math.max(0, startedAt + ((n - 1) * 1000) / rate - performance.now()));
    const source = sources[n % sources.length];
    if (!source) break;
    const again = n % DUPLICATE_EVERY === 0 ? earlier.get(source) : undefined;
    const delivery = again ?? source.provider.make();
    const isBad = again === undefined && n % BAD_SIGNATURE_EVERY === 0;
    const webhook = delivery.deliver(source.url, new Date());
    answers.push(send(sent, source, isBad ? spoilSignature(webhook) : webhook, url, isBad));
    if (!isBad) earlier.set(source, delivery);
  }
  await Promise.all(answers);
}
