// Speaks to a server byte by byte: for everything that a well-behaved HTTP client refuses to send.
import { connect } from "node:net";

export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/**
 * Writes `pieces` one after the other and reads until the server closes or has been silent for `quietMs`.
 * Interim (1xx) answers are among those returned. With `abort` the line is cut as soon as everything is written.
 */
export function sendRaw(
  baseUrl: string,
  pieces: (string | Buffer)[],
  { quietMs = 400, abort = false } = {},
): Promise<RawAnswer[]> {
  const { port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), "127.0.0.1");
    const finish = () => {
      socket.destroy();
      resolve(readAnswers(text));
    };
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      text += chunk;
      socket.setTimeout(quietMs, finish);
    });
    socket.on("close", finish);
    // A server that refuses a body may cut the line while it is still being written.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") reject(error);
    });
    socket.setTimeout(10_000, finish);
    for (const piece of pieces) socket.write(piece);
    if (abort) socket.write("", () => setImmediate(() => socket.destroy()));
  });
}

function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = text;
  while (rest !== "") {
    const headEnd = rest.indexOf("\r\n\r\n");
    if (headEnd === -1) throw new Error(`The answer has no end of head: ${rest.slice(0, 200)}`);
    const [statusLine = "", ...lines] = rest.slice(0, headEnd).split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    const isChunked = headers["transfer-encoding"] === "chunked";
    const bodyEnd = isChunked
      ? rest.indexOf("0\r\n\r\n", headEnd) + 5
      : headEnd + 4 + Number(headers["content-length"] ?? 0);
    answers.push({ status, headers, body: rest.slice(headEnd + 4, bodyEnd) });
    rest = rest.slice(bodyEnd);
  }
  return answers;
}
