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

/** An editor may write every line with a carriage return, or end a text that had no line feed at its end with one. */
function bodyFrom(text: string, before: string): string {
  const body = before.includes("\r\n") ? text : text.replaceAll("\r\n", "\n");
  return body.endsWith("\n") && !before.endsWith("\n") ? body.replace(/\r?\n$/, "") : body;
}

/** @param before as it was given to edit */
export function fromText(text: string, before: LocalRequest): LocalRequest {
  const [, head = text, body = ""] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(text) ?? [];
  const [first = "", ...lines] = head.split(/\r?\n/).filter((each, at) => at === 0 || each !== "");
  const line = /^([A-Za-z]+) (\/[^\s?]*)(?:\?(\S*))?\s*$/.exec(first);
  if (!line)
    throw new CommandError(
      `The first line is a method and a path, such as POST /hooks?a=1, and not ${first.slice(0, 60)}.`,
    );
  const headers = lines.map((each): [string, string] => {
    const [, name, value] = /^([^\s:]+):[ \t]*(.*)$/.exec(each) ?? [];
    if (name === undefined || value === undefined)
      throw new CommandError(`A header is a name and a value, and not ${each.slice(0, 60)}.`);
    return [name, value];
  });
  return {
    method: (line[1] ?? "").toUpperCase(),
    path: line[2] ?? "/",
    query: line[3] ?? "",
    headers: headers.filter(([name]) => !OF_THE_BODY.has(name.toLowerCase())),
    body: Buffer.from(bodyFrom(body, before.body.toString("utf8")), "utf8"),
  };
}
