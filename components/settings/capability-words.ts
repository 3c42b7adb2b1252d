import type { Capability } from "#server/contracts/capability.ts";

/** What a capability lets somebody do, for those who do not know its name. */
const WORDS: Record<Capability, string> = {
  "data.read": "Read",
  "source.write": "Change sources",
  "destination.write": "Change destinations",
  "connection.write": "Change connections and rules",
  "connection.pause": "Pause and resume",
  "transformation.write": "Change transformations",
  "transformation.run": "Try transformations",
  "event.publish": "Publish events",
  "events.retry": "Retry and replay",
  "events.cancel": "Cancel events",
  "issues.manage": "Put off and resolve issues",
  "view.write": "Save views of lists",
  "resources.delete": "Delete resources",
  "payload.erase": "Erase payloads",
  "secrets.rotate": "Rotate secrets",
  "keys.manage": "Make API keys",
  "members.manage": "Manage members",
  "audit.read": "Read the audit log",
  "team.manage": "Change team and retention",
  "team.own": "Own the team",
  "account.manage": "Own sessions and ways in",
};

export const capabilityWords = (capability: Capability): string => WORDS[capability];

/** Every key reads, and none has what is a person's alone. */
const NO_CHOICE: readonly Capability[] = ["data.read", "team.own", "account.manage"];

/** What a key of the scope write can be narrowed to. */
export const NARROWED_TO = (Object.keys(WORDS) as Capability[]).filter((each) => !NO_CHOICE.includes(each));
