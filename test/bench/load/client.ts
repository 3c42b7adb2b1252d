// A keep-alive connection that carries one request at a time.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Target } from "./payload.ts";
import { makeFramer, readStatus } from "./wire.ts";

export interface Client {
  /** Only after the last answer. `onAnswer` gets the status. */
  send(bytes: Buffer, onAnswer: (status: number) => void): void;
  close(): void;
}

async function openClient({ host, port }: Target): Promise<Client> {
  const socket: Socket = connect({ host, port, noDelay: true });
  await once(socket, "connect");
  let onAnswer: ((status: number) => void) | null = null;
  let isClosed = false;
  socket.on(
    "data",
    makeFramer((bytes, { at }) => {
      const answered = onAnswer;
      onAnswer = null;
      answered?.(readStatus(bytes, at));
    }),
  );
  socket.on("error", (error) => {
    if (!isClosed) throw error;
  });
  const gone = () => new Error(`${host}:${port} closed a connection in the middle of the measurement.`);
  let isGone = false;
  // One that rests may be closed: a loaded machine takes longer to drain than a server keeps it.
  socket.on("close", () => {
    isGone = true;
    if (!isClosed && onAnswer !== null) throw gone();
  });
  return {
    send(bytes, answered) {
      if (isGone) throw gone();
      onAnswer = answered;
      socket.write(bytes);
    },
    close() {
      isClosed = true;
      socket.destroy();
    },
  };
}

export const openClients = (target: Target, count: number): Promise<Client[]> =>
  Promise.all(Array.from({ length: count }, () => openClient(target)));
