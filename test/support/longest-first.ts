// The order of test files: what takes long begins first, so that nothing long runs alone at the end.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Most of these wait for what they watch, so several of them at once take little more than one. */
const LONGEST = [
  "e2e/faults-chaos",
  "e2e/limits-rate",
  "e2e/faults",
  "e2e/start",
  "db/s3-files",
  "e2e/faults-rolling",
  "e2e/start-stop",
  "db/replicated-commit",
  "db/delivery-order-seeded",
  "e2e/faults-away-start",
  "e2e/bulk-replay",
  "db/openapi-generators",
  "db/breaker-killed",
  "db/sandbox-hostile",
  "db/maintenance",
  // Its endless transforms want a processor: not beside a run of chaos, which fills both.
  "db/routing-shares",
  "e2e/faults-fan-out",
  "db/groups",
  "db/bulk-feed",
  "db/routing-failure",
  "db/sandbox-isolation",
  "db/branch-counts",
  "db/lane-undeliverable",
  "db/lane-shares",
  "db/demo",
  "e2e/settings",
  "e2e/transformations",
  "e2e/lists",
  "e2e/gallery",
  "e2e/first-minutes",
  "e2e/people",
  "e2e/drawers",
  "e2e/details-look",
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
