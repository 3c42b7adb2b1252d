// A pooler in transaction mode, as small as one can be: clients are let in without a question, and each of their transactions goes
// over the one session that there is.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import pg from "pg";

const READY_AND_IDLE = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
/** Authentication is over, and the session is ready. */
const WELCOME = Buffer.concat([Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]), READY_AND_IDLE]);

export async function startTransactionPooler(databaseUrl: string) {
  const session = new pg.Client({ connectionString: databaseUrl });
  session.on("error", () => {});
  await session.connect();
  const { stream } = (session as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners("data");
  let inUse: Promise<unknown> = Promise.resolve();
  let holder: Socket | undefined;

  /** Waits until nobody has the session, and has it until its transaction is over. */
  const take = async (client: Socket) => {
    if (holder === client) return;
    while (holder) await inUse;
    holder = client;
    inUse = new Promise<void>((resolve) => {
      const pass = (bytes: Buffer) => {
        client.write(bytes);
        if (!bytes.subarray(-READY_AND_IDLE.length).equals(READY_AND_IDLE)) return;
        stream.off("data", pass);
        holder = undefined;
        resolve();
      };
      stream.on("data", pass);
    });
  };

  const server = createServer((client) => {
    client.on("error", () => {});
    client.once("data", () => {
      client.write(WELCOME);
      client.on("data", async (bytes: Buffer) => {
        if (bytes[0] === "X".charCodeAt(0)) return client.end();
        await take(client);
        stream.write(bytes);
      });
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.search = "";
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      server.close();
      stream.destroy();
    },
  };
}
