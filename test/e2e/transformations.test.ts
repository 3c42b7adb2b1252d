// Transformations as a person writes them: against a real request, saved, used, brought back, and nobody overwritten.
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Role } from "#server/contracts/capability.ts";
import { createConnection, updateConnection } from "#server/resources/connections.ts";
import { getSource } from "#server/resources/sources.ts";
import { createTransformation, updateTransformation } from "#server/resources/transformations.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import {
  hasFocus,
  layoutShiftOf,
  scrollsSideways,
  violationsInBothThemes,
  violationsOn,
} from "#test/support/page-look.ts";
import { type PageWorld, startPageWorld } from "#test/support/page-world.ts";
import type { SignedIn } from "#test/support/people.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { eventually, type World } from "#test/support/world.ts";

let on: PageWorld;
let world: World;
let receiver: Receiver;
const people = new Map<Role, SignedIn>();

beforeAll(async () => {
  on = await startPageWorld();
  ({ world } = on);
  people.set("admin", on.person).set("viewer", await on.signIn("viewer"));
  receiver = await startReceiver();
});

afterAll(async () => {
  await receiver?.[Symbol.asyncDispose]();
  await on?.[Symbol.asyncDispose]();
});

const BODY = '{"type":"invoice.paid","seq":8202522731445525542,"data":{"object":{"amount_due":1200,"currency":"eur"}}}';

async function makeSource(name: string) {
  const connection = await createConnection(world.ctx, {
    name,
    source: { name },
    destination: { name, config: { url: receiver.url } },
  });
  const { url } = await getSource(world.ctx, { id: connection.source_id });
  const post = () =>
    fetch(world.ingestUrl({ url }), { method: "POST", body: BODY, headers: { "content-type": "application/json" } });
  return { connection, post };
}

const make = (name: string, code = "return request;") =>
  createTransformation(world.ctx, { name, code, env: { TOKEN: "secret-token-1" } });

const open = (path: string, role: Role = "admin", look: BrowserContextOptions = WIDE) =>
  on.open(`/transformations${path}`, look, people.get(role));

const editorOf = (page: Page): Locator => page.locator(".cm-content");
const outputOf = (page: Page) => page.getByRole("region", { name: "Output" });

/** Waits for a toast: a screen reader is told it beside what is seen. */
const saying = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

/** Replaces all of the code, as fast as a person pastes. */
async function write(page: Page, code: string) {
  await editorOf(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(code);
}

test("code is written against a real request, run as it is typed, saved, used, and seen at the receiver", async () => {
  const { connection, post } = await makeSource("invoices");
  await post();
  await receiver.received(1);
  const { page, problems } = await open("?new=true");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("flat invoice");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await dialog
    .getByRole("alert")
    .getByText(/letters, digits/)
    .waitFor();
  await dialog.getByLabel("Name").fill("flat-invoice");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name: "flat-invoice", level: 1 }).waitFor();
  await outputOf(page).getByText("The request goes out as it came.").waitFor();
  await page.getByText("8202522731445525542").first().waitFor();

  await write(
    page,
    "const { object } = request.body.data;\nrequest.body = { seq: request.body.seq };\nreturn request.",
  );
  await page.keyboard.press("Backspace");
  await page.keyboard.type(".");
  const options = page.getByRole("listbox").getByRole("option");
  await options.first().waitFor();
  expect((await options.allTextContents()).slice(0, 2)).toEqual(["objbodyparsed JSON", "objheaderslower-case names"]);
  await page.keyboard.press("Escape");
  await outputOf(page).getByText("does not parse").waitFor();
  await page.keyboard.press("Backspace");
  await page.keyboard.type(";");
  await outputOf(page).getByText("returned", { exact: true }).waitFor();
  await outputOf(page).getByText("−").first().waitFor();
  expect(await outputOf(page).textContent()).toContain("8202522731445525542");

  await page.keyboard.press("Control+s");
  await saying(page, "Saved as v2.");
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await updateConnection(world.ctx, { id: connection.id, rules: [{ type: "transform", transformation_id: id }] });
  await page.getByRole("button", { name: "used by 1 connection" }).waitFor();
  await write(page, "if (request.body.seq) throw new Error('no seq wanted');\nreturn request;");
  const last = page.getByRole("region", { name: "Last requests" });
  await last.getByRole("button", { name: "Try it on them" }).click();
  await last.getByText("1 failed").waitFor();
  await last.getByText(/no seq wanted, line 1 · v2 fails on 0/).waitFor();
  await last.getByRole("button", { name: "Show the one" }).click();
  await page.getByRole("menuitem", { name: /no seq wanted/ }).click();
  await outputOf(page).getByText("threw").waitFor();
  const before = receiver.receipts.length;
  await eventually(
    async () => {
      await post();
      return (await receiver.received(before + 1)).slice(before).map(({ body }) => body.toString());
    },
    (bodies) => bodies.includes('{"seq":8202522731445525542}'),
  );
  // Of the name that was refused.
  expect(problems).toEqual([expect.stringContaining("status of 422")]);
});

