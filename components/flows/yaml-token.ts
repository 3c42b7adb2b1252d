// The words of YAML, for their colours alone: the server reads the file.
import type { StringStream } from "@codemirror/language";

/** The name of the colour of what stands next in a line. */
export function yamlToken(stream: StringStream): string | null {
  if (stream.eatSpace()) return null;
  if (stream.sol() && stream.match(/^(?:---|\.\.\.)\s*$/)) return "keyword";
  if (stream.match(/^#.*/)) return "comment";
  if (stream.match(/^-(?=\s|$)/)) return null;
  if (stream.match(/^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s:#,[\]{}"'][^:#,[\]{}]*)(?=\s*:(?:\s|$))/))
    return "propertyName";
  if (stream.match(/^"(?:[^"\\]|\\.)*"?|^'(?:[^']|'')*'?/)) return "string";
  if (stream.match(/^-?\d+(?:\.\d+)?(?=[\s,\]}]|$)/)) return "number";
  if (stream.match(/^(?:true|false|null|~)(?=[\s,\]}]|$)/)) return "bool";
  if (stream.match(/^[^\s#,[\]{}:]+/)) return "string";
  stream.next();
  return null;
}
