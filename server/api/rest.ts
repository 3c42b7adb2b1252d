// REST /v1 over the verbs. Fastify routes and parses; the contracts check; nothing is decided here.
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { ALL_OPERATIONS, readOf } from "#server/api/operations/table.ts";
import type { App } from "#server/auth/ctx.ts";
import { AppError } from "#server/errors/app-error.ts";
import { mayHoldExactNumbers, parseJson } from "#server/json/parse.ts";
import type { Log } from "#server/process/log.ts";
import type { ReadCaller } from "#server/wire/caller-address.ts";
import { decodeText } from "#server/wire/decode-text.ts";
import { AS_DOWNLOAD, STRANGERS_BYTES_HEADERS } from "#server/wire/strangers-bytes.ts";
import { openApiDocument } from "./openapi.ts";
import { type Operation, pathParameters, type RawAnswer } from "./operation.ts";
import { makeReference } from "./reference.ts";
import { requireSmallJson } from "./rest-body.ts";
import { type Call, makeCalls } from "./rest-call.ts";
import { makeErrorHandler, sendError } from "./rest-errors.ts";
import { mergeInput, parseQueryString } from "./rest-input.ts";
import { methodsOf, nearest } from "./unknown-route.ts";

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
export async function makeRest(app: App, { log, readCaller }: { log: Log; readCaller: ReadCaller }): Promise<Rest> {
  const calls = makeCalls(app, readCaller);
  const server = makeServer(log, calls);
  for (const operation of ALL_OPERATIONS)
    (operation.readCall ? addRawOperation : addOperation)(server, calls, operation);
  addDocuments(server, app);
  server.setNotFoundHandler((request, reply) => notFound(request.method, request.url, reply));
  await server.ready();
  return { handle: (req, res) => server.routing(req, res), close: () => server.close() };
}

type Calls = ReturnType<typeof makeCalls>;

function makeServer(log: Log, calls: Calls): FastifyInstance {
  const onError = makeErrorHandler(log);
  const server = Fastify({
    genReqId: () => randomUUID(),
    routerOptions: { querystringParser: parseQueryString, ignoreTrailingSlash: true, maxParamLength: 255 },
    // A URL that no route reads comes by no hook.
    frameworkErrors: (error, request, reply) => void onError(error, request, withOwnHeaders(request, reply)),
  });
  server.setErrorHandler(onError);
  server.removeAllContentTypeParsers();
  const parseSafely = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser("application/json", (request, payload, done) => {
    const call = calls.of(request.raw);
    // A path that does not exist needs no body.
    if (!call) return done(null, undefined);
    call.readText(payload).then((text) => {
      if (text === "") done(null, undefined);
      else parseSafely(request, text, (error, body) => done(error, error ? undefined : withExactNumbers(text, body)));
    }, done);
  });
  server.addHook("onRequest", async (request, reply) => {
    withOwnHeaders(request, reply);
  });
  return server;
}

const withOwnHeaders = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.headers(SECURITY_HEADERS).header("x-request-id", request.id);

/** Fastify's parser refuses what would reach a prototype, and rounds numbers: a text that has such is parsed again. */
const withExactNumbers = (text: string, body: unknown): unknown => (mayHoldExactNumbers(text) ? parseJson(text) : body);

/** Without a content type of its own: its operation reads the call as it came. */
function addRawOperation(server: FastifyInstance, calls: Calls, operation: Operation): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (request, payload, done) => {
      const call = calls.of(request.raw);
      if (!call) return done(null, undefined);
      call.readBytes(payload).then((bytes) => done(null, bytes), done);
    });
    addOperation(scope, calls, operation);
  });
}

/** The input of a call as the operation reads it. */
function inputOf(server: FastifyInstance, operation: Operation, request: FastifyRequest): Record<string, unknown> {
  const { headers, params, query, body } = request;
  if (!operation.readCall) return mergeInput(operation, { params, query, body });
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  function json(): unknown {
    requireSmallJson(bytes, operation.body);
    const text = decodeText(bytes);
    let read: unknown;
    server.getDefaultJsonParser("error", "error")(request, text, (error, value) => {
      if (error) throw error;
      read = withExactNumbers(text, value);
    });
    return read;
  }
  return operation.readCall({ headers, query: query as Record<string, unknown>, body: bytes, json });
}

function addOperation(server: FastifyInstance, calls: Calls, operation: Operation): void {
  server.route({
    method: operation.method,
    url: `/v1${operation.path}`,
    // The caller and its capability are checked before the body is read: a stranger's megabytes are not worth reading.
    onRequest: async ({ raw }, reply) => {
      await calls.begin(operation, raw, reply.raw);
    },
    handler: async (request, reply) => {
      const call = calls.of(request.raw);
      if (!call) throw new Error("An operation ran before its caller was known.");
      return answer(reply, operation, call, inputOf(server, operation, request));
    },
  });
}

/** Whether a thing is there for the team is said before what else is wrong: a wrong body answers as a right one would. */
async function run(operation: Operation, { ctx }: Call, input: Record<string, unknown>): Promise<unknown> {
  try {
    return await operation.run(ctx, input);
  } catch (error) {
    const read = isUnprocessable(error) ? readOf(operation) : undefined;
    const [name = "id"] = pathParameters(read?.path ?? "");
    await read?.run(ctx, { [name]: input[name] });
    throw error;
  }
}

const isUnprocessable = (error: unknown) => error instanceof AppError && error.code === "UNPROCESSABLE";

async function answer(
  reply: FastifyReply,
  operation: Operation,
  call: Call,
  input: Record<string, unknown>,
): Promise<FastifyReply> {
  if (operation.kind === "raw") {
    const raw = await call.inTurn(() => operation.run(call.ctx, input));
    call.holdAnswer(raw.body.length);
    return sendRaw(reply, raw);
  }
  const result = operation.output.parse(await call.inTurn(() => run(operation, call, input)));
  const text = JSON.stringify(result);
  call.holdAnswer(text.length);
  return reply.code(operation.status).type(JSON_TYPE).send(text);
}

/** Sends bytes that somebody else chose: a browser must neither show nor guess them. */
function sendRaw(reply: FastifyReply, { content_type, body }: RawAnswer): FastifyReply {
  const isPlainType = content_type !== null && /^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(content_type);
  reply.headers({ ...STRANGERS_BYTES_HEADERS, ...AS_DOWNLOAD });
  if (isPlainType) reply.type(content_type);
  return reply.send(body);
}

function addDocuments(server: FastifyInstance, app: App): void {
  let document: string | undefined;
  server.get("/v1/openapi.json", async (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(ALL_OPERATIONS, app.publicGatewayUrl));
    return reply.type(JSON_TYPE).send(document);
  });
  const reference = makeReference({ makeNonce: () => randomBytes(16).toString("base64") });
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
  const methods = methodsOf(ALL_OPERATIONS, below);
  if (methods.length > 0) {
    const message = `${method} does not exist here: use ${methods.join(" or ")}.`;
    return sendError(reply.header("allow", methods.join(", ")), 405, { code: "METHOD_NOT_ALLOWED", message });
  }
  const message = `There is nothing at this path; the nearest are ${nearest(ALL_OPERATIONS, method, below).join(", ")}. All stand at /v1/docs.`;
  return sendError(reply, 404, { code: "NOT_FOUND", message });
}
