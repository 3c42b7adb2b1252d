import { read, write } from "#server/api/operation.ts";
import { ListMembers, Member, UpdateMember } from "#server/contracts/member.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { getMember, leaveTeam, listMembers, removeMember, updateMember } from "#server/resources/members.ts";

const PATH = "/members";

export const members = {
  list: read(PATH, "List the people of the team", ListMembers, page(Member), listMembers),
  get: read(`${PATH}/:id`, "Get a person of the team", ById, Member, getMember),
  update: write("members.manage", "PATCH", `${PATH}/:id`, "Change a person's role", UpdateMember, Member, updateMember),
  remove: write(
    "members.manage",
    "DELETE",
    `${PATH}/:id`,
    "Take a person out of the team",
    ById,
    Deleted,
    removeMember,
  ),
  leave: write("account.manage", "POST", `${PATH}/leave`, "Leave the team", ListMembers, Deleted, leaveTeam),
};
