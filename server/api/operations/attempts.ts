import { read, search } from "#server/api/operation.ts";
import { Attempt, ListAttempts } from "#server/contracts/attempt.ts";
import { ById, page } from "#server/contracts/page.ts";
import { getAttempt, listAttempts } from "#server/resources/attempts.ts";

export const attempts = {
  list: search("/attempts", "List attempts", ListAttempts, page(Attempt), listAttempts),
  get: read("/attempts/:id", "Get an attempt", ById, Attempt, getAttempt),
};