test("what throws is said with its line, what is logged stands below, pasted JSON is an input of its own", async () => {
  const { id } = await make("throws", 'console.warn("seen", request.body.id);\nreturn request;');
  const { page, problems } = await open(`/${id}?input=pasted`);
  await editorOf(page).waitFor();
  await page.getByLabel("JSON to try it on").fill('{"id": 12345678901234567890');
  await page.getByText(/This is not JSON/).waitFor();
  await page.getByLabel("JSON to try it on").fill('{"id": 12345678901234567890}');
  const console = page.getByRole("region", { name: "Console", exact: true });
  await console.getByText(/12345678901234567890/).waitFor();
  await write(page, "const a = 1;\nthrow new Error(context.env.TOKEN + ' is not said');");
  await outputOf(page).getByText("threw").waitFor();
  expect(await page.content()).not.toContain("secret-token-1");
  await outputOf(page).getByRole("button", { name: "Go to line 2" }).click();
  expect(await page.locator(".cm-line.cm-problem").textContent()).toContain("throw new Error");

  await page.reload();
  await outputOf(page).getByText("threw").waitFor();
  expect(await page.getByLabel("JSON to try it on").inputValue()).toBe('{"id": 12345678901234567890}');
  await page.getByText("unsaved").waitFor();
  await page.keyboard.press("F2");
  await page.getByLabel("Name", { exact: true }).fill("renamed");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "renamed", level: 1 }).waitFor();
  expect(await editorOf(page).textContent()).toContain("is not said");
  expect(problems).toEqual([]);
});

test("a version is compared and brought back as a new one, and the toast's Undo brings back the other", async () => {
  const { id } = await make("history", "return request; // one");
  await updateTransformation(world.ctx, { id, code: "return request; // two" });
  const { page, problems } = await open(`/${id}?side=versions`);
  await page.getByRole("button", { name: /^v1/ }).click();
  await page.getByRole("heading", { name: "v1 beside v2, which runs now" }).waitFor();
  await page.getByText("2 lines differ.").waitFor();
  await page.getByRole("button", { name: "Restore as v3" }).click();
  await saying(page, "v1 runs again, as v3.");
  await page.getByText(`by ${on.person.person.email}, brings back v1`).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByText("v3 live").waitFor();
  await write(page, "return request; // four");
  await page.keyboard.press("Control+s");
  await saying(page, "Saved as v4.");
  await page.getByRole("button", { name: "Undo" }).click();
  await saying(page, "v3 runs again, as v5.");
  expect(await editorOf(page).textContent()).toContain("// one");
  expect(problems).toEqual([]);
});

test("whoever saves what somebody else has changed meanwhile is told who, and nothing is overwritten", async () => {
  const { id } = await make("shared", "return request; // base");
  const { page, problems } = await open(`/${id}`);
  await editorOf(page).waitFor();
  await write(page, "return request; // mine");
  await updateTransformation(world.ctx, { id, code: "return request; // theirs" });
  await page.getByText(/v2 was saved by the product.* while you changed v1/).waitFor();
  await page.keyboard.press("Control+s");
  await saying(page, "v2 was saved meanwhile: say above which code it is to be.");
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("heading", { name: "v2, which runs now, beside your code" }).waitFor();
  await page.getByText("// theirs").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Go on with mine" }).click();
  await page.getByRole("button", { name: "Save as v3" }).click();
  await saying(page, "Saved as v3.");
  expect(await editorOf(page).textContent()).toContain("// mine");
  expect(problems).toEqual([]);
});

