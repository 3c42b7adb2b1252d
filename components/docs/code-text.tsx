import { type Fills, fill } from "./fills.ts";

/** What stands in quotes, so that code is read at a glance. */
const QUOTED = /('[^']*'|"[^"\n]*")/;

/** Code to be read, with the fields that were filled in for this team in amber. */
export const CodeText = ({ text, fills }: { text: string; fills?: Fills }) =>
  text.split(QUOTED).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name
    <span key={index} className={index % 2 === 0 ? "" : "text-code-string"}>
      {(fills ? fill(part, fills) : [{ text: part, isFilled: false }]).map((piece, at) =>
        piece.isFilled ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <span key={at} className="rounded-xs bg-accent-bg text-accent">
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </span>
  ));
