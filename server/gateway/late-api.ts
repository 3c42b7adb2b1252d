// REST and the tools of agents, loaded at the first call: a gateway that only takes events does without their 30 MB, and starts
// without them (docs/decisions/105-what-is-loaded-late.md).
import type { IncomingMessage, ServerResponse } from "node:http";
import type { App } from "#server/auth/ctx.ts";
import type { McpOptions } from "#server/mcp/endpoint.ts";

type Handle = (path: string, request: IncomingMessage, response: ServerResponse) => void;

interface Api {
  handle: Handle;
  close(): Promise<void>;
}

/** Answers every request but the door's and the probes'. */
export function makeLateApi(app: App, options: McpOptions): Api {
  let loading: Promise<Api> | undefined;
  let loaded: Api | undefined;
  const load = async () => {
    loading ??= loadApi(app, options);
    loaded = await loading;
    return loaded;
  };
  return {
    handle(path, request, response) {
      if (loaded) return loaded.handle(path, request, response);
      load().then(
        (api) => api.handle(path, request, response),
        (err: unknown) => {
          options.log.error({ err }, "The API could not be loaded");
          response.destroy();
        },
      );
    },
    async close() {
      await (await loading?.catch(() => undefined))?.close();
    },
  };
}

async function loadApi(app: App, options: McpOptions): Promise<Api> {
  const [{ makeRest }, { makeMcpEndpoint }] = await Promise.all([
    import("#server/api/rest.ts"),
    import("#server/mcp/endpoint.ts"),
  ]);
  const rest = await makeRest(app, options);
  const mcp = makeMcpEndpoint(app, options);
  return {
    handle: (path, request, response) => (mcp.serves(path) ? mcp : rest).handle(request, response),
    async close() {
      await rest.close();
      await mcp.close();
    },
  };
}
