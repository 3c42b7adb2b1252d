// Two teams at a running gateway that have one resource of each kind.

import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import type { Db } from "#server/database/prisma.ts";
import { newId } from "#server/ids.ts";
import { bodyFor, CANARIES, plantBulk, plantIssue, plantTeam, plantWebhook } from "#test/support/planted-team.ts";
import { requiredQuery } from "#test/support/required-query.ts";
import type { OpenApi, Operation } from "./document.ts";
import type { Known } from "./make-calls.ts";
import type { ContractTarget, ContractTeam } from "./run-contract.ts";
import { makeSender } from "./send-call.ts";

export interface Product {
  /** Of the gateway. */
  origin: string;
  db: Db;
  /** Where the challenge of an endpoint goes. */
  receiverUrl: string;
}

async function makeKey({ db }: Product, teamId: string, scope: ApiKeyScope) {
  const key = newApiKey();
  const row = apiKeyRow(new Date(), { key, name: "contract", scope, teamIds: [teamId], expiresAt: null });
  await db.apiKey.create({ data: row });
  return { key, id: row.id };
}

function apiOf({ origin, db }: Product, { id, key }: Pick<ContractTeam, "id" | "key">) {
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${origin}${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return { body: JSON.parse(text) };
  };
  const get = (path: string) => call("GET", path);
  const post = (path: string, body?: unknown) => call("POST", path, body);
  return { db, teamId: id, get, post };
}

async function plant(product: Product, name: string): Promise<ContractTeam> {
  const id = newId("team");
  await product.db.team.create({ data: { id, name } });
  const [write, read] = [await makeKey(product, id, "write"), await makeKey(product, id, "read")];
  const api = apiOf(product, { id, key: write.key });
  const ids = await plantTeam(api);
  return { id, key: write.key, readKey: read.key, ids, ownIds: [write.id, read.id] };
}

type Prepare = (product: Product, team: ContractTeam) => Promise<string>;
const LATER_MS = 3_600_000;
let made = 0;

async function freshIssue({ db }: Product, { id, ids }: ContractTeam): Promise<string> {
  // There is one of a subject.
  await db.issue.deleteMany({ where: { team_id: id } });
  return plantIssue({ db, teamId: id }, ids.sources ?? "");
}
const freshBulk: Prepare = ({ db }, { id }) => plantBulk({ db, teamId: id }, new Date(Date.now() + LATER_MS));
async function freshId(
  product: Product,
  team: ContractTeam,
  path: string,
  body: Record<string, unknown>,
): Promise<string> {
  return (await apiOf(product, team).post(path, body)).body.id;
}

/** A webhook of a connection that nobody has touched. */
async function freshWebhook(product: Product, team: ContractTeam, status?: "HOLD") {
  const api = apiOf(product, team);
  const name = `fresh-${++made}`;
  const { body } = await api.post("/v1/connections", { name, source: { name }, destination: { name, type: "MOCK" } });
  Object.assign(team.ids, { sources: body.source_id, destinations: body.destination_id, connections: body.id });
  const branch = { source_id: body.source_id, destination_id: body.destination_id, connection_id: body.id };
  return plantWebhook(api, branch, status);
}
const freshEvent: Prepare = async (product, team) => (await freshWebhook(product, team)).events;
const freshRequest: Prepare = async (product, team) => (await freshWebhook(product, team)).requests;
const heldEvent: Prepare = async (product, team) => (await freshWebhook(product, team, "HOLD")).events;

/** By the name of the operation: makes what it can be done to, and resolves to its id. A worker or another call may have used up the last. */
const PREPARED: Record<string, Prepare> = {
  "issues.snooze": freshIssue,
  "issues.resolve": freshIssue,
  "issues.wake": async (product, team) => {
    const id = await freshIssue(product, team);
    const snoozed = { state: "snoozed", snoozed_until: new Date(Date.now() + LATER_MS) };
    await product.db.issue.updateMany({ where: { team_id: team.id, id }, data: snoozed });
    return id;
  },
  "publish.events": (product, team) =>
    freshId(product, team, "/v1/sources", { name: `published-${++made}`, type: "PUBLISH" }),
  "events.retry": freshEvent,
  "events.resend": freshEvent,
  "events.cancel": heldEvent,
  "requests.retry": freshRequest,
  "requests.erase": freshRequest,
  "bulk.replay": freshRequest,
  "bulk.retryRequests": freshRequest,
  "bulk.retryEvents": freshEvent,
  "bulk.cancelEvents": heldEvent,
  "bulk.change": freshBulk,
  "bulk.cancel": freshBulk,
  "sources.rotateSecret": (product, team) =>
    freshId(product, team, "/v1/sources", {
      name: `rotated-${++made}`,
      type: "STRIPE",
      config: { auth: { secret: CANARIES.stripe } },
    }),
  "endpoints.verify": (product, team) =>
    freshId(product, team, "/v1/endpoints", {
      url: product.receiverUrl,
      eventTypes: ["never"],
      verify: true,
    }),
};

const BY_NAME = new Map(ALL_OPERATIONS.map((operation) => [operation.name, operation]));

const flowOf = (name: string) => `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: ${name} }
spec: { destinations: [{ name: ${name}, type: MOCK }] }
`;

const BODIES: Record<string, (ids: Record<string, string>) => Record<string, unknown>> = {
  "versions.restore": ({ versions }) => ({ if_newest: Number(versions) }),
  "flows.applyFile": () => ({ text: flowOf(`flow-${++made}`) }),
  "publish.events": (ids) => ({ source: ids["publish.events"], type: "order.paid" }),
  "sources.rotateSecret": () => ({ secret: `${CANARIES.stripe}${++made}` }),
};

function known({ name, path }: Operation, ids: Record<string, string>): Known {
  const operation = BY_NAME.get(name);
  if (!operation) return {};
  const body = BODIES[name]?.(ids) ?? bodyFor(operation, ids);
  const id = ids[name] ?? ids[path.split("/")[2] ?? ""];
  return {
    ...(id !== undefined && path.includes("{") && { path: { id, request_id: id, number: id } }),
    ...(body !== undefined && { body }),
    query: requiredQuery(operation.path),
  };
}

export async function plantTarget(product: Product): Promise<ContractTarget & Disposable> {
  const document = (await (await fetch(`${product.origin}/v1/openapi.json`)).json()) as OpenApi;
  const teams = { theirs: await plant(product, "theirs"), ours: await plant(product, "ours") };
  const prepare = async ({ name }: Operation, team: ContractTeam) => {
    const id = await PREPARED[name]?.(product, team);
    if (id !== undefined) team.ids[name] = id;
  };
  return { document, teams, known, prepare, canaries: Object.values(CANARIES), ...makeSender(product.origin) };
}
