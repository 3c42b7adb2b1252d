import { search, write } from "#server/api/operation.ts";
import {
  GetRetention,
  PlanRetention,
  Retention,
  RetentionPlan,
  SavedRetention,
  UpdateRetention,
} from "#server/contracts/retention.ts";
import { getRetention, planRetention, updateRetention } from "#server/resources/retention.ts";

const PATH = "/retention";

export const retention = {
  get: search(PATH, "Get how long a team keeps what came in, and what is kept", GetRetention, Retention, getRetention),
  plan: search(
    `${PATH}/plan`,
    "Count what a time of keeping would remove",
    PlanRetention,
    RetentionPlan,
    planRetention,
  ),
  update: write(
    "team.manage",
    "PATCH",
    PATH,
    "Change how long a team keeps what came in, and what is masked in it",
    UpdateRetention,
    SavedRetention,
    updateRetention,
  ),
};
