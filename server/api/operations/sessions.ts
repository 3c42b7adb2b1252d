import { read, write } from "#server/api/operation.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { ListSessions, RevokedSessions, RevokeOtherSessions, Session } from "#server/contracts/session.ts";
import { listSessions, revokeOtherSessions, revokeSession } from "#server/resources/sessions.ts";

const PATH = "/sessions";

/** A person's own, in whatever team they look at. */
export const sessions = {
  list: read(PATH, "List where you are signed in", ListSessions, page(Session), listSessions, {
    can: "account.manage",
  }),
  revoke: write("account.manage", "DELETE", `${PATH}/:id`, "End one of your sessions", ById, Deleted, revokeSession),
  revokeOthers: write(
    "account.manage",
    "POST",
    `${PATH}/revoke-others`,
    "End all of your sessions but this one",
    RevokeOtherSessions,
    RevokedSessions,
    revokeOtherSessions,
  ),
};
