import type { HeaderList } from "#server/contracts/header-list.ts";
import type { Inbound } from "#server/providers/inbound.ts";

/** A request as the door hands it to verification; `headers` may repeat a name by listing it twice. */
export function inbound(body: string | Buffer, headers: HeaderList, given: Partial<Inbound> = {}): Inbound {
  return {
    method: "POST",
    urls: ["https://hooks.example.com/e/key"],
    headers,
    header: (name) => headers.find(([sent]) => sent.toLowerCase() === name)?.[1],
    body: Buffer.isBuffer(body) ? body : Buffer.from(body, "utf8"),
    ...given,
  };
}
