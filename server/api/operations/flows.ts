import { CODE_BODY, read, write } from "#server/api/operation.ts";
import {
  AppliedFlows,
  ApplyFlows,
  ExportedFlows,
  ExportFlows,
  FlowList,
  FlowPlan,
  ListFlows,
  PlanFlows,
} from "#server/contracts/flow.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { applyFlows } from "#server/flows/apply.ts";
import { exportFlows } from "#server/flows/export.ts";
import { forgetFlow, listFlows } from "#server/flows/list-flows.ts";
import { planFlows } from "#server/flows/plan-flows.ts";

const PATH = "/flows";

export const flows = {
  list: read(PATH, "List applied flows with what has drifted since", ListFlows, FlowList, listFlows, {
    turns: "flows",
  }),
  export: read(
    `${PATH}/export`,
    "Write what runs as a file, all of it or the flow of one source",
    ExportFlows,
    ExportedFlows,
    exportFlows,
    { turns: "flows" },
  ),
  plan: write(
    "data.read",
    "POST",
    `${PATH}/plan`,
    "Tell what applying a file would change and cost; nothing is saved",
    PlanFlows,
    FlowPlan,
    planFlows,
    { turns: "flows", body: CODE_BODY },
  ),
  applyFile: write(
    "connection.write",
    "POST",
    `${PATH}/apply`,
    "Make what runs what a file says, all of it or nothing",
    ApplyFlows,
    AppliedFlows,
    applyFlows,
    { turns: "flowApplies", body: CODE_BODY },
  ),
  forget: write(
    "resources.delete",
    "DELETE",
    `${PATH}/:id`,
    "Forget a flow; its resources stay and belong to none",
    ById,
    Deleted,
    forgetFlow,
  ),
};
