// A request as text that a person edits: its first line, its headers, an empty line, and the body as it is.
import { CommandError } from "./exit-code.ts";
import type { LocalRequest } from "./forward.ts";

/** @throws CommandError where the body is no text */
export function toText({ method, path, query, headers, body }: LocalRequest): string {
  const text = body.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(body)) {
    throw new CommandError("The body of this request is no text, so it cannot be edited: send it without --edit.");
  }
  const head = [
    `${method} ${path}${query === "" ? "" : `?${query}`}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return `${head.join("\n")}\n\n${text}`;
}

/** Header names that say how long the body was. */
const OF_THE_BODY = new Set(["content-length", "transfer-encoding"]);

/** @param before as it was given to edit: an editor adds a line feed to the end of a text that has none */
export function fromText(text: string, before: LocalRequest): LocalRequest {
  const [first = "", ...rest] = text.replaceAll("\r\n", "\n").split("\n");
  const line = /^([A-Za-z]+) (\/[^\s?]*)(?:\?(\S*))?\s*$/.exec(first);
  if (!line)
    throw new CommandError(
      `The first line is a method and a path, such as POST /hooks?a=1, and not ${first.slice(0, 60)}.`,
    );
  const end = rest.indexOf("");
  const lines = end === -1 ? rest : rest.slice(0, end);
  const headers = lines.map((each): [string, string] => {
    const [, name, value] = /^([^\s:]+):[ \t]*(.*)$/.exec(each) ?? [];
    if (name === undefined || value === undefined)
      throw new CommandError(`A header is a name and a value, and not ${each.slice(0, 60)}.`);
    return [name, value];
  });
  const body = end === -1 ? "" : rest.slice(end + 1).join("\n");
  const isAdded = body.endsWith("\n") && !before.body.toString("utf8").endsWith("\n");
  return {
    method: (line[1] ?? "").toUpperCase(),
    path: line[2] ?? "/",
    query: line[3] ?? "",
    headers: headers.filter(([name]) => !OF_THE_BODY.has(name.toLowerCase())),
    body: Buffer.from(isAdded ? body.slice(0, -1) : body, "utf8"),
  };
}
