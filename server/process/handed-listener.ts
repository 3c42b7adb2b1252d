// The listening socket of a role whose supervisor held its port before it was started, handed over with the connections that
// wait there.
import { once } from "node:events";
import { type Server, Socket } from "node:net";

/** An argument to the role: it asks for its socket in place of binding a port. */
export const HANDED_FLAG = "--handed";

/** What comes with each handle. */
export const HAND_OVER = { listener: "listener", connection: "connection" } as const;

const REQUEST = "wants-listener";

export const isListenerRequest = (message: unknown): boolean => message === REQUEST;

/** Has `server` listen on the supervisor's socket, and serve what has connected there. False: there is none any more. */
export async function listenOnHanded(server: Server): Promise<boolean> {
  process.on("message", (message, handle) => {
    if (message === HAND_OVER.connection && handle instanceof Socket) server.emit("connection", handle);
  });
  const answered = once(process, "message") as Promise<[unknown, unknown]>;
  process.send?.(REQUEST);
  const [, handle] = await answered;
  if (!handle) return false;
  server.listen(handle);
  await once(server, "listening");
  return true;
}
