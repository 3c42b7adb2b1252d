// JSON as people write a filter: what fits on a line stays on one. Pure.
import { isObject, type Json } from "#server/json/value.ts";

const WIDTH = 76;

/** The JSON of a value, indented by two, each list and object on one line where there is room for it. */
export function compactJson(value: Json, indent = 0): string {
  const inline = inlineJson(value);
  if (indent > 0 && inline.length + indent <= WIDTH) return inline;
  const pad = " ".repeat(indent + 2);
  const end = `\n${" ".repeat(indent)}`;
  if (Array.isArray(value) && value.length > 0) {
    return `[${value.map((each) => `\n${pad}${compactJson(each, indent + 2)}`).join(",")}${end}]`;
  }
  if (!isObject(value) || Object.keys(value).length === 0) return inline;
  const members = Object.entries(value).map(
    ([key, member]) => `\n${pad}${JSON.stringify(key)}: ${compactJson(member, indent + 2)}`,
  );
  return `{${members.join(",")}${end}}`;
}

function inlineJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(inlineJson).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${inlineJson(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
