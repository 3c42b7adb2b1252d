// The tools of agents, in one list: those that read, and two for each change.
import type { Tool as ListedTool } from "@modelcontextprotocol/server";
import type { Capabilities } from "#server/auth/roles.ts";
import { CHANGES } from "./change-tools.ts";
import { toolsOf } from "./planned-change.ts";
import { READ_TOOLS, type ReadTool } from "./read-tools.ts";
import { type Fields, runOperation, type Tool } from "./tool.ts";
import { inputSchema } from "./tool-input.ts";

const MOST_ROWS = 50;

/** The defaults of the tool in place of the contract's, and a page short enough to be read as a whole. */
function withDefaults({ properties, ...schema }: Tool["input"], given: Record<string, unknown> = {}): Tool["input"] {
  const changed = Object.entries(properties).map(([name, field]) => {
    const most = name === "limit" ? { maximum: MOST_ROWS } : {};
    return [name, name in given ? { ...field, ...most, default: given[name] } : field];
  });
  return { ...schema, properties: Object.fromEntries(changed) };
}

/** Rows without what only the tool for one thing shows. */
function shortened(answer: Fields, leavesOut: readonly string[]): Fields {
  if (!Array.isArray(answer.data)) return answer;
  const isKept = ([name]: [string, unknown]) => !leavesOut.includes(name);
  return { ...answer, data: answer.data.map((row: Fields) => Object.fromEntries(Object.entries(row).filter(isKept))) };
}

function readTool({ name, about, operation, fields, given, leavesOut = [] }: ReadTool): Tool {
  return {
    name,
    about,
    can: operation.can,
    input: withDefaults(inputSchema(operation, fields), given),
    effect: "reads",
    async run(agent, input) {
      const limit = typeof input.limit === "number" ? { limit: Math.min(input.limit, MOST_ROWS) } : {};
      return shortened(await runOperation(agent, operation, { ...given, ...input, ...limit }), leavesOut);
    },
  };
}

export const TOOLS: ReadonlyMap<string, Tool> = new Map(
  [...READ_TOOLS.map(readTool), ...CHANGES.flatMap(toolsOf)].map((tool) => [tool.name, tool]),
);

/** The tools as `tools/list` names them: without those that the caller may not use. */
export const toolsFor = (can: Capabilities): ListedTool[] =>
  [...TOOLS.values()]
    .filter((tool) => can.has(tool.can))
    .map(({ name, about, input, effect }) => ({
      name,
      description: about,
      inputSchema: input,
      annotations: {
        readOnlyHint: effect !== "changes",
        destructiveHint: effect === "changes",
        openWorldHint: false,
      },
    }));
