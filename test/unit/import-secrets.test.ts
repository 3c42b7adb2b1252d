// Secrets and ends that an export tells apart by less than their names.
import { expect, test } from "vitest";
import { connection, declared, endpoint, hookdeckEnd, hookdeckSource, read } from "#test/support/import-exports.ts";

test("a source and a destination of one name keep a secret each, also where one comes from the environment", () => {
  const config = { auth_type: "API_KEY", auth: { header_key: "x-key", api_key: "of-source" } };
  const source = hookdeckSource({ name: "shop", config });
  for (const token of ["of-destination", null]) {
    const destination = { ...hookdeckEnd({ auth: { token } }), name: "shop" };
    const env = { HOOKDECK_SHOP_SECRET_2: "of-destination" };
    const found = read("hookdeck", { models: [connection({ source, destination })] }, env);
    expect(found.flow.secrets).toEqual({ ...env, HOOKDECK_SHOP_SECRET: "of-source" });
    const names = declared(found, "name").map(({ auth }) => (auth.apiKey ?? auth.token).secretFrom.env);
    expect(names).toEqual(["HOOKDECK_SHOP_SECRET_2", "HOOKDECK_SHOP_SECRET"]);
  }
});

test("what several lack of one name is told apart by where it stands, and asked for by a variable each", () => {
  const source = hookdeckSource({ name: "shop", config: { auth_type: "API_KEY", auth: { header_key: "x-key" } } });
  const destination = { ...hookdeckEnd({ auth_type: "BEARER_TOKEN", auth: { token: null } }), name: "shop" };
  // The same two ends in a second connection are those of the first.
  const value = { models: [connection({ source, destination }), connection({ source, destination, id: "web_2" })] };
  const asked = read("hookdeck", value).notes.filter(({ kind }) => kind === "secret");
  const variables = asked.map(({ message }) => /set (\w+) before/.exec(message)?.[1]);
  expect(variables).toEqual(["HOOKDECK_SHOP_SECRET", "HOOKDECK_SHOP_SECRET_2"]);
  const env = { HOOKDECK_SHOP_SECRET: "of-source", HOOKDECK_SHOP_SECRET_2: "of-destination" };
  const found = read("hookdeck", value, env);
  expect(found.flow.secrets).toEqual(env);
  expect(declared(found, "name").map(({ auth }) => (auth.apiKey ?? auth.token).secretFrom.env)).toEqual(
    variables.toReversed(),
  );
  expect(read("hookdeck", value, { HOOKDECK_SHOP_SECRET_2: "of-destination" }).flow.secrets).toEqual({
    HOOKDECK_SHOP_SECRET_2: "of-destination",
  });
});

test("endpoints that an export tells by nothing but their order are all imported", () => {
  const nameless = (url: string) => ({ ...endpoint(), id: undefined, uid: undefined, url, secret: undefined });
  const numbered = { ...nameless("https://c.example/in"), id: "2" };
  const [a, b] = [nameless("https://a.example/in"), nameless("https://b.example/in")];
  for (const data of [
    [a, b],
    [numbered, b],
  ]) {
    const found = read("svix", { data });
    expect(found.problems).toEqual([]);
    const ends = declared(found, "name").filter(({ url }) => url);
    expect(ends.map(({ url }) => url)).toEqual(data.map(({ url }) => url));
    expect(new Set(ends.map(({ name }) => name)).size).toBe(2);
  }
});
