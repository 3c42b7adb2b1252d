import { Attempt, ListAttempts } from "#server/contracts/attempt.ts";
import { ById, page } from "#server/contracts/page.ts";
import { getAttempt, listAttempts } from "#server/resources/attempts.ts";
import { read } from "../operation.ts";

export const attempts = {
  list: read("/attempts", "List attempts", ListAttempts, page(Attempt), listAttempts),
  get: read("/attempts/:id", "Get an attempt", ById, Attempt, getAttempt),
};
