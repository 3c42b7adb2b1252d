// Each answer of the API that a test gets is held against the OpenAPI document: it lists every status that an operation can have.
import { openApiDocument } from "#server/api/openapi.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";

type Paths = Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;

const { paths } = openApiDocument(ALL_OPERATIONS, "http://gateway.test") as { paths: Paths };

/** The paths with the fewest parameters first: `/v1/issues/count` is no issue. */
const patterns = Object.entries(paths)
  .map(([path, methods]) => ({ path, methods, parameters: path.split("{").length - 1 }))
  .toSorted((a, b) => a.parameters - b.parameters)
  .map(({ path, methods }) => ({ methods, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}/?$`) }));

/** @throws Error where an operation answered what the document does not list for it */
export function requireDocumented(method: string, url: string, status: number): void {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const operation = patterns.find(({ pattern }) => pattern.test(path))?.methods[method.toLowerCase()];
  if (operation && !(status in operation.responses))
    throw new Error(`${operation.operationId} answered ${status}, which the OpenAPI document does not list.`);
}
