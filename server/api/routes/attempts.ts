import { Attempt, ListAttempts } from "#server/contracts/attempt.ts";
import { ById, page } from "#server/contracts/page.ts";
import { getAttempt, listAttempts } from "#server/resources/attempts.ts";
import { route } from "../operation.ts";

export const attemptRoutes = [
  route("GET", "/attempts", "List attempts", ListAttempts, page(Attempt), listAttempts),
  route("GET", "/attempts/:id", "Get an attempt", ById, Attempt, getAttempt),
];
