import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openApiDocument } from "#server/api/openapi.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { makeReference } from "#server/api/reference.ts";
import { borrowBrowser, type TestBrowser } from "#test/support/browser.ts";

const reference = makeReference({ makeNonce: () => randomUUID() });
let server: Server;
let browser: TestBrowser;

beforeAll(async () => {
  server = createServer((req, res) => {
    if (req.url !== "/v1/openapi.json") return void reference.handle(req, res);
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify(openApiDocument(ALL_OPERATIONS, "http://127.0.0.1:3001")));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  browser = await borrowBrowser();
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  server?.close();
  await reference.close();
});

test("the API reference opens in a browser, and offers to hand the document to nobody", async () => {
  const { port } = server.address() as AddressInfo;
  const { page, problems } = await browser.open(`http://127.0.0.1:${port}/v1/docs/`);
  await page.getByRole("heading", { name: "Switchyard", exact: true }).waitFor();
  await page.getByText("List sources").first().waitFor();
  const offers = page.getByText(/^\s*(Developer Tools|Configure|Share|Deploy|Generate MCP|Ask AI)\s*$/);
  expect(await offers.allTextContents()).toEqual([]);
  expect(problems).toEqual([]);
});
