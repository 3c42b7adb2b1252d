// The team that a page is of. Without a schema, so that a page can read it and needs no more of the contracts.

/** Keeps the team that a person looked at last, for pages that name none. Not a secret: each call checks the membership. */
export const TEAM_COOKIE = "switchyard.team";

/** What a call is refused with whose team the person is not in. Its page reads it. */
export const NOT_A_MEMBER = "You are not a member of the team that this page is of (any more): choose another team.";
