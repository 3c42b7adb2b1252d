// A visit to the dashboard: the person of the session in the cookie, for one of their teams.

import type { Role } from "#server/contracts/capability.ts";
import type { Ctx } from "./ctx.ts";

export interface Person {
  id: string;
  email: string;
  name: string;
}

/** A team as the person in it sees it. */
export interface Membership {
  id: string;
  name: string;
  role: Role;
}

export interface MemberVisit {
  kind: "member";
  ctx: Ctx;
  person: Person;
  team: Membership;
  /** All teams of the person, the oldest membership first. */
  teams: Membership[];
}

export type Visit =
  | { kind: "signed-out" }
  /** Signed in, and a member of no team (any more). */
  | { kind: "no-team"; person: Person }
  | MemberVisit;

export interface Visitor {
  /** The header `cookie` as it came. */
  cookie: string | undefined;
  /** The team that the call names itself; the cookie names one too, which counts less. */
  teamId?: string | undefined;
}

/** @throws AppError FORBIDDEN for a team that the person is not in and that the call named */
export type ReadVisit = (visitor: Visitor) => Promise<Visit>;
