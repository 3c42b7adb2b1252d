import { expect, test } from "vitest";
import { ROLE_MATRIX, ROLES_IN_ORDER, rowHolds } from "#components/settings/role-matrix.ts";
import { ROLES } from "#server/auth/roles.ts";

test("what people read about a role is what the server lets it do", () => {
  for (const row of ROLE_MATRIX) {
    for (const role of ROLES_IN_ORDER) {
      expect([row.label, role, rowHolds(row, role)]).toEqual([row.label, role, ROLES[role].has(row.capability)]);
    }
  }
});
