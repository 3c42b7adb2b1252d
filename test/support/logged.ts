// A log that keeps its lines for a test to read.
import { type Log, makeLog } from "#server/process/log.ts";

export interface LogLine {
  level: string;
  msg: string;
  [field: string]: unknown;
}

export function keepLog(level: Parameters<typeof makeLog>[1]): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = makeLog("test", level, { write: (line: string) => lines.push(JSON.parse(line)) });
  return { log, lines };
}
