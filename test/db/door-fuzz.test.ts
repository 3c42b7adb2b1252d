// Seeded fuzz of the door by raw sockets: valid requests of several senders, broken in ways that a seed decides. Three seconds of
// it in each run; FUZZ_SECONDS asks for more, FUZZ_SEED for another run.
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnv } from "#server/env.ts";
import { makeProducer, type Producer } from "#test/support/branch.ts";
import { seeded } from "#test/support/seeded.ts";
import { createWorld, type World } from "#test/support/world.ts";

const SECONDS = Number(childEnv({}).FUZZ_SECONDS ?? 3);
const SEED = Number(childEnv({}).FUZZ_SEED ?? 20_261_126);
const SOCKETS = 8;
/** Some messages have no end: their line is given up after this. */
const PATIENCE_MS = 150;

let world: World;
let producers: Producer[];
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  producers = await Promise.all(
    [
      {},
      { type: "STRIPE", config: { auth: { secret: "whsec_of_the_fuzz" } } },
      { type: "TWILIO", config: { auth: { secret: "token-of-the-fuzz" } } },
      { type: "SLACK", config: { auth: { secret: "secret-of-the-fuzz" } } },
      { config: { body_limit_bytes: 64 } },
    ].map((source) => makeProducer(world, source as Parameters<typeof makeProducer>[1])),
  );
});
afterAll(() => world?.[Symbol.asyncDispose]());

const HEADERS = [
  "Content-Length", "Transfer-Encoding", "Connection", "Content-Type", "Content-Encoding", "Expect", "Upgrade", "Host",
  "Stripe-Signature", "X-Twilio-Signature", "X-Slack-Signature", "X-Slack-Request-Timestamp", "Authorization", "Cookie",
  "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "__proto__", "TE", "Trailer", "Range", "X-Switchyard-Test",
]; // biome-ignore format: a list
const VALUES = [
  "", " ", "0", "5", "-1", "99999999999", "chunked", "gzip, chunked", "close", "keep-alive, content-length", "upgrade",
  "application/json", "multipart/form-data; boundary=", "application/x-www-form-urlencoded", "text/xml", "gzip", "br",
  "deflate, gzip", "100-continue", "t=1,v1=00", "t=99999999999999999999,v1=", "1.2.3.4, ::", "%", '"', "\u00ff\u0000",
]; // biome-ignore format: a list
const BODIES = [
  "", "{}", "[]", "null", '{"a":', '{"type":"url_verification","challenge":"x"}', "a=1&b=2", "payload=%7B%22a%22%3A1%7D",
  "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "5\r\nhel", "[[".repeat(500), '{"id":1e999}', '{"__proto__":{"id":1}}', "<a><b/></a>",
  "\u001f\u008b\u0008\u0000garbage", "--\r\nContent-Disposition: form-data; name=__proto__\r\n\r\n1\r\n----\r\n",
  "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
]; // biome-ignore format: a list
const METHODS = [
  "POST",
  "POST",
  "POST",
  "GET",
  "PUT",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "FOO",
  "post",
  "",
];
const RESTS = [
  "",
  "",
  "/a",
  "?x=1",
  "/..",
  `?${"a&".repeat(50)}`,
  "/%00",
  "/%",
  "#f",
  `/${"a".repeat(3_000)}`,
  "//x",
  "\\",
];

function makeMessages(random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const noise = (length: number) => String.fromCharCode(...Array.from({ length }, () => Math.floor(random() * 256)));
  const breaks: ((text: string, at: number) => string)[] = [
    (text, at) => text.slice(0, at) + noise(1) + text.slice(at + 1),
    (text, at) => text.slice(0, at) + text.slice(at + 1),
    (text, at) => `${text.slice(0, at)}\r\n${text.slice(at)}`,
    (text, at) => `${text.slice(0, at)}\n${text.slice(at)}`,
    (text, at) => text.slice(0, at),
    (text) => text + text,
    (text) => text.replaceAll("\r\n", "\n"),
    (text, at) => `${text.slice(0, at)}\0${text.slice(at)}`,
  ];
  function whole(): string {
    const body = pick(BODIES);
    const path = new URL(pick(producers).url).pathname + pick(RESTS);
    const lines = Array.from({ length: Math.floor(random() * 6) }, () => `${pick(HEADERS)}: ${pick(VALUES)}`);
    if (random() < 0.9) lines.unshift("Host: 127.0.0.1");
    if (random() < 0.6) lines.push(`Content-Length: ${Buffer.byteLength(body, "latin1")}`);
    return `${pick(METHODS)} ${path} HTTP/1.${random() < 0.8 ? 1 : 0}\r\n${[...lines, "", body].join("\r\n")}`;
  }
  return () => {
    let message = random() < 0.2 ? whole() + whole() : whole();
    for (let left = Math.floor(random() * 3); left > 0; left--) {
      message = pick(breaks)(message, Math.floor(random() * message.length));
    }
    return message;
  };
}

/** What came back of a message, as it stands. */
function send(message: string): Promise<string> {
  const { port, hostname } = new URL(world.doorUrl);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    const finish = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", finish);
    socket.on("close", finish);
    socket.setTimeout(PATIENCE_MS, finish);
    socket.write(Buffer.from(message, "latin1"));
  });
}

const STATUS = /^HTTP\/1\.1 (\d{3}) /gm;
const ANSWERS = new Set([100, 200, 400, 401, 403, 404, 405, 408, 411, 413, 415, 417, 426, 429, 431, 501, 503, 505]);

const ROUND_SECONDS = 60;
/** After a round in which everything is loaded and compiled that a fuzz reaches. */
const MOST_GROWN_BYTES = 4 * 2 ** 20;

/** What is held once everything that nobody holds is gone. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const inMib = (bytes: number) => Math.round((bytes / 2 ** 20) * 10) / 10;

test(
  "whatever is sent, the door gives well-formed answers, goes on taking what is right, and does not grow",
  async () => {
    const next = makeMessages(seeded(SEED));
    const counts = new Map<number, number>();
    const strange: string[] = [];
    let sent = 0;
    async function sendUntil(untilMs: number): Promise<void> {
      while (performance.now() < untilMs) {
        const message = next();
        const answer = await send(message);
        sent++;
        const statuses = [...answer.matchAll(STATUS)].map(([, status]) => Number(status));
        for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
        const isOdd = (answer !== "" && statuses.length === 0) || statuses.some((status) => !ANSWERS.has(status));
        if (isOdd && strange.length < 5) strange.push(`${JSON.stringify(message)} → ${answer.slice(0, 200)}`);
      }
    }
    const held: number[] = [];
    for (let left = SECONDS; left > 0; left -= ROUND_SECONDS) {
      const untilMs = performance.now() + Math.min(left, ROUND_SECONDS) * 1_000;
      await Promise.all(Array.from({ length: SOCKETS }, () => sendUntil(untilMs)));
      held.push(heldBytes());
    }
    expect(strange).toEqual([]);
    // A fuzz whose messages are all refused alike, or all taken, tries nothing.
    expect([...counts.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404]));
    expect(sent).toBeGreaterThan(SECONDS * 20);
    for (const producer of producers.slice(0, 1)) expect((await producer.post("{}")).status).toBe(200);
    const [, settled, ...later] = held;
    if (settled === undefined || later.length === 0) return;
    console.info({ sent, counts: Object.fromEntries(counts), mib: held.map(inMib) });
    expect(Math.max(...later) - settled).toBeLessThan(MOST_GROWN_BYTES);
  },
  (SECONDS + 60) * 1_000,
);
