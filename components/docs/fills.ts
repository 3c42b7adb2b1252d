// Placeholders in the examples of the docs, and what stands there for a team. Pure.

/** As they are written in docs/guide. Anything else in braces is the example's own. */
const PLACEHOLDER = /\{(gateway|source_id|connection_id|destination_id)\}/;
type Fill = "gateway" | "source_id" | "connection_id" | "destination_id";
export type Fills = Record<Fill, string>;

/** What a team without a connection reads. */
const UNFILLED: Omit<Fills, "gateway"> = { source_id: "src_…", connection_id: "web_…", destination_id: "des_…" };

interface Ends {
  id: string;
  source_id: string;
  destination_id: string;
}

export const fillsOf = (gateway: string, connection: Ends | undefined): Fills => ({
  gateway,
  ...(connection
    ? { source_id: connection.source_id, connection_id: connection.id, destination_id: connection.destination_id }
    : UNFILLED),
});

export interface FilledPart {
  text: string;
  isFilled: boolean;
}

/** A text in parts, those that were filled in marked. */
export const fill = (text: string, fills: Fills): FilledPart[] =>
  text
    .split(PLACEHOLDER)
    .map((part, index) =>
      index % 2 === 0 ? { text: part, isFilled: false } : { text: fills[part as Fill], isFilled: true },
    )
    .filter((part) => part.text !== "");

/** Whether a text has a place for what a team calls its own; the gateway is nobody's choice. */
export const isAboutTeam = (text: string): boolean => PLACEHOLDER.test(text.replaceAll("{gateway}", ""));
