import type { TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { AppRouter } from "#server/api/app-router.ts";
import { currentLogIn, noteBegun } from "./standing.ts";

/** Notes of each call that fails when it began, for an answer may come after the log-in that it asks for. */
export const begunLink: TRPCLink<AppRouter> = () => {
  return ({ op, next }) =>
    observable((observer) => {
      const logIn = currentLogIn();
      return next(op).subscribe({
        next: (value) => observer.next(value),
        complete: () => observer.complete(),
        error(failure) {
          noteBegun(failure, logIn);
          observer.error(failure);
        },
      });
    });
};
