import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const clickup = makeProvider(
  {
    name: "clickup",
    title: "ClickUp",
    tile: "Cp",
    docs: "https://developer.clickup.com/docs/webhooksignature",
    isConfirmed: true,
  },
  signedBy(["x-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  {
    type: "event",
    occurredAt: "history_items.0.date",
    resourceId: ["task_id", "list_id", "space_id"],
    example: "taskCreated",
  },
  { isHeaderShared: true },
);
