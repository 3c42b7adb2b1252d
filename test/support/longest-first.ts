// The order of test files: what takes long begins first, so that nothing long runs alone at the end.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Most of these wait for what they watch, so several of them at once take little more than one. */
const LONGEST = [
  "unit/young-space",
  // Those of faults one after another: a process that would go on to a file of another project ends, and the next one loads all anew.
  "e2e/faults-chaos",
  "e2e/limits-rate",
  "e2e/faults",
  "e2e/start",
  "e2e/start-stop",
  "e2e/faults-switch",
  "e2e/faults-spool",
  "e2e/faults-rolling",
  "e2e/faults-kill-points",
  "e2e/faults-fan-out",
  "e2e/faults-away-start",
  "e2e/bulk-replay",
  "db/s3-files",
  "db/replicated-commit",
  "db/bulk-feed",
  "db/delivery-order-seeded",
  "db/groups",
  // Its endless transforms want a processor: not beside a run of chaos, which fills both.
  "db/routing-shares",
  "db/sandbox-hostile",
  "db/sandbox-isolation",
  "db/breaker-killed",
  "db/flow-refusals",
  "db/maintenance",
  "db/routing-failure",
  "db/rest-fuzz",
  "db/demo",
  "db/lane-shares",
  "db/branch-counts",
  "db/cli-listen",
  "db/controller",
  "db/lane-undeliverable",
  "db/people",
  "db/passkeys",
  "db/flow-round-trip",
  "db/openapi-generators",
  "e2e/transformations",
  "e2e/settings",
  "e2e/lists",
  "e2e/details-look",
  "e2e/gallery",
  "e2e/graph",
  "e2e/people",
  "e2e/first-minutes",
  "e2e/drawers",
  "e2e/rules",
  "e2e/by-hand",
  "e2e/ways-in",
  "e2e/replays",
  "e2e/sources",
  "e2e/live",
].map((name) => `/test/${name}.test.ts`);

const rank = ({ moduleId }: TestSpecification) => {
  const place = LONGEST.findIndex((end) => moduleId.endsWith(end));
  return place === -1 ? LONGEST.length : place;
};

/** The others follow as vitest orders them. Which project runs first is decided by its group. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
