import { read, search, write } from "#server/api/operation.ts";
import { CountIssues, Issue, IssueCounts, ListIssues, SnoozeIssue } from "#server/contracts/issue.ts";
import { GetIssueRules, TeamIssueRules, UpdateIssueRules } from "#server/contracts/issue-rules.ts";
import { page } from "#server/contracts/page.ts";
import { ById } from "#server/contracts/resource-fields.ts";
import { RuleTrial, TryIssueRule } from "#server/contracts/rule-trial.ts";
import { getIssueRules, updateIssueRules } from "#server/resources/issue-rules.ts";
import * as verbs from "#server/resources/issues.ts";
import { tryIssueRule } from "#server/resources/try-issue-rule.ts";

const ONE = "/issues/:id";

export const issues = {
  list: read("/issues", "List issues", ListIssues, page(Issue), verbs.listIssues),
  count: read("/issues/count", "Count the issues that are not resolved", CountIssues, IssueCounts, verbs.countIssues),
  rules: read("/issues/rules", "Get what opens issues", GetIssueRules, TeamIssueRules, getIssueRules),
  updateRules: write(
    "issues.manage",
    "PATCH",
    "/issues/rules",
    "Change what opens issues",
    UpdateIssueRules,
    TeamIssueRules,
    updateIssueRules,
  ),
  tryRule: search(
    "/issues/rules/trial",
    "Count how often a rule would have opened an issue in the last seven days",
    TryIssueRule,
    RuleTrial,
    tryIssueRule,
  ),
  get: read(ONE, "Get an issue", ById, Issue, verbs.getIssue),
  snooze: write("issues.manage", "PUT", `${ONE}/snooze`, "Put an issue off", SnoozeIssue, Issue, verbs.snoozeIssue),
  wake: write("issues.manage", "PUT", `${ONE}/wake`, "End the snooze of an issue", ById, Issue, verbs.wakeIssue),
  resolve: write("issues.manage", "PUT", `${ONE}/resolve`, "Resolve an issue by hand", ById, Issue, verbs.resolveIssue),
};
