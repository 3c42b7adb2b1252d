// What cannot be left out of the query of an operation, for tests that call all of them.
const QUERIES: Readonly<Record<string, string>> = {
  "/issues/rules/trial": "?kind=backlog",
  "/retention/export": "?kind=request&date=2026-01-01",
};

/** Empty for an operation that needs nothing. */
export const requiredQuery = (path: string): string => QUERIES[path] ?? "";
