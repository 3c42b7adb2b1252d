import { readBytes, search, write } from "#server/api/operation.ts";
import {
  ExportDay,
  GetRetention,
  PlanRetention,
  Retention,
  RetentionPlan,
  SavedRetention,
  UpdateRetention,
} from "#server/contracts/retention.ts";
import { exportDay } from "#server/resources/export-day.ts";
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
  export: readBytes(`${PATH}/export`, "Get the rows of a day as lines of JSON, a page at a time", ExportDay, exportDay),
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
