import { operations } from "#server/api/operations/table.ts";
import { download } from "#server/api/rsc.tsx";

/** The exact bytes as a file. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  return download(operations.events.rawBody, (await params).id);
}
