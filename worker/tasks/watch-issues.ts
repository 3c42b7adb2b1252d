import { watchTeams } from "#server/issues/watch-teams.ts";
import { task } from "#worker/task.ts";

export const watchIssuesTask = task("watch-issues", ({ issues }) => watchTeams(issues));
