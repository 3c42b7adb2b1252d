// The operations that only a person may call: no key has their capability, so the sweeps with keys leave them out.
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";

/** test/db/members.test.ts tries each of them on another person. */
export const PERSONAL_OPERATIONS = ALL_OPERATIONS.filter(({ can }) => can === "account.manage" || can === "team.own");
