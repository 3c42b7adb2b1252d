import { read, write } from "#server/api/operation.ts";
import { CreatedInvitation, CreateInvitation, Invitation, ListInvitations } from "#server/contracts/invitation.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { createInvitation, listInvitations, revokeInvitation } from "#server/resources/invitations.ts";

const PATH = "/invitations";

export const invitations = {
  list: read(PATH, "List invitations to the team", ListInvitations, page(Invitation), listInvitations, {
    can: "members.manage",
  }),
  create: write(
    "members.manage",
    "POST",
    PATH,
    "Invite a person, with a link that is shown this once",
    CreateInvitation,
    CreatedInvitation,
    createInvitation,
    { status: 201 },
  ),
  revoke: write("members.manage", "DELETE", `${PATH}/:id`, "Revoke an invitation", ById, Deleted, revokeInvitation),
};
