// The order of test files: what takes long begins first, so that nothing long runs alone at the end.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Most of these wait for what they watch, so two of them at once take little more than one. */
const LONGEST = [
  "e2e/limits-rate",
  "e2e/faults",
  "e2e/start",
  "db/bulk-feed",
  "e2e/start-stop",
  "db/routing-shares",
  "db/lane-undeliverable",
  "db/replicated-commit",
  "e2e/faults-rolling",
  "db/sandbox-hostile",
  "db/routing-failure",
  "db/delivery-retry",
  "db/demo",
  "e2e/lists",
  "e2e/details-look",
  "e2e/gallery",
  "e2e/settings",
  "e2e/transformations",
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
