// Another door to the database of a world, with a budget or a pool of its own. It stores headers packed.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type AcceptWriter, makeAcceptWriter } from "#server/ingest/accept-writer.ts";
import { makeAnnouncer } from "#server/ingest/announcer.ts";
import { type DoorOptions, MAX_HEADERS, makeDoor } from "#server/ingest/door.ts";
import { makeSenderReader } from "#server/ingest/sender.ts";
import { makeSourceRates } from "#server/ingest/source-rates.ts";
import { makeLog } from "#server/process/log.ts";
import { fetchNoKey } from "#server/providers/inbound.ts";
import { makeReadTurns } from "#server/shares/read-turns.ts";
import { makeHttpServer } from "#server/wire/http-server.ts";
import type { World } from "./world.ts";

interface OwnParts extends Partial<Pick<DoorOptions, "log" | "reads" | "maxHeldBytes">> {
  pool?: World["pool"];
  /** What stands between the door and its writer, as a spool does. */
  over?: (writer: AcceptWriter) => AcceptWriter;
}

export async function startSecondDoor(
  world: World,
  { pool = world.pool, over = (writer) => writer, ...own }: OwnParts = {},
) {
  const log = own.log ?? makeLog("test", "silent");
  const { announce, idle } = makeAnnouncer(pool);
  const writer = makeAcceptWriter(pool, log, { onHandOff: announce, packsHeaders: () => true });
  const door = makeDoor({
    config: world.config,
    writer: over(writer),
    rates: makeSourceRates(pool, log),
    readSender: makeSenderReader([], "http://gateway.test"),
    nowMs: Date.now,
    fetchKey: fetchNoKey,
    reads: makeReadTurns(),
    ...own,
    log,
  });
  const server = makeHttpServer(door.handle, { maxHeaders: MAX_HEADERS });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    writer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      await door.idle();
      await idle();
    },
  };
}
