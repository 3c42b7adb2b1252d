// Preloaded into each process of a start (NODE_OPTIONS): writes down who is connected to or looked up beyond this machine.
import dgram from "node:dgram";
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import { isIP, Socket } from "node:net";
import { basename } from "node:path";
import { argv, env } from "node:process";

const isLocal = (host) =>
  host === undefined || /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::)$/i.test(host);

function note(what, host) {
  if (env.NOTE_OUTBOUND && typeof host === "string" && !isLocal(host))
    appendFileSync(env.NOTE_OUTBOUND, `${basename(argv[1] ?? "node")}: ${what} ${host}\n`);
}

const { connect } = Socket.prototype;
Socket.prototype.connect = function connectNoted(...args) {
  // Node hands its own normalised arguments on as one array.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === "object" && first !== null) {
    if (!first.path) note("connect", first.host);
  } else if (typeof second === "string") note("connect", second);
  return connect.apply(this, args);
};

for (const api of [dns, dns.promises]) {
  for (const name of Object.keys(api).filter((key) => /^(lookup|resolve)/.test(key) && key !== "lookupService")) {
    const original = api[name];
    if (typeof original !== "function") continue;
    api[name] = function lookupNoted(host, ...rest) {
      if (typeof host === "string" && isIP(host) === 0) note(name, host);
      return original.call(this, host, ...rest);
    };
  }
}

const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function sendNoted(...args) {
  note(
    "send",
    args.findLast((arg) => typeof arg === "string"),
  );
  return send.apply(this, args);
};
