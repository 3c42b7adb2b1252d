// The OpenAPI document as generators of clients read it: it is taken without a complaint, and their code calls a real gateway.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnv } from "#server/env.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..");
const HOOK = pathToFileURL(join(ROOT, "test/support/typescript-for-generators.mjs")).href;

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await createApi();
  folder = await mkdtemp(join(tmpdir(), "openapi-generators-"));
  await writeFile(join(folder, "openapi.json"), (await api.get("/v1/openapi.json")).text);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await api[Symbol.asyncDispose]();
});

/** Runs a generator in the folder. @returns what it printed */
async function generate(program: string, args: string[]): Promise<string> {
  const env = childEnv({ NODE_OPTIONS: `--import=${HOOK}`, NO_COLOR: "1" });
  const { stdout, stderr } = await run(process.execPath, [join(ROOT, "node_modules", program), ...args], {
    cwd: folder,
    env,
  });
  return stdout + stderr;
}

const SETTINGS = {
  compilerOptions: {
    ...{ target: "ES2024", lib: ["ES2024", "DOM", "DOM.Iterable"], module: "preserve", moduleResolution: "bundler" },
    ...{ strict: true, noUncheckedIndexedAccess: true, noEmit: true, skipLibCheck: true, types: [] },
  },
};

/** Checks generated code and a program that uses it. @returns the compiler's complaints */
async function complaintsAbout(name: string, program: string): Promise<string> {
  await writeFile(join(folder, `${name}.use.ts`), program);
  await writeFile(join(folder, `tsconfig.${name}.json`), JSON.stringify({ ...SETTINGS, files: [`${name}.use.ts`] }));
  const checked = run(
    process.execPath,
    [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", `tsconfig.${name}.json`],
    {
      cwd: folder,
    },
  );
  return checked.then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

const WARNING = /\bwarn|error|fail|missing|unsupported|deprecat|duplicate/i;

describe("a client", () => {
  test("of openapi-typescript has a type for each call, its answer and its refusals", async () => {
    const printed = await generate("openapi-typescript/bin/cli.js", ["openapi.json", "-o", "types.ts"]);
    expect(printed).not.toMatch(WARNING);
    const program = `
import type { components, operations, paths } from "./types";

type Create = paths["/v1/sources"]["post"];
const body: Create["requestBody"]["content"]["application/json"] = { name: "typed", type: "PUBLISH" };
const { url, apiKey } = { url: "", apiKey: "" };
export async function create(): Promise<components["schemas"]["Source"]> {
  const answer = await fetch(url + "/v1/sources", { method: "POST", body: JSON.stringify(body), headers: { authorization: apiKey } });
  if (answer.status === 201) return (await answer.json()) as Create["responses"][201]["content"]["application/json"];
  const { error } = (await answer.json()) as Create["responses"][422]["content"]["application/json"];
  throw new Error(error.issues?.[0]?.path ?? error.message);
}
export const query: operations["events.list"]["parameters"]["query"] = { status: ["FAILED"], limit: 5, body: "{}" };
// @ts-expect-error: a state that no event can have
export const wrong: operations["events.list"]["parameters"]["query"] = { status: ["LOST"] };
// @ts-expect-error: a source without a name
export const unnamed: Create["requestBody"]["content"]["application/json"] = { type: "PUBLISH" };
`;
    expect(await complaintsAbout("openapi-typescript", program)).toBe("");
  });

  test("of @hey-api/openapi-ts calls a gateway and gets typed answers and refusals", async () => {
    const printed = await generate("@hey-api/openapi-ts/bin/run.js", ["-i", "openapi.json", "-o", "hey"]);
    expect(printed).not.toMatch(WARNING);
    const program = `
import { createClient, createConfig } from "./hey/client";
import { destinationsCreate, destinationsList, eventsRawBody, sourcesGet } from "./hey";

export async function journey(baseUrl: string, auth: string) {
  const client = createClient(createConfig({ baseUrl, auth }));
  const made = await destinationsCreate({ client, body: { name: "by-hey", type: "MOCK" } });
  const listed = await destinationsList({ client, query: { search: "by-hey", id: [made.data?.id ?? ""], limit: 1 } });
  const missing = await sourcesGet({ client, path: { id: "src_none" } });
  const bytes = await eventsRawBody({ client, path: { id: "evt_none" } });
  const code: string | undefined = missing.error?.error.code;
  return { names: listed.data?.data.map(({ name }) => name), next: listed.data?.pagination.next, code, bytes: bytes.response?.status };
}
export const wrong = (client: ReturnType<typeof createClient>) =>
  // @ts-expect-error: a kind of destination that is not there
  destinationsCreate({ client, body: { name: "x", type: "PIGEON" } });
`;
    expect(await complaintsAbout("hey", program)).toBe("");
    const { journey } = await import(pathToFileURL(join(folder, "hey.use.ts")).href);
    expect(await journey(api.origin, api.key)).toEqual({
      names: ["by-hey"],
      next: null,
      code: "NOT_FOUND",
      bytes: 404,
    });
  });

  test("of swagger-typescript-api calls a gateway and gets typed answers and refusals", async () => {
    const printed = await generate("swagger-typescript-api/dist/cli.mjs", [
      ...["generate", "--path", "openapi.json", "--output", ".", "--name", "swagger.ts"],
    ]);
    expect(printed).not.toMatch(WARNING);
    const program = `
import { Api, type Destination } from "./swagger";

export async function journey(baseUrl: string, key: string) {
  const { v1 } = new Api({ baseUrl, baseApiParams: { headers: { authorization: "Bearer " + key } } });
  const made: Destination = (await v1.destinationsCreate({ name: "by-swagger", type: "MOCK" })).data;
  const listed = (await v1.destinationsList({ search: "by-swagger", id: [made.id], limit: 1 })).data;
  const refused = await v1.sourcesGet("src_none").catch((answer) => answer.error);
  return { names: listed.data.map(({ name }) => name), next: listed.pagination.next, code: refused.error.code };
}
export const wrong = (api: Api<unknown>) =>
  // @ts-expect-error: a destination without a name
  api.v1.destinationsCreate({ type: "MOCK" });
`;
    expect(await complaintsAbout("swagger", program)).toBe("");
    const { journey } = await import(pathToFileURL(join(folder, "swagger.use.ts")).href);
    expect(await journey(api.origin, api.key)).toEqual({ names: ["by-swagger"], next: null, code: "NOT_FOUND" });
  });
});
