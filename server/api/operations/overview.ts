import { search } from "#server/api/operation.ts";
import { GetOverview, Overview } from "#server/contracts/overview.ts";
import { getOverview } from "#server/resources/overview.ts";

export const overview = {
  get: search(
    "/overview",
    "Get the last day in a few numbers, and the latest events",
    GetOverview,
    Overview,
    getOverview,
  ),
};
