// How Node is told to run each role.
import type { Role } from "../env.ts";

interface RoleCommand {
  /** Options of Node itself; `package.json` repeats them for a role that is started by hand. */
  nodeFlags: string[];
  /** From the project's root. */
  script: string;
}

export const ROLE_COMMANDS: Record<Role, RoleCommand> = {
  // A request waits some 30 ms for its batch. In the usual 16 MB of young space most were copied once or twice before they
  // could be forgotten, for 13 to 18 % of the gateway's processor time.
  gateway: { nodeFlags: ["--max-semi-space-size=64"], script: "server/gateway/main.ts" },
  web: { nodeFlags: [], script: "server/web/main.ts" },
  worker: { nodeFlags: [], script: "worker/main.ts" },
};
