// Log-in and log-out over HTTP: the few routes of the log-in library that are in use, and no others. The caller, the
// request and the number of tries are judged before the library sees anything.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { App } from "#server/auth/ctx.ts";
import { storableJsonText } from "#server/json/storable.ts";
import { CALLER_HEADER } from "#server/people/library.ts";
import type { People } from "#server/people/people.ts";
import { noteFailedSignIn } from "#server/people/sign-in-log.ts";
import { countTry, type Try, tryKey } from "#server/people/tries.ts";
import type { Log } from "#server/process/log.ts";
import { makeHeldBytes } from "#server/shares/held-bytes.ts";
import { makeTurns } from "#server/shares/turns.ts";
import { type Caller, callerKey, type ReadCaller } from "#server/wire/caller-address.ts";
import { OWN_COOKIES } from "#server/wire/own-cookies.ts";
import { isJsonTyped, isSameOrigin } from "./same-origin.ts";
import { readSmallBody } from "./small-body.ts";

export type AuthHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

interface Route {
  /** Members of the body that the library may see: it has options that are not in use, and no page of ours sends. */
  takes: string[];
  /** Put into the body besides. */
  adds?: Record<string, unknown>;
  /** What can be guessed at, and what tells whose it is: a member of the body, the cookies, or nothing but where it comes from. */
  guessed?: "email" | "token" | "cookie" | "address";
}

const BASE = "/api/auth";
/** All by POST. */
const ROUTES: Record<string, Route> = {
  "/sign-in/email": { takes: ["email", "password"], guessed: "email" },
  "/sign-out": { takes: [] },
  "/oidc/begin": { takes: ["next"], guessed: "address" },
  "/oidc/sign-in": { takes: ["search"], guessed: "address" },
  "/passkey/sign-in-options": { takes: [] },
  "/passkey/sign-in": { takes: ["credential"], guessed: "address" },
  "/passkey/begin": { takes: ["password"], guessed: "cookie" },
  "/passkey/add": { takes: ["name", "credential"], guessed: "cookie" },
  "/passkey/rename": { takes: ["id", "name"] },
  "/passkey/remove": { takes: ["id", "password"], guessed: "cookie" },
  "/accept-invitation": { takes: ["token", "password"], guessed: "token" },
  "/new-password": { takes: ["token", "password"], guessed: "token" },
  "/first-run": { takes: ["token", "email", "password", "team"], guessed: "token" },
  "/change-password": {
    takes: ["currentPassword", "newPassword"],
    adds: { revokeOtherSessions: true },
    guessed: "cookie",
  },
  "/two-factor/enable": { takes: ["password"], guessed: "cookie" },
  "/two-factor/disable": { takes: ["password"], guessed: "cookie" },
  "/two-factor/verify-totp": { takes: ["code"], guessed: "cookie" },
  "/two-factor/verify-backup-code": { takes: ["code"], guessed: "cookie" },
  "/two-factor/generate-backup-codes": { takes: ["password"], guessed: "cookie" },
};

const MAX_BODY_BYTES = 16 * 1024;
const MAX_HELD_BYTES = 4 * 1024 * 1024;
/** A password costs a tenth of a second of a processor and 32 MiB, on threads that everything shares. */
const TURNS = { max: 2, maxPerTeam: 1, maxWaitingPerTeam: 10 };
/** The headers that the library may see. */
const PASSED_HEADERS = ["cookie", "user-agent", "origin"];

export const isAuthPath = (url: string) => /^\/api\/auth(?:[/?]|$)/.test(url);

interface Refusal {
  status: number;
  code: string;
  message: string;
  headers?: Record<string, string>;
}

const NOT_FOUND: Refusal = { status: 404, code: "NOT_FOUND", message: "There is nothing at this path." };
const FOREIGN: Refusal = { status: 403, code: "FORBIDDEN", message: "Only the dashboard's own pages may call this." };
const NOT_JSON: Refusal = {
  status: 415,
  code: "UNSUPPORTED_MEDIA_TYPE",
  message: "Send JSON, with the header content-type: application/json.",
};
const TOO_LARGE: Refusal = { status: 413, code: "PAYLOAD_TOO_LARGE", message: "The body is larger than 16 KiB." };
const NO_OBJECT: Refusal = { status: 400, code: "BAD_REQUEST", message: "The body must be a JSON object." };
const NOT_STORABLE: Refusal = {
  status: 400,
  code: "BAD_REQUEST",
  message: "Leave out the character U+0000 and unpaired surrogates: no text here has them.",
};
const BUSY: Refusal = {
  status: 503,
  code: "SERVICE_UNAVAILABLE",
  message: "Too many log-ins are under way just now: try again in a moment.",
  headers: { "retry-after": "1" },
};
const limited = (retryAfterS: number): Refusal => ({
  status: 429,
  code: "TOO_MANY_TRIES",
  message: `Too many tries: wait ${retryAfterS} seconds and try again.`,
  headers: { "retry-after": String(retryAfterS) },
});

function refuse(req: IncomingMessage, res: ServerResponse, { status, code, message, headers }: Refusal): void {
  const body = JSON.stringify({ code, message });
  if (!req.complete) res.setHeader("connection", "close");
  res.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    ...headers,
  });
  res.end(body);
}

type Judged = { kind: "route"; path: string; route: Route } | { kind: "refused"; refusal: Refusal };

