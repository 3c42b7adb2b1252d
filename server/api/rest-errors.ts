// Errors of the REST API: every failure becomes an answer here, once.
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { ChangedSince } from "#server/contracts/changed-since.ts";
import { AppError, type AppErrorCode, CallerGone, ConflictError, type FieldIssue } from "#server/errors/app-error.ts";
import { isDatabaseAway, quotesDatabaseAway } from "#server/errors/database-away.ts";
import { docsPath } from "#server/errors/docs-path.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import type { Log } from "#server/process/log.ts";
import { makeSeldom } from "#server/shares/seldom.ts";

/** The status of HTTP of each mistake of a caller. */
export const HTTP_STATUS: Record<AppErrorCode, number> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNPROCESSABLE: 422,
  TOO_MANY_REQUESTS: 429,
  UNAVAILABLE: 503,
};

/** The body of every answer of 4xx and 5xx. */
export const ErrorAnswer = z.object({
  error: z.object({
    code: z.string().meta({ examples: Object.keys(HTTP_STATUS) }),
    message: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    changed_since: ChangedSince.optional().meta({ description: "With CONFLICT after an `if_updated_at`." }),
    request_id: z.string().optional().meta({ description: "With INTERNAL: quote it, the log has it too." }),
  }),
});

export function sendError(
  reply: FastifyReply,
  status: number,
  error: {
    code: string;
    message: string;
    issues?: FieldIssue[] | undefined;
    changed_since?: ChangedSince | undefined;
    request_id?: string;
  },
): FastifyReply {
  return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify({ error }));
}

const RETRY_AFTER_SECONDS = "2";

/** What a refusal that is over in a moment tells of it. */
export const retryAfter = (code: AppErrorCode): Record<string, string> =>
  code === "TOO_MANY_REQUESTS" || code === "UNAVAILABLE" ? { "retry-after": RETRY_AFTER_SECONDS } : {};

/** The database is away, as Prisma's code or its adapter's kind says it, or a statement took longer than it may. */
const PRISMA_SAYS_AWAY =
  /\b(?:57014|P1001|P1002|P1008|P1017|P2024|P2028|P2034|DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections|TransactionWriteConflict)\b/;

const isFromDatabase = (error: unknown): error is Error =>
  error instanceof Prisma.PrismaClientKnownRequestError ||
  error instanceof Prisma.PrismaClientUnknownRequestError ||
  error instanceof Prisma.PrismaClientInitializationError ||
  (error instanceof Error && (error.name === "DriverAdapterError" || "severity" in error || "syscall" in error));

/** Whether it is the database that failed, and a call may be tried again. */
export function isDatabaseDown(error: unknown): boolean {
  if (isDatabaseAway(error)) return true;
  if (!isFromDatabase(error)) return false;
  const meta = "meta" in error ? JSON.stringify(error.meta) : "";
  const cause = error.cause === undefined ? "" : JSON.stringify(error.cause);
  const text = `${"code" in error ? error.code : ""} ${error.message} ${meta} ${cause}`;
  return quotesDatabaseAway(text) || PRISMA_SAYS_AWAY.test(text);
}

const MALFORMED = new Set(["FST_ERR_CTP_INVALID_JSON_BODY", "FST_ERR_CTP_INVALID_CONTENT_LENGTH", "FST_ERR_BAD_URL"]);

/** Answers a refusal by Fastify itself. */
function sendFrameworkError(reply: FastifyReply, error: FastifyError): FastifyReply | null {
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const message = "Send the body as JSON, with the header content-type: application/json.";
    return sendError(reply, 400, { code: "BAD_REQUEST", message });
  }
  if (error instanceof SyntaxError || MALFORMED.has(error.code)) {
    const what =
      error.code === "FST_ERR_BAD_URL" ? "The URL is not valid percent-encoding" : "The body is not valid JSON";
    return sendError(reply, 400, { code: "BAD_REQUEST", message: `${what}: correct it and send it again.` });
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return sendError(reply, 400, { code: "BAD_REQUEST", message: "The request is not well-formed HTTP." });
  }
  return null;
}

/** The error handler of the API: a caller's mistake is told with its remedy; anything else is logged and told without detail. */
export function makeErrorHandler(log: Log) {
  const unreachable = makeSeldom();
  return (error: FastifyError | AppError | CallerGone, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof AppError) {
      if (error.code === "UNAUTHORIZED") reply.header("www-authenticate", "Bearer");
      const { code, message, issues } = error;
      reply.header("link", `<${docsPath(code, issues)}>; rel="help"`);
      reply.headers(retryAfter(code));
      const changed_since = error instanceof ConflictError ? error.changedSince : undefined;
      return sendError(reply, HTTP_STATUS[code], { code, message, issues, changed_since });
    }
    if (error instanceof CallerGone) {
      return sendError(reply, 503, { code: "UNAVAILABLE", message: error.message });
    }
    if (isDatabaseDown(error)) {
      const times = unreachable(performance.now());
      if (times !== null)
        log.warn({ err: error, request_id: request.id, times }, "The API could not reach the database.");
      reply.header("retry-after", RETRY_AFTER_SECONDS);
      const message = "The database does not answer just now: try again in a few seconds.";
      return sendError(reply, 503, { code: "UNAVAILABLE", message });
    }
    const sent = sendFrameworkError(reply, error);
    if (sent) return sent;
    log.error(
      { err: error, request_id: request.id, method: request.method, url: request.routeOptions.url },
      "The API failed.",
    );
    const message = `Something failed on our side; the log has it under ${request.id}.`;
    return sendError(reply, 500, { code: "INTERNAL", message, request_id: request.id });
  };
}
