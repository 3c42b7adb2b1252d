/**
 * The web's pure helpers. Each function runs inside the engine before any user code, by its own source text, and defines
 * its names as globals. Helpers that need Node's own implementation ask the host. User code that changes them spoils its
 * own run only.
 */

type Ask = (operation: string, ...args: unknown[]) => unknown;
type AskBytes = (operation: string, args: unknown[], ...buffers: ArrayBuffer[]) => ArrayBuffer;
export type Define = (owner: object, key: string, value: unknown) => void;
export interface Border {
  ask: Ask;
  askBytes: AskBytes;
  define: Define;
}

/**
 * The way to the host.
 *
 * @param host takes a JSON list with the operation's name first, and up to two buffers; answers bytes or JSON
 */
export function makeBorder(host: (request: string, ...buffers: ArrayBuffer[]) => ArrayBuffer | string): Border {
  const { parse, stringify } = JSON;
  const { defineProperty } = Object;
  const classes: Record<string, ErrorConstructor> = { TypeError, RangeError, SyntaxError };
  const ErrorClass = Error;

  function call(operation: string, args: unknown[], buffers: ArrayBuffer[]): unknown {
    const answer = host(stringify([operation, ...args]), ...buffers);
    if (typeof answer !== "string") return answer;
    const { value, problem } = parse(answer);
    if (problem === undefined) return value;
    const error = new (classes[problem.name] ?? ErrorClass)(problem.message);
    defineProperty(error, "name", { value: problem.name, writable: true, configurable: true });
    throw error;
  }
  return {
    ask: (operation, ...args) => call(operation, args, []),
    askBytes: (operation, args, ...buffers) => call(operation, args, buffers) as ArrayBuffer,
    define: (owner, key, value) =>
      defineProperty(owner, key, { value, writable: true, configurable: true, enumerable: false }),
  };
}
