// The columns of lists that a person has chosen, as their page asks for them.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FrontWorld, startFrontWorld } from "#test/support/front-world.ts";
import { signInAs } from "#test/support/people.ts";

let on: FrontWorld;
beforeAll(async () => {
  on = await startFrontWorld();
});
afterAll(() => on?.[Symbol.asyncDispose]());

const signIn = () => signInAs(on.front.url, on.world.env.databaseUrl, "viewer");
const columnsOf = async (cookie: string) => (await on.page.query("account.columns", { cookie })).data.columns;
const choose = (cookie: string, list: string, columns: unknown) =>
  on.page.mutate("account.chooseColumns", { cookie }, { list, columns });

test("columns are kept for the person alone, list by list, chosen at once too, until they want the usual ones", async () => {
  const [person, other] = [await signIn(), await signIn()];
  expect(await columnsOf(person.cookie)).toEqual({});
  const answers = await Promise.all([
    choose(person.cookie, "events", ["state", "destination"]),
    choose(person.cookie, "requests", ["door", "method"]),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await columnsOf(person.cookie)).toEqual({ events: ["state", "destination"], requests: ["door", "method"] });
  expect(await columnsOf(other.cookie)).toEqual({});
  expect((await choose(person.cookie, "events", null)).data).toEqual({ columns: { requests: ["door", "method"] } });
});

test.each([
  ["bulk", ["state"]],
  ["events", []],
  ["events", ["<b>"]],
  ["events", Array.from({ length: 21 }, (_, i) => `c${"_".repeat(i)}`)],
])("columns that no list can have are refused, and nothing is kept: %# of %s", async (list, columns) => {
  const { cookie } = await signIn();
  expect((await choose(cookie, list, columns)).status).toBe(422);
  expect(await columnsOf(cookie)).toEqual({});
});
