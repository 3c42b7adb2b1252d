import { search } from "#server/api/operation.ts";
import { Attention, GetAttention } from "#server/contracts/attention.ts";
import { GetOverview, Overview } from "#server/contracts/overview.ts";
import { getAttention } from "#server/metrics/attention.ts";
import { getOverview } from "#server/resources/overview.ts";

export const overview = {
  get: search(
    "/overview",
    "Get the last day, week or month in a few numbers, and the latest events",
    GetOverview,
    Overview,
    getOverview,
  ),
  attention: search("/attention", "List what should be looked at now", GetAttention, Attention, getAttention),
};
