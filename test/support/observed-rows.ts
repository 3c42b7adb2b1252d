// Rows as ingest, routing and delivery leave them, for tests about reading them.
import pg from "pg";
import type { App, Ctx } from "#server/auth/ctx.ts";
import { EVERYTHING } from "#server/auth/roles.ts";
import { makeSearches } from "#server/auth/searches.ts";
import type { ErrorCode } from "#server/contracts/attempt.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { derivedId, newId } from "#server/ids.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { createDatabase } from "./database.ts";

type Row = Record<string, unknown>;

async function insert(pool: pg.Pool, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const values = columns.map((_, i) => `$${i + 1}`);
  await pool.query(`insert into ${table} (${columns.join(", ")}) values (${values.join(", ")})`, Object.values(row));
}

/** A database of one's own with partitions for the week before `now`; `team()` makes teams in it. */
export async function createObservedWorld(now: Date) {
  const database = await createDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on("error", () => {});
  const db = makePrisma(database.url, 2);
  await ensurePartitions(pool, now.getTime(), 7);
  const searches = makeSearches(database.url);
  const app = { db, searches, now: () => now, publicGatewayUrl: "http://127.0.0.1:3001" } as App;
  return {
    url: database.url,
    pool,
    app,
    team: () => createTeam(pool, app, now),
    async [Symbol.asyncDispose]() {
      await db.$disconnect();
      await searches.close();
      await pool.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function createTeam(pool: pg.Pool, app: App, now: Date) {
  const teamId = newId("team");
  await insert(pool, "team", { id: teamId, name: teamId });
  const ctx: Ctx = { app, teamId, actor: { kind: "system", id: "test" }, can: EVERYTHING };
  return {
    ctx,
    ...wiring(pool, teamId),
    ...requests(pool, teamId, now),
    ...branches(pool, teamId),
    ...attempts(pool, teamId, now),
  };
}

function wiring(pool: pg.Pool, teamId: string) {
  return {
    async source(row: Row = {}) {
      const id = newId("source");
      await insert(pool, "source", { id, team_id: teamId, name: id, type: "WEBHOOK", key: id, config: "{}", ...row });
      return id;
    },
    async destination(row: Row = {}) {
      const id = newId("destination");
      await insert(pool, "destination", { id, team_id: teamId, name: id, type: "HTTP", config: "{}", ...row });
      return id;
    },
    async connection(sourceId: string, destinationId: string, row: Row = {}) {
      const id = newId("connection");
      const ends = { source_id: sourceId, destination_id: destinationId };
      await insert(pool, "connection", { id, team_id: teamId, name: id, ...ends, ...row });
      return { id, source_id: sourceId, destination_id: destinationId };
    },
  };
}

export interface TestBranch {
  id: string;
  source_id: string;
  destination_id: string;
}

function requests(pool: pg.Pool, teamId: string, now: Date) {
  return {
    /** `agoMs` before now. */
    async request(sourceId: string, row: Row & { agoMs?: number; body?: Buffer | string } = {}) {
      const { agoMs = 0, body = "{}", headers = [], ...rest } = row;
      const createdAt = new Date(now.getTime() - agoMs);
      const id = newId("request", createdAt.getTime());
      const bytes = Buffer.from(body);
      await insert(pool, "request", {
        team_id: teamId,
        id,
        source_id: sourceId,
        status: "accepted",
        verified: true,
        method: "POST",
        path: "/",
        query: "",
        headers: JSON.stringify(headers),
        body: bytes,
        content_type: "application/json",
        body_bytes: bytes.length,
        remote_ip: "127.0.0.1",
        created_at: createdAt,
        ...rest,
      });
      return { id, created_at: createdAt };
    },
  };
}

function branches(pool: pg.Pool, teamId: string) {
  return {
    async event(
      request: { id: string; created_at: Date },
      branch: TestBranch,
      row: Row & { status?: EventStatus } = {},
    ) {
      const id = derivedId("event", request.id, branch.id);
      await insert(pool, "event", {
        team_id: teamId,
        id,
        request_id: request.id,
        source_id: branch.source_id,
        connection_id: branch.id,
        destination_id: branch.destination_id,
        status: "DELIVERED",
        trigger: "INITIAL",
        why: "[]",
        created_at: request.created_at,
        ...row,
      });
      return id;
    },
    async ignored(request: { id: string; created_at: Date }, branch: TestBranch, cause = "FILTERED") {
      const id = derivedId("ignored_event", request.id, branch.id);
      await insert(pool, "ignored_event", {
        team_id: teamId,
        id,
        request_id: request.id,
        source_id: branch.source_id,
        connection_id: branch.id,
        destination_id: branch.destination_id,
        cause,
        detail: "the filter did not match",
        why: JSON.stringify([{ step: "connection", outcome: "enabled" }]),
        created_at: request.created_at,
      });
      return id;
    },
  };
}

function attempts(pool: pg.Pool, teamId: string, now: Date) {
  return {
    /** `agoMs` before now. */
    async attempt(eventId: string, branch: TestBranch, row: Row & { agoMs?: number; error_code?: ErrorCode } = {}) {
      const { agoMs = 0, ...rest } = row;
      const createdAt = new Date(now.getTime() - agoMs);
      const id = newId("attempt", createdAt.getTime());
      await insert(pool, "attempt", {
        team_id: teamId,
        id,
        event_id: eventId,
        source_id: branch.source_id,
        connection_id: branch.id,
        destination_id: branch.destination_id,
        number: 1,
        trigger: "INITIAL",
        requested_url: "https://receiver.example/hook",
        http_method: "POST",
        request_headers: JSON.stringify([["content-type", "application/json"]]),
        latency_ms: 12.5,
        created_at: createdAt,
        ...rest,
      });
      return id;
    },
  };
}
