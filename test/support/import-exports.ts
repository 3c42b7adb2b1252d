// Exports of other systems as small as they can be, and what an import makes of them.
import { readExport } from "#server/import/read-export.ts";
import type { System } from "#server/import/recognise.ts";

export const read = (system: System, value: unknown, env: Record<string, string> = {}) => {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 1);
  return readExport(system, [{ name: "file.json", text }], (name) => env[name]);
};

export const endpoint = (more: object = {}) => ({ id: "ep_1", url: "https://a.example", filterTypes: null, ...more });
export const hookdeckSource = (more: object = {}) => ({
  id: "src_1",
  name: "in",
  type: "WEBHOOK",
  config: {},
  ...more,
});
export const hookdeckEnd = (more: object = {}) => ({
  ...{ id: "des_1", name: "out", type: "HTTP" },
  config: { url: "https://a.example", auth_type: "BEARER_TOKEN", auth: { token: "secret-token" }, ...more },
});
export const connection = (more: object = {}) => ({
  id: "web_1",
  name: "c",
  source: hookdeckSource(),
  destination: hookdeckEnd(),
  ...more,
});
/** What the flow says of the lines that begin with this field. */
export const declared = ({ flow }: ReturnType<typeof read>, field: string) =>
  flow.text
    .split("\n")
    .map((line) => line.replace(/^,/, ""))
    .filter((line) => line.startsWith(`{"${field}"`) && !line.startsWith('{"apiVersion'))
    .map((line) => JSON.parse(line));
