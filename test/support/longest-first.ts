// The order of test files: what takes long begins first, so that nothing long runs alone at the end.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Most of these wait for what they watch, so two of them at once take little more than one. */
const LONGEST = [
  "e2e/faults",
  "e2e/limits-rate",
  "e2e/start",
  "e2e/lists",
  "e2e/people",
  "e2e/settings",
  "e2e/start-stop",
  "db/bulk-feed",
  "db/routing-shares",
  "db/lane-undeliverable",
  "db/replicated-commit",
  "db/sandbox-hostile",
  "db/routing-failure",
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
