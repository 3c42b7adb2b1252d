// The times of a stop. Each contains the one before it, so that whoever waits longer never ends what still does its part:
// a role < its supervisor < whoever runs the container (test/unit/deploy.test.ts reads what is shipped for those).

/** The time that requests and attempts under way have to finish before they are broken off. */
export const DRAIN_MS = 3_000;
/** After that: the time to write what came of attempts that were broken off. */
export const LAST_RESULTS_MS = 500;
/** What only tidies up is given up after this where the database does not answer: a role that is killed leaves it as well. */
export const TIDY_MS = 700;
/** All that a role takes. */
export const ROLE_STOP_MS = DRAIN_MS + LAST_RESULTS_MS + TIDY_MS;
/** The supervisor's patience: a role whose thread stands still cannot end itself. */
export const SUPERVISOR_PATIENCE_MS = 5_000;
