// The receivers of a run: one server, a destination per path, and a log of what came. They behave as they are told.
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Receipt } from "./logs.ts";

export type Behaviour = "well" | "hang" | "500" | "429" | "redirect" | "break-off" | "trickle" | "slow" | "busy";

export type Receivers = Awaited<ReturnType<typeof startReceivers>>;

const SLOW_MS = 400;
/** So that deliveries overlap where their concurrency is measured. */
export const BUSY_MS = 100;
const TRICKLED = Array.from("accepted, one letter after the other");
const TRICKLE_MS = 30;
const LATENESS_TICK_MS = 20;
/** A lateness that was seen says how late the receipts around it may have been read. */
const LATENESS_WINDOW_MS = 1_000;

/** So many of those that were taken last are remembered, to be replayed. */
const REMEMBERED = 5_000;

/** @param log called with each receipt when it has its end */
export async function startReceivers(log: (receipt: Receipt) => void) {
  const open = new Set<Receipt>();
  const taken: Receipt[] = [];
  const behaviours = new Map<string, Behaviour>();
  const secrets = new Map<string, Buffer[]>();
  const lateness = watchLateness();

  async function respond(request: IncomingMessage, response: ServerResponse) {
    const atMs = Date.now();
    const lateMs = lateness.now();
    const [, , destination = "", n = ""] = (request.url ?? "").split("/");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const header = (name: string) => String(request.headers[name] ?? "");
    const receipt: Receipt = {
      destination,
      eventId: header("webhook-id"),
      requestId: header("x-switchyard-request-id"),
      connectionId: header("x-switchyard-connection-id"),
      attempt: Number(header("x-switchyard-attempt")),
      n: Number.parseInt(n, 10),
      hash: hash("sha256", body),
      atMs,
      lateMs,
      endedAtMs: 0,
      status: 0,
      isSigned: isSigned(secrets.get(destination) ?? [], header, body),
      signedAtMs: Number(header("webhook-timestamp")) * 1_000,
    };
    open.add(receipt);
    const closed = new Promise<number>((resolve) => response.once("close", () => resolve(Date.now())));
    receipt.status = await answer(behaviours.get(destination) ?? "well", response, receipt);
    end(receipt, receipt.status === 0 ? await closed : Date.now());
  }

  function end(receipt: Receipt, endedAtMs: number) {
    if (!open.delete(receipt)) return;
    receipt.endedAtMs = endedAtMs;
    log(receipt);
    if (receipt.status !== 200) return;
    taken.push(receipt);
    if (taken.length > 2 * REMEMBERED) taken.splice(0, REMEMBERED);
  }

  const server = createServer((request, response) => {
    // Whoever is killed leaves half a request behind, which is no delivery.
    respond(request, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  server.keepAliveTimeout = 60_000;
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    /** Those that were taken last, the newest at the end. */
    taken: taken as readonly Receipt[],
    /** Logs those that have no end yet: whoever sent them has gone. */
    endAll() {
      for (const receipt of open) end(receipt, Date.now());
    },
    /** @param secret as the destination has it, `whsec_…`; the ones before stay good */
    addSecret(destination: string, secret: string) {
      const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
      secrets.set(destination, [...(secrets.get(destination) ?? []), key]);
    },
    behave(destination: string, behaviour: Behaviour) {
      behaviours.set(destination, behaviour);
    },
    async [Symbol.asyncDispose]() {
      lateness.stop();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Writes the answer; resolves to its status, or 0 where there was no whole one. */
async function answer(behaviour: Behaviour, response: ServerResponse, { eventId }: Receipt): Promise<number> {
  const whole = (status: number, headers: Record<string, string> = {}) => {
    if (response.destroyed) return 0;
    response.writeHead(status, headers).end("ok");
    return status;
  };
  switch (behaviour) {
    case "hang":
      return 0;
    case "500":
      // One in three, by its id: a retry of an event that is refused is refused as well while this lasts.
      return whole(eventId.charCodeAt(eventId.length - 1) % 3 === 0 ? 500 : 200);
    case "429":
      return whole(429, { "retry-after": "1" });
    case "redirect":
      return whole(302, { location: "http://127.0.0.1:9/elsewhere" });
    case "break-off":
      response.writeHead(200, { "content-length": "1000" }).write("only the beginning");
      await sleep(5);
      response.socket?.resetAndDestroy();
      return 0;
    case "trickle":
      response.writeHead(200);
      for (const letter of TRICKLED) {
        if (response.destroyed) return 0;
        response.write(letter);
        await sleep(TRICKLE_MS);
      }
      response.end();
      return 200;
    case "slow":
      await sleep(SLOW_MS);
      return whole(200);
    case "busy":
      await sleep(BUSY_MS);
      return whole(200);
    default:
      return whole(200);
  }
}

/** Standard Webhooks, by its specification: `v1,` and the HMAC of id, timestamp and body. */
function isSigned(keys: readonly Buffer[], header: (name: string) => string, body: Buffer): boolean {
  const given = header("webhook-signature")
    .split(" ")
    .map((text) => Buffer.from(text.replace(/^v1,/, ""), "base64"));
  return keys.some((key) => {
    const mac = createHmac("sha256", key).update(`${header("webhook-id")}.${header("webhook-timestamp")}.`);
    const right = mac.update(body).digest();
    return given.some((one) => one.length === right.length && timingSafeEqual(one, right));
  });
}

/** How late the timers of this process have been lately: so late may it have read what had come. */
function watchLateness() {
  let dueMs = performance.now() + LATENESS_TICK_MS;
  let recent: { atMs: number; lateMs: number }[] = [];
  const timer = setInterval(() => {
    const nowMs = performance.now();
    recent = recent.filter(({ atMs }) => atMs > nowMs - LATENESS_WINDOW_MS);
    recent.push({ atMs: nowMs, lateMs: Math.max(0, nowMs - dueMs) });
    dueMs = nowMs + LATENESS_TICK_MS;
  }, LATENESS_TICK_MS);
  return {
    now: () => Math.max(0, performance.now() - dueMs, ...recent.map(({ lateMs }) => lateMs)),
    stop: () => clearInterval(timer),
  };
}
