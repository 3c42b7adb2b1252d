import { visibleText } from "#server/contracts/visible-text.ts";
import type { JsonLine, JsonLines } from "./json-lines.ts";
import { MAX_INDENT } from "./json-lines.ts";

/** More of one value than this is not drawn; a copy has it whole. */
const MAX_SHOWN_CHARS = 2_000;

const COLOURS: Record<JsonLine["kind"], string> = {
  string: "text-code-string",
  number: "text-code-number",
  word: "text-code-keyword",
  empty: "",
  open: "",
  close: "",
};

const members = ({ size }: JsonLine, isObject: boolean) =>
  `${isObject ? "{" : "["} ${size} ${isObject ? "key" : "item"}${size === 1 ? "" : "s"} ${isObject ? "}" : "]"}`;

/** One line of JSON in its colours. `isFolded`: its container stands on this one line. */
export function JsonText({ doc, index, isFolded = false }: { doc: JsonLines; index: number; isFolded?: boolean }) {
  const line = doc.lines[index];
  if (!line) return null;
  const indent = "  ".repeat(Math.min(line.depth, MAX_INDENT));
  const isObject = doc.text[line.start] === "{";
  const comma = isFolded ? doc.lines[line.closedBy]?.hasComma : line.hasComma;
  const end = line.kind === "open" ? line.start + 1 : line.end;
  const left = end - line.start - MAX_SHOWN_CHARS;
  return (
    <span className="whitespace-pre text-ink-2">
      {indent}
      {typeof line.step === "string" && line.kind !== "close" ? (
        <>
          <span className="text-code-key">{visibleText(line.step.slice(0, MAX_SHOWN_CHARS))}</span>
          {": "}
        </>
      ) : null}
      {isFolded ? (
        <span className="text-code-comment">{members(line, isObject)}</span>
      ) : (
        <span className={COLOURS[line.kind]}>
          {visibleText(doc.text.slice(line.start, Math.min(end, line.start + MAX_SHOWN_CHARS)))}
        </span>
      )}
      {left > 0 ? <span className="text-code-comment"> … {left.toLocaleString("en-US")} more characters</span> : null}
      {comma ? "," : ""}
    </span>
  );
}
