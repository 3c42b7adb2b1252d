// Interim answers. RFC 9110 section 15.2: a client skips any 1xx before the final answer, also one that it did not ask for.
import type { Socket } from "node:net";

interface Parser {
  onHeadersComplete(status: number, isUpgrade: boolean, shouldKeepAlive: boolean): number;
}

const isParser = (value: unknown): value is Parser =>
  typeof value === "object" && value !== null && "onHeadersComplete" in value;

/**
 * Makes a connection of undici skip a 100, the one interim answer that it takes for malformed. Its parser, which lies on
 * the socket under a symbol, is told of a 102 instead.
 */
export function passOverContinue(socket: Socket): void {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === "parser");
  const parser: unknown = symbol && Reflect.get(socket, symbol);
  if (!isParser(parser)) return;
  const onHeadersComplete = parser.onHeadersComplete.bind(parser);
  parser.onHeadersComplete = (status, ...rest) => onHeadersComplete(status === 100 ? 102 : status, ...rest);
}
