// The dashboard from the first look on: until somebody connects to its port, the supervisor alone holds that port, and no process
// of the dashboard takes memory. Connections wait while it starts.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { HAND_OVER, isListenerRequest } from "#server/process/handed-listener.ts";
import { isReadyMessage } from "#server/process/role.ts";
import type { Say } from "./build.ts";
import { type RoleCommand, type SupervisedRole, superviseRole } from "./supervise.ts";

/** Connections that wait at a time; one more is closed. */
const MAX_WAITING = 1_000;

export interface LateRole {
  command: RoleCommand;
  host: string;
  port: number;
  say: Say;
  onSpawn: (pid: number) => void;
}

/**
 * Listens for the role, and starts it at the first connection. The first process takes over the listening socket and the
 * connections that wait. One that comes after it, because it died, binds the port itself.
 */
export async function superviseLate({ command, host, port, say, onSpawn }: LateRole): Promise<SupervisedRole> {
  const { role } = command;
  const waiting: Socket[] = [];
  let started: SupervisedRole | undefined;

  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    if (waiting.length >= MAX_WAITING) return void socket.destroy();
    waiting.push(socket);
    started ??= start();
  });

  function start(): SupervisedRole {
    const supervised = superviseRole({ ...command, onMessage }, say, onSpawn);
    supervised.ready.catch((error: Error) => {
      say(error.message);
      giveUp();
    });
    return supervised;
  }

  function onMessage(child: ChildProcess, message: unknown): void {
    if (isListenerRequest(message)) {
      // A later process finds the socket closed, and binds the port itself.
      child.send(HAND_OVER.listener, server.listening ? server : undefined);
    } else if (isReadyMessage(message)) {
      server.close();
      for (const socket of waiting.splice(0)) child.send(HAND_OVER.connection, socket, () => undefined);
    }
  }

  function giveUp(): void {
    server.close();
    for (const socket of waiting.splice(0)) socket.destroy();
  }

  server.listen(port, host);
  await once(server, "listening");
  return {
    role,
    ready: Promise.resolve(),
    async stop() {
      giveUp();
      await started?.stop();
    },
    kill() {
      giveUp();
      started?.kill();
    },
  };
}
