// How many cases the generators of tests make, and from which seed. Without these variables: few, in little time.
import type fc from "fast-check";
import { childEnv } from "#server/env.ts";

const { SECURITY_CASES, SECURITY_SEED } = childEnv({});

const FACTOR = Number(SECURITY_CASES ?? 1);

/** The seed of this run; undefined where none was given, so that a generator takes its own. */
export const SEED = SECURITY_SEED === undefined ? undefined : Number(SECURITY_SEED);

/** `usual` cases, as many times as were asked for. */
export const casesOf = (usual: number): number => usual * FACTOR;

/** The same for fast-check's properties. */
export const cases = <T>(usual: number): fc.Parameters<T> => ({
  numRuns: casesOf(usual),
  ...(SEED !== undefined && { seed: SEED }),
});
