// The tRPC router, derived from the table of operations: a read is a query, a write a mutation, named by its key.
import type { TRPCMutationProcedure, TRPCQueryProcedure } from "@trpc/server";
import type { z } from "zod";
import { operations } from "#server/api/operations/table.ts";
import { live } from "./live.ts";
import type { JsonOperation, Operation } from "./operation.ts";
import { mergeRouters, procedureOf, router } from "./trpc.ts";

type ProcedureOf<T> =
  T extends JsonOperation<infer E, infer I, infer O>
    ? E extends "read"
      ? TRPCQueryProcedure<{ input: z.input<I>; output: z.output<O>; meta: unknown }>
      : TRPCMutationProcedure<{ input: z.input<I>; output: z.output<O>; meta: unknown }>
    : never;
/** Bytes are no answer of tRPC: their operations are left out. */
type ProceduresOf<T> = {
  [Key in keyof T as T[Key] extends JsonOperation ? Key : never]: ProcedureOf<T[Key]>;
};

function proceduresOf<T extends Record<string, Operation>>(table: T): ProceduresOf<T> {
  const json = Object.entries<Operation>(table).filter(
    (entry): entry is [string, JsonOperation] => entry[1].kind === "json",
  );
  // The types come from the contracts in the table; at run time each operation reads its input itself.
  return Object.fromEntries(
    json.map(([key, operation]) => [key, procedureOf(operation)]),
  ) as unknown as ProceduresOf<T>;
}

type Table = typeof operations;
type AllProcedures = { [Resource in keyof Table]: ProceduresOf<Table[Resource]> };

const procedures = router(
  Object.fromEntries(
    Object.entries<Record<string, Operation>>(operations).map(([name, table]) => [name, proceduresOf(table)]),
  ) as AllProcedures,
);

/** Everything the dashboard may call. */
export const appRouter = mergeRouters(procedures, router({ live }));
export type AppRouter = typeof appRouter;
