import { Attempt, ListAttempts } from "#server/contracts/attempt.ts";
import { ById, page } from "#server/contracts/page.ts";
import { getAttempt, listAttempts } from "#server/resources/attempts.ts";
import { read, search } from "../operation.ts";

export const attempts = {
  list: search("/attempts", "List attempts", ListAttempts, page(Attempt), listAttempts),
  get: read("/attempts/:id", "Get an attempt", ById, Attempt, getAttempt),
};
