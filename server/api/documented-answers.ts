// The answers of each operation as the OpenAPI document lists them: every status that it can have, and no other.
import type { Json } from "./json-schema.ts";
import { type Operation, pathParameters } from "./operation.ts";
import type { Schemas } from "./schemas.ts";

interface Refusal {
  status: number;
  code: string;
  description: string;
  /** A sentence as it is answered. */
  example: string;
  /** Left out: of every operation. */
  isOf?: (operation: Operation) => boolean;
  hasRetryAfter?: true;
}

const isWrite = ({ method }: Operation) => method !== "GET";
/** A payload that was erased is a conflict. */
const readsPayload = ({ path }: Operation) => /\/(?:raw_body|rule_request)$/.test(path);
const REFUSALS: Record<string, Refusal> = {
  BadRequest: {
    status: 400,
    code: "BAD_REQUEST",
    description: "Not well-formed: the URL, the JSON of the body, or a key of several teams without `x-team-id`.",
    example: "The body is not valid JSON: correct it and send it again.",
  },
  Unauthorized: {
    status: 401,
    code: "UNAUTHORIZED",
    description: "No API key, or one that is unknown, revoked or expired.",
    example: "This API key is not known or was revoked: make one with npm run admin, or ask its owner.",
  },
  Forbidden: {
    status: 403,
    code: "FORBIDDEN",
    description: "The API key lacks the capability, or is not of the team in `x-team-id`.",
    example: "This API key is not one of the team that the header x-team-id names: correct or drop the header.",
  },
  NotFound: {
    status: 404,
    code: "NOT_FOUND",
    description: "What the path or the body names is not there, or is another team's.",
    example: "No source with the id src_01JF0Q2M3N4P5Q6R7S8T9V0W1X.",
    isOf: (operation) => isWrite(operation) || pathParameters(operation.path).length > 0,
  },
  Conflict: {
    status: 409,
    code: "CONFLICT",
    description: "It cannot be done as things are; with `changed_since` after an `if_updated_at`.",
    example: "There is a source of this name already: choose another name.",
    isOf: (operation) => isWrite(operation) || readsPayload(operation),
  },
  PayloadTooLarge: {
    status: 413,
    code: "PAYLOAD_TOO_LARGE",
    description: "The body has more bytes than this operation reads.",
    example: "The body is larger than 1 MiB: send less.",
    isOf: isWrite,
  },
  Unprocessable: {
    status: 422,
    code: "UNPROCESSABLE",
    description: "Fields or parameters are wrong: `issues` names each with its remedy.",
    example: "name: Use 1 to 155 letters, digits, dots, dashes or underscores.",
  },
  TooManyRequests: {
    status: 429,
    code: "TOO_MANY_REQUESTS",
    description: "The team's share is used up. Nothing was done.",
    example: "Too many calls of this team wait already: send fewer at a time.",
    hasRetryAfter: true,
  },
  Internal: {
    status: 500,
    code: "INTERNAL",
    description: "A fault of the gateway. The log has it under `request_id`.",
    example: "Something failed on our side; the log has it under 5e1f0c4e-5d5e-4d4b-9d0e-0d5a8b1c2d3e.",
  },
  Unavailable: {
    status: 503,
    code: "UNAVAILABLE",
    description: "The gateway or its database cannot do it just now. A write may have been done.",
    example: "The database does not answer just now: try again in a few seconds.",
    hasRetryAfter: true,
  },
};

/** The headers of answers. */
export const ANSWER_HEADERS = {
  RequestId: {
    description: "Names this call in the gateway's log.",
    schema: { type: "string", format: "uuid" },
  },
  RetryAfter: {
    description: "The seconds after which to call again.",
    schema: { type: "integer", minimum: 1 },
  },
};

const ofHeader = (name: keyof typeof ANSWER_HEADERS) => ({ $ref: `#/components/headers/${name}` });
const REQUEST_ID = { "x-request-id": ofHeader("RequestId") };

/** The refusals as components, each with a sentence as an example. */
export const refusalComponents = (): Json =>
  Object.fromEntries(
    Object.entries(REFUSALS).map(([name, { code, description, example, hasRetryAfter }]) => [
      name,
      {
        description,
        headers: { ...REQUEST_ID, ...(hasRetryAfter && { "retry-after": ofHeader("RetryAfter") }) },
        content: {
          "application/json": {
            schema: { $ref: "#/components/schemas/ErrorAnswer" },
            example: { error: { code, message: example } },
          },
        },
      },
    ]),
  );

/** All answers of an operation by their status. */
export function answersOf(operation: Operation, schemas: Schemas): Json {
  const isBytes = operation.kind === "raw";
  const content = isBytes
    ? { "application/octet-stream": { schema: { type: "string", format: "binary" } } }
    : { "application/json": { schema: schemas.of(operation.output, "output") } };
  const refusals = Object.entries(REFUSALS).filter(([, { isOf }]) => isOf?.(operation) ?? true);
  return {
    [operation.status]: {
      description: isBytes ? "The bytes, with their own content type" : operation.status === 201 ? "Made" : "Done",
      headers: REQUEST_ID,
      content,
    },
    ...Object.fromEntries(refusals.map(([name, { status }]) => [status, { $ref: `#/components/responses/${name}` }])),
  };
}