test("a viewer reads the code, its versions and where it is used, and can change and run nothing", async () => {
  const { id } = await make("read-only");
  const { page, problems } = await open(`/${id}`, "viewer");
  await editorOf(page).click();
  await page.keyboard.type("x");
  await page.keyboard.press("Control+s");
  expect(await editorOf(page).textContent()).not.toContain("x");
  await page.getByText("Running it needs a member of the team.").waitFor();
  expect(await page.getByRole("button", { name: /Save|Rename|Format/ }).count()).toBe(0);
  await page.getByRole("button", { name: "More" }).click();
  expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Versions", "Values of env", "Where it is used"]);
  await page.getByRole("menuitem", { name: "Values of env" }).click();
  await page.getByText("…en-1").waitFor();
  expect(await violationsOn(page)).toEqual([]);
  expect(await page.content()).not.toContain("secret-token-1");
  expect(problems).toEqual([]);
});

test("what a connection uses is not deleted; what none uses is, after its name", async () => {
  const { id } = await make("deleted");
  const connection = await createConnection(world.ctx, {
    name: "holds-it",
    source: { name: "holds-it" },
    destination: { name: "holds-it", config: { url: receiver.url } },
    rules: [{ type: "transform", transformation_id: id }],
  });
  const { page, problems } = await open(`/${id}`);
  const askDelete = async () => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
  };
  await page.getByRole("button", { name: "used by 1 connection" }).waitFor();
  await askDelete();
  await page.getByRole("dialog").getByRole("link", { name: "holds-it" }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Keep it" }).click();
  await updateConnection(world.ctx, { id: connection.id, rules: [] });
  await page.getByRole("button", { name: "used by no connection" }).waitFor();
  await askDelete();
  await page.getByRole("dialog").getByLabel("Type the name").fill("deleted");
  await page.getByRole("dialog").getByRole("button", { name: "Delete 1 version" }).click();
  await page.waitForURL(/\/transformations$/);
  await saying(page, "deleted was deleted.");
  expect(problems).toEqual([]);
});

test("all of it is done by keys: from the list into the code, out of it, run and saved", async () => {
  await make("zz-by-keys");
  const { page, problems } = await open("?search=by-keys");
  const row = page.getByRole("link", { name: "zz-by-keys" }).first();
  await row.waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await editorOf(page).waitFor();
  for (let tabs = 0; tabs < 60 && !(await hasFocus(editorOf(page))); tabs++) await page.keyboard.press("Tab");
  expect(await hasFocus(editorOf(page))).toBe(true);
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await hasFocus(editorOf(page))).toBe(true);
  await page.keyboard.insertText("// typed");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+s");
  await saying(page, "Saved as v2.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  expect(await hasFocus(editorOf(page))).toBe(false);
  await page.keyboard.press("d");
  await page.getByRole("dialog").getByRole("heading", { name: "Duplicate zz-by-keys" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "zz-by-keys-copy", level: 1 }).waitFor();
  expect(await editorOf(page).textContent()).toContain("// typed");
  expect(problems).toEqual([]);
});

describe.each([
  { name: "1440 px", look: WIDE },
  { name: "390 px", look: PHONE },
])("at $name, in both themes", ({ look }) => {
  test("list and editor have no accessibility violation, no sideways scroll and no shift", async () => {
    const { id } = await make(`seen-at-${look.viewport.width}`, "return request;");
    for (const path of ["", `/${id}`]) {
      const { page, problems } = await open(path, "admin", look);
      if (path === "") await page.getByRole("table").waitFor();
      else await editorOf(page).waitFor();
      expect(await layoutShiftOf(page), path).toBeLessThan(0.02);
      expect(await violationsInBothThemes(page), path).toEqual([]);
      expect(await scrollsSideways(page), path).toBe(false);
      expect(problems, path).toEqual([]);
      await page.context().close();
    }
  });
});
