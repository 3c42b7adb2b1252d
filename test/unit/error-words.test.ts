import { expect, test } from "vitest";
import { errorWords } from "#components/frame/error-words.ts";

const answered = (code: string, message: string) => Object.assign(new Error(message), { data: { code } });

test("a page says what was answered, and offers to try again only where that can help", () => {
  expect(errorWords(answered("NOT_FOUND", "There is no event evt_1."))).toEqual({
    title: "There is nothing here",
    text: "There is no event evt_1. It may have been deleted, be past its retention, or be of another team.",
    mayHelpAgain: false,
  });
  expect(errorWords(answered("FORBIDDEN", "Ask an admin."))).toMatchObject({
    text: "Ask an admin.",
    mayHelpAgain: false,
  });
  expect(errorWords(answered("SERVICE_UNAVAILABLE", "Try again."))).toMatchObject({ mayHelpAgain: true });
});

test("a page does not show what a failure of ours says of itself", () => {
  for (const error of [new Error("relation does not exist"), answered("INTERNAL_SERVER_ERROR", "secret")])
    expect(errorWords(error)).toMatchObject({ title: "This page could not be loaded", mayHelpAgain: true });
  expect(errorWords(new Error("relation does not exist")).text).not.toContain("relation");
});
