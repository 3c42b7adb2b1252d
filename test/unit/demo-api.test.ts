import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { makeApi } from "#test/demo/api.ts";

async function listen(handler: RequestListener) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: stop };
}

test("a database that is away for a moment does not end the demo", async () => {
  let calls = 0;
  await using server = await listen((_, response) => {
    response.statusCode = calls++ === 0 ? 503 : 200;
    response.end(
      JSON.stringify(calls === 1 ? { error: { message: "The database does not answer just now." } } : { id: "src_1" }),
    );
  });
  const api = makeApi({ url: server.url, apiKey: "sy_test" });
  expect(await api.save("sources", { name: "one" })).toEqual({ id: "src_1" });
  expect(calls).toBe(2);
});

test("a refusal is said in the API's own words, at once", async () => {
  let calls = 0;
  await using server = await listen((_, response) => {
    calls++;
    response.statusCode = 401;
    response.end(JSON.stringify({ error: { message: "The API key is not known." } }));
  });
  const api = makeApi({ url: server.url, apiKey: "sy_test" });
  await expect(api.save("sources", { name: "one" })).rejects.toThrow(
    "PUT /v1/sources was refused: The API key is not known.",
  );
  expect(calls).toBe(1);
});

test("an address where nothing was ever reached is named at once", async () => {
  const { url, [Symbol.asyncDispose]: stop } = await listen(() => {});
  await stop();
  const api = makeApi({ url, apiKey: "sy_test" });
  await expect(api.save("sources", { name: "one" })).rejects.toThrow(`Nothing answers at ${url}`);
});
