import { expect, test } from "vitest";
import { ROLES } from "#server/env.ts";
import { ROLE_COMMANDS } from "#server/start/role-command.ts";
import packageJson from "../../package.json" with { type: "json" };

test.each(ROLES)("npm run %s runs the role as the supervisor does", (role) => {
  const { nodeFlags, script } = ROLE_COMMANDS[role];
  expect(packageJson.scripts[role]).toBe(["node", ...nodeFlags, script].join(" "));
});
