// The spool, where there is one. Pure.
import type { SpoolSettings } from "#server/env-spool.ts";
import { inBytes, inSeconds } from "#server/process/amounts.ts";
import type { SpoolContents, SpoolLook } from "#server/spool/look-at-spool.ts";
import { type Finding, fail, ok, unknown, warn } from "./finding.ts";

const SPOOL = "spool";
const LITTLE_ROOM_SHARE = 0.5;
const NO_ROOM_SHARE = 0.95;
/** While the database commits, a request lies there for moments. */
const LONG_SECONDS = 300;
const REFUSED_MEANWHILE = "while the database is away requests get 503";

/** @param nowMs by which the age of the oldest request is told */
export function judgeSpool({ away, stream }: SpoolLook, settings: SpoolSettings, nowMs: number): Finding[] {
  const { servers, stream: name } = settings;
  switch (stream.kind) {
    case "away":
      return [
        fail(
          SPOOL,
          `No server of SPOOL_URL answers (${servers.join(", ")}): ${REFUSED_MEANWHILE}.`,
          "Start them, or correct SPOOL_URL.",
        ),
      ];
    case "refused":
      return [
        fail(
          SPOOL,
          `The servers of SPOOL_URL refuse the log-in: ${REFUSED_MEANWHILE}.`,
          "Correct user and password, or the token, in SPOOL_URL.",
        ),
      ];
    case "without JetStream":
      return [
        fail(SPOOL, "The servers of SPOOL_URL have no JetStream.", "Turn it on in their configuration (jetstream {})."),
      ];
    case "unreadable":
      return [
        fail(
          SPOOL,
          `The stream ${name} does not answer: ${stream.reason}.`,
          "See whether most servers of the cluster are there, and have a leader.",
        ),
      ];
    case "not made":
      return [
        warn(
          SPOOL,
          `There is no stream ${name} yet.`,
          "A gateway makes it when it starts with this SPOOL_URL: if one runs, read its log.",
        ),
      ];
    case "there":
      return [
        judgeServers(away, servers),
        judgeReplicas(stream, settings),
        ...judgeContents(stream, name, nowMs),
        judgeSeals(stream),
      ];
  }
}

const judgeServers = (away: string[], servers: string[]): Finding =>
  away.length === 0
    ? ok(SPOOL, `All servers of SPOOL_URL take our log-in (${servers.join(", ")}).`)
    : warn(
        SPOOL,
        `Of the servers of SPOOL_URL ${away.join(", ")} ${away.length === 1 ? "takes" : "take"} no connection of ours.`,
        "Start what is missing, or correct SPOOL_URL.",
      );

function judgeReplicas({ replicas, currentReplicas: current }: SpoolContents, settings: SpoolSettings): Finding {
  const check = "spool's replicas";
  const said = `${current} of ${replicas} ${replicas === 1 ? "replica has" : "replicas have"} all that is in it`;
  if (replicas !== settings.replicas)
    return warn(
      check,
      `The stream has ${replicas}, and SPOOL_URL says ${settings.replicas}.`,
      "A gateway changes it when it starts: if one runs, read its log.",
    );
  if (current <= replicas / 2)
    return fail(
      check,
      `${said}: nothing more is taken.`,
      "Start the servers that are missing: most replicas have to take a request before it is answered.",
    );
  return current < replicas
    ? warn(check, `${said}.`, "See whether a server is missing, or catches up just now.")
    : ok(check, `${said}.`);
}

const ofLimit = (limit: number, say: (limit: number) => string) => (Number.isFinite(limit) ? ` of ${say(limit)}` : "");

function judgeContents(contents: SpoolContents, name: string, nowMs: number): Finding[] {
  const { messages, bytes, maxMessages, maxBytes, oldestAt } = contents;
  const share = Math.max(messages / maxMessages, bytes / maxBytes);
  const said = `The stream ${name} holds ${messages}${ofLimit(maxMessages, String)} requests and ${inBytes(bytes)}${ofLimit(maxBytes, inBytes)}`;
  const remedy = "Bring the database back, after which it is drained, or raise max_mb in SPOOL_URL.";
  const room =
    share >= NO_ROOM_SHARE
      ? fail("spool's room", `${said}: it is full.`, remedy)
      : share >= LITTLE_ROOM_SHARE
        ? warn("spool's room", `${said}.`, remedy)
        : ok("spool's room", `${said}.`);
  if (oldestAt === null) return [room];
  const seconds = Math.max(0, (nowMs - Date.parse(oldestAt)) / 1_000);
  const age = `The oldest request has lain there for ${inSeconds(seconds)}`;
  const oldest =
    seconds < LONG_SECONDS
      ? ok("spool's oldest", `${age}.`)
      : warn(
          "spool's oldest",
          `${age}: the database was away for as long, no gateway drains it, or it cannot be stored.`,
          "If the database is there, read the logs of the gateways: they name each request that cannot be stored, and switchyard_spool_unusable_messages counts them.",
        );
  return [room, oldest];
}

function judgeSeals({ opened, messages }: SpoolContents): Finding {
  const check = "spool's key";
  if (opened === null) return unknown(check, "Without SWITCHYARD_SECRET nothing in it can be tried.");
  const { tried, shut, failure } = opened;
  if (failure !== undefined && tried === 0)
    return unknown(check, `The first request in it could not be read to try it: ${failure}.`);
  const first = tried < messages ? `the first ${tried} requests` : `the ${tried} requests`;
  return shut === 0
    ? ok(check, tried === 0 ? "Nothing lies in it." : `SWITCHYARD_SECRET opens ${first} in it.`)
    : fail(
        check,
        `${shut} of ${first} in it do not open, and are set aside as unusable: they stay in the stream until they do.`,
        "Start the gateways with the secret under which they came as SWITCHYARD_OTHER_SECRET; what somebody else has put there, take out with the tools of NATS.",
      );
}
