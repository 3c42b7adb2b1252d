// Evidence: the stored part of a rejected request. Strangers decide how many of these come and how large they are. Each is
// therefore cut, and bytes and rows are capped. The counts of rejections stay exact.
import type { HeaderList } from "#server/contracts/header-list.ts";
import { makeDailyBytes } from "#server/shares/daily-bytes.ts";

const MIB = 1024 * 1024;
/** The caps of one gateway in all, of a team, of a source. */
const BYTES_PER_DAY = [1024 * MIB, 256 * MIB, 64 * MIB];
const ROWS_PER_MINUTE = 300;
/** The first rejections of a minute show what is wrong; those after them only show that it goes on. */
const FULL_ROWS_PER_MINUTE = 20;

interface Form {
  headerBytes: number;
  headerValueBytes: number;
  targetBytes: number;
  bodyBytes: number;
}
export const FULL: Form = { headerBytes: 8_192, headerValueBytes: 2_048, targetBytes: 2_048, bodyBytes: 4_096 };
const SHORT: Form = { headerBytes: 1_024, headerValueBytes: 256, targetBytes: 256, bodyBytes: 512 };
const CONTENT_TYPE_BYTES = 255;
const ROW_BYTES = 400;

/** The parts of a request that its sender made up. */
export interface Sent {
  path: string;
  query: string;
  headers: HeaderList;
  content_type: string | null;
  body: Buffer;
}

export interface Evidence extends Sent {
  /** The cut, as a sentence behind the rejection's detail; empty when nothing was cut. */
  note: string;
}

/** The evidence when nothing is stored: the counts need no more. */
export const NOTHING: Evidence = {
  path: "/",
  query: "",
  headers: [],
  content_type: null,
  body: Buffer.alloc(0),
  note: "",
};

export interface Kept {
  /** False: it is only counted. */
  isKept: boolean;
  evidence: Evidence;
}

export interface EvidenceOwner {
  teamId: string;
  sourceId: string;
}

/** Decides how much of a rejected request is stored at `nowMs`. */
export function makeEvidenceCap(): (owner: EvidenceOwner, sent: Sent, nowMs: number) => Kept {
  const daily = makeDailyBytes(BYTES_PER_DAY);
  let minute = 0;
  let rows = new Map<string, number>();

  return ({ teamId, sourceId }, sent, nowMs) => {
    const current = Math.floor(nowMs / 60_000);
    if (current !== minute) {
      minute = current;
      rows = new Map();
    }
    const row = (rows.get(sourceId) ?? 0) + 1;
    rows.set(sourceId, row);
    for (const form of row <= FULL_ROWS_PER_MINUTE ? [FULL, SHORT] : [SHORT]) {
      if (row > ROWS_PER_MINUTE) break;
      const evidence = cutSent(sent, form);
      if (daily.take([teamId, sourceId], bytesOf(evidence), nowMs)) return { isKept: true, evidence };
    }
    return { isKept: false, evidence: NOTHING };
  };
}

export function cutSent(sent: Sent, form: Form): Evidence {
  const headers = cutHeaders(sent.headers, form);
  const path = sent.path.slice(0, form.targetBytes);
  const query = sent.query.slice(0, form.targetBytes - path.length);
  const body = sent.body.subarray(0, form.bodyBytes);
  const cuts = [
    cut("headers", headersBytes(headers), headersBytes(sent.headers)),
    cut("path and query", path.length + query.length, sent.path.length + sent.query.length),
    cut("body", body.length, sent.body.length),
  ].filter((text) => text !== null);
  return {
    path,
    query,
    headers,
    content_type: sent.content_type?.slice(0, CONTENT_TYPE_BYTES) ?? null,
    body,
    note: cuts.length === 0 ? "" : ` Kept as evidence: ${cuts.join(", ")}.`,
  };
}

const cut = (what: string, kept: number, sent: number) =>
  kept === sent ? null : `${kept} of ${sent} bytes of the ${what}`;

function cutHeaders(headers: HeaderList, { headerBytes, headerValueBytes }: Form): HeaderList {
  const kept: HeaderList = [];
  let leftBytes = headerBytes;
  for (const [name, value] of headers) {
    if (leftBytes <= 0) break;
    const keptName = name.slice(0, Math.min(headerValueBytes, leftBytes));
    const keptValue = value.slice(0, Math.min(headerValueBytes, leftBytes - keptName.length));
    kept.push([keptName, keptValue]);
    leftBytes -= keptName.length + keptValue.length + HEADER_OVERHEAD_BYTES;
  }
  return kept;
}

/** Brackets, quotes and comma of one header as JSON. */
const HEADER_OVERHEAD_BYTES = 8;
const headersBytes = (headers: HeaderList) =>
  headers.reduce((bytes, [name, value]) => bytes + name.length + value.length, 0);

export const bytesOf = ({ path, query, headers, body, note }: Evidence) =>
  ROW_BYTES +
  path.length +
  query.length +
  note.length +
  body.length +
  headersBytes(headers) +
  headers.length * HEADER_OVERHEAD_BYTES;
