import { read, search } from "#server/api/operation.ts";
import { Attempt, ListAttempts } from "#server/contracts/attempt.ts";
import { AttemptHistogram, Histogram } from "#server/contracts/histogram.ts";
import { page } from "#server/contracts/page.ts";
import { ById } from "#server/contracts/resource-fields.ts";
import { getAttempt, listAttempts } from "#server/resources/attempts.ts";
import { countAttempts } from "#server/resources/histogram.ts";

export const attempts = {
  list: search("/attempts", "List attempts", ListAttempts, page(Attempt), listAttempts),
  histogram: search(
    "/attempts/histogram",
    "Count the attempts of a list over time",
    AttemptHistogram,
    Histogram,
    countAttempts,
  ),
  get: read("/attempts/:id", "Get an attempt", ById, Attempt, getAttempt),
};
