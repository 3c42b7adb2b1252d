import { read, write } from "#server/api/operation.ts";
import { page } from "#server/contracts/page.ts";
import { ById } from "#server/contracts/resource-fields.ts";
import { CreateTeam, ListTeams, Team, UpdateTeam } from "#server/contracts/team.ts";
import { createTeam, getTeam, listTeams, updateTeam } from "#server/resources/teams.ts";

export const teams = {
  list: read("/teams", "List the teams that you may act for", ListTeams, page(Team), listTeams),
  get: read("/teams/:id", "Get the team that you act for", ById, Team, getTeam),
  create: write("team.own", "POST", "/teams", "Make a team that you own", CreateTeam, Team, createTeam, {
    status: 201,
  }),
  update: write("team.manage", "PATCH", "/teams/:id", "Change a team", UpdateTeam, Team, updateTeam),
};
