// REST /v1 over the verbs. Fastify routes and parses; the contracts check; nothing is decided here.
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { authenticate } from "#server/auth/authenticate.ts";
import type { App, Ctx } from "#server/auth/ctx.ts";
import type { Log } from "#server/log.ts";
import { openApiDocument } from "./openapi.ts";
import type { Operation, RawAnswer } from "./operation.ts";
import { makeReference } from "./reference.ts";
import { makeErrorHandler, sendError } from "./rest-errors.ts";
import { mergeInput, parseQueryString } from "./rest-input.ts";
import { ROUTE_TABLE } from "./route-table.ts";
import { methodsOf, nearest } from "./unknown-route.ts";

/** Room for the longest code of a transformation in its worst escaping. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const JSON_TYPE = "application/json; charset=utf-8";

const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

export interface Rest {
  /** Answers one request of the gateway's server; for every path but the door's. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  close(): Promise<void>;
}

/** The REST API of one process, with its OpenAPI document and reference page. Listens to nothing by itself. */
export async function makeRest(app: App, { log }: { log: Log }): Promise<Rest> {
  const server = makeServer(log);
  for (const operation of ROUTE_TABLE) addOperation(server, app, operation);
  addDocuments(server, app);
  server.setNotFoundHandler((request, reply) => notFound(request.method, request.url, reply));
  await server.ready();
  return { handle: (req, res) => server.routing(req, res), close: () => server.close() };
}

function makeServer(log: Log): FastifyInstance {
  const onError = makeErrorHandler(log);
  const server = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { querystringParser: parseQueryString, ignoreTrailingSlash: true, maxParamLength: 255 },
    frameworkErrors: (error, request, reply) => void onError(error, request, reply),
  });
  server.setErrorHandler(onError);
  server.removeAllContentTypeParsers();
  const parseJson = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") return done(null, undefined);
    return parseJson(request, body.toString(), done);
  });
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS).header("x-request-id", request.id);
  });
  return server;
}

const firstOf = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

function addOperation(server: FastifyInstance, app: App, operation: Operation): void {
  // Filled before the body is read: a stranger's two megabytes are not worth parsing.
  const callers = new WeakMap<object, Ctx>();
  server.route({
    method: operation.method,
    url: `/v1${operation.path}`,
    onRequest: async ({ raw, headers }) => {
      const teamId = firstOf(headers["x-team-id"]);
      callers.set(raw, await authenticate(app, { authorization: headers.authorization, teamId }));
    },
    handler: async ({ raw, params, query, body }, reply) => {
      const ctx = callers.get(raw);
      if (!ctx) throw new Error("An operation ran before its caller was known.");
      const input = mergeInput(operation, { params, query, body });
      if (operation.kind === "raw") return sendRaw(reply, await operation.run(ctx, input));
      const answer = operation.output.parse(await operation.run(ctx, input));
      return reply.code(operation.status).type(JSON_TYPE).send(JSON.stringify(answer));
    },
  });
}

/** Somebody else's bytes: a browser must neither show nor guess them. */
function sendRaw(reply: FastifyReply, { content_type, body }: RawAnswer): FastifyReply {
  const isPlainType = content_type !== null && /^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(content_type);
  return reply
    .header("content-disposition", "attachment")
    .type(isPlainType ? content_type : "application/octet-stream")
    .send(body);
}

function addDocuments(server: FastifyInstance, app: App): void {
  let document: string | undefined;
  server.get("/v1/openapi.json", async (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(ROUTE_TABLE, app.publicGatewayUrl));
    return reply.type(JSON_TYPE).send(document);
  });
  const reference = makeReference({ nonce: randomBytes(16).toString("base64") });
  for (const url of ["/v1/docs", "/v1/docs/*"]) {
    server.get(url, (request, reply) => {
      reply.hijack();
      void reference.handle(request.raw, reply.raw);
    });
  }
  server.addHook("onClose", () => reference.close());
}

function notFound(method: string, url: string, reply: FastifyReply): FastifyReply {
  const path = url.split("?", 1)[0] ?? "";
  const below = path.startsWith("/v1") ? path.slice(3) : path;
  const methods = methodsOf(ROUTE_TABLE, below);
  if (methods.length > 0) {
    const message = `${method} does not exist here: use ${methods.join(" or ")}.`;
    return sendError(reply.header("allow", methods.join(", ")), 405, { code: "METHOD_NOT_ALLOWED", message });
  }
  const message = `There is nothing at this path; the nearest are ${nearest(ROUTE_TABLE, method, below).join(", ")}. All stand at /v1/docs.`;
  return sendError(reply, 404, { code: "NOT_FOUND", message });
}