function judge(req: IncomingMessage): Judged {
  const path = (req.url ?? "").split("?", 1)[0]?.slice(BASE.length) ?? "";
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  const refused = (refusal: Refusal): Judged => ({ kind: "refused", refusal });
  if (!route) return refused(NOT_FOUND);
  if (req.method !== "POST") {
    const message = `${req.method} does not exist here: use POST.`;
    return refused({ status: 405, code: "METHOD_NOT_ALLOWED", message, headers: { allow: "POST" } });
  }
  if (!isSameOrigin(req)) return refused(FOREIGN);
  if (!isJsonTyped(req) || req.headers["content-encoding"] !== undefined) return refused(NOT_JSON);
  if (Number(req.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return refused(TOO_LARGE);
  return { kind: "route", path, route };
}

type Body = Record<string, unknown>;

/** What the route takes of the body; null for a body that is no JSON object. */
function readBody({ takes, adds }: Route, text: string): Body | null {
  try {
    const sent: unknown = JSON.parse(text);
    if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return null;
    const taken = takes.flatMap((name) => (Object.hasOwn(sent, name) ? [[name, (sent as Body)[name]]] : []));
    return { ...Object.fromEntries(taken), ...adds };
  } catch {
    return null;
  }
}

/** The database holds neither, and the library would answer 500. */
function isStorable(body: Body): boolean {
  const text = JSON.stringify(body);
  return storableJsonText(text) === text;
}

const wordOf = (value: unknown) => (typeof value === "string" ? value.trim().toLowerCase() : "");

const PROOF = new RegExp(`^${OWN_COOKIES.replace(".", "\\.")}(?:session_token|two_factor)=`);
const MAX_PROOFS = 4;
/** The cookies of who is signed in or on the way to it. Each counts, so that adding another makes no new guesser. */
const proofsIn = (cookie: string) =>
  cookie
    .split(/; */)
    .filter((pair) => PROOF.test(pair))
    .slice(-MAX_PROOFS);

/** Where what is guessed at is counted: first by who guesses, so that a stranger spends his own tries before an account's. */
function tryKeys({ guessed }: Route, { ip }: Caller, body: Body, cookie = ""): string[] {
  if (!guessed) return [];
  const address = tryKey("address", callerKey(ip));
  if (guessed === "address") return [address];
  const whose = guessed === "cookie" ? proofsIn(cookie) : [wordOf(body[guessed])];
  return [address, ...whose.map((each) => tryKey(guessed, each))];
}

const isHttps = (req: IncomingMessage, { isFromProxy }: Caller) =>
  req.headers.origin?.startsWith("https://") === true ||
  (isFromProxy && String(req.headers["x-forwarded-proto"]).split(",", 1)[0]?.trim().toLowerCase() === "https");

function toRequest(req: IncomingMessage, path: string, caller: Caller, body: Body): Request {
  const headers = new Headers({ "content-type": "application/json", [CALLER_HEADER]: caller.ip });
  for (const name of PASSED_HEADERS) {
    const value = req.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  // The name in the URL says nothing: nothing is made of it.
  return new Request(`http://dashboard${BASE}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function relay(answer: Response, res: ServerResponse, isSecure: boolean): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  const cookies = answer.headers.getSetCookie().map((cookie) => (isSecure ? `${cookie}; Secure` : cookie));
  res.writeHead(answer.status, {
    "content-type": answer.headers.get("content-type") ?? "application/json",
    "content-length": body.length,
    "cache-control": "no-store",
    ...(cookies.length > 0 && { "set-cookie": cookies }),
  });
  res.end(body);
}

export function makeAuthHandler(
  app: App,
  people: Pick<People, "library">,
  readCaller: ReadCaller,
  log: Log,
): AuthHandler {
  const held = makeHeldBytes(MAX_HELD_BYTES);
  const turns = makeTurns(TURNS);

  /** The library's answer, in the turn of whoever asks. */
  async function ask(request: Request, who: string): Promise<Response | null> {
    const turn = await turns.take(who);
    if (turn.kind !== "turn") return null;
    try {
      return await people.library.handler(request);
    } finally {
      turn.done();
    }
  }

  const noteFailed = (email: string, address: string) =>
    void noteFailedSignIn(app, email, address).catch((err: unknown) =>
      log.error({ err }, "a failed log-in was not noted"),
    );

  async function answer(req: IncomingMessage, res: ServerResponse, path: string, route: Route, text: string) {
    const body = readBody(route, text);
    if (!body) return refuse(req, res, NO_OBJECT);
    if (!isStorable(body)) return refuse(req, res, NOT_STORABLE);
    const caller = readCaller(req);
    const keys = tryKeys(route, caller, body, req.headers.cookie);
    const counted: Try = await countTry(app, keys);
    if (counted.kind === "limited") return refuse(req, res, limited(counted.retryAfterS));
    const answered = await ask(toRequest(req, path, caller, body), callerKey(caller.ip));
    if (!answered) return refuse(req, res, BUSY);
    if (answered.status >= 500) log.error({ path, status: answered.status }, "a log-in call failed");
    if (answered.ok && keys.length > 0) await counted.forgive();
    await relay(answered, res, isHttps(req, caller));
    if (path === "/sign-in/email" && answered.status === 401) noteFailed(wordOf(body.email), caller.ip);
  }

  return async (req, res) => {
    const judged = judge(req);
    if (judged.kind === "refused") return refuse(req, res, judged.refusal);
    const read = await readSmallBody(req, held, MAX_BODY_BYTES);
    try {
      if (read.kind === "busy") return refuse(req, res, BUSY);
      if (read.kind === "too-large") return refuse(req, res, TOO_LARGE);
      if (read.kind === "read") await answer(req, res, judged.path, judged.route, read.text);
    } finally {
      read.release();
    }
  };
}
