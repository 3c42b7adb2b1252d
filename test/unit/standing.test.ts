import { TRPCClientError } from "@trpc/client";
import { afterEach, expect, test } from "vitest";
import {
  currentLogIn,
  noteBegun,
  noteFailure,
  noteSignedIn,
  onStanding,
  readStanding,
} from "#components/data/standing.ts";
import { NOT_A_MEMBER } from "#server/contracts/page-team.ts";

const refused = (code: string, message: string) =>
  new TRPCClientError(message, { result: { error: { code: -1, message, data: { code } } } });

afterEach(() => noteSignedIn());

test("a page learns from a refused call that nobody is signed in, or that the person is out of the team; from nothing else", () => {
  const told: string[] = [];
  const stop = onStanding(() => told.push(readStanding()));
  for (const error of [
    refused("FORBIDDEN", "This needs the capability source.write: ask an admin of the team for a role that has it."),
    refused("NOT_FOUND", NOT_A_MEMBER),
    new Error(NOT_A_MEMBER),
    "UNAUTHORIZED",
  ])
    noteFailure(error);
  expect(readStanding()).toBe("in");
  noteFailure(refused("UNAUTHORIZED", "Log in, or send an API key."));
  noteFailure(refused("UNAUTHORIZED", "Log in, or send an API key."));
  noteSignedIn();
  noteFailure(refused("FORBIDDEN", NOT_A_MEMBER));
  stop();
  expect(told).toEqual(["signed-out", "in", "removed"]);
});

test("an answer to a call of before the log-in does not end it again", () => {
  const before = currentLogIn();
  const late = refused("UNAUTHORIZED", "Log in, or send an API key.");
  noteFailure(refused("UNAUTHORIZED", "Log in, or send an API key."));
  noteSignedIn();
  noteBegun(late, before);
  noteFailure(late);
  expect(readStanding()).toBe("in");
  const again = refused("UNAUTHORIZED", "Log in, or send an API key.");
  noteBegun(again, currentLogIn());
  noteFailure(again);
  expect(readStanding()).toBe("signed-out");
});
