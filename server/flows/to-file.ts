// Resources that run, and one document of them, as a file says it.
import { type ScalarTag, stringify } from "yaml";
import { FLOW_API_VERSION, FLOW_KIND } from "#server/contracts/flow.ts";
import { ExactNumber } from "#server/json/exact-number.ts";
import { sourceDefaults } from "#server/resources/source-config.ts";
import type { RunningConnection, RunningDestination, RunningSource, RunningTransformation } from "./running.ts";
import { authToFile, secretsToFile } from "./secret-from.ts";
import { destinationShape, RULE_SHAPES, sourceShape } from "./shapes.ts";
import { mapShared } from "./share-thread.ts";
import { durationText, type Fields, toFile } from "./spelling.ts";

/** What is not as usual. */
const given = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== undefined &&
        value !== null &&
        value !== false &&
        !(typeof value === "object" && Object.keys(value).length === 0),
    ),
  );

function sourceToFile({ name, type, facts, config, isSystem, isReferred }: Draft["source"] & object): Fields {
  if (isSystem || isReferred) return { ref: name };
  const settings = toFile(config, sourceShape(sourceDefaults(type, config.auth_type) as Fields)) as Fields;
  const isOwnScheme = config.auth_type !== sourceDefaults(type, undefined).auth_type;
  return {
    name,
    ...(type !== "WEBHOOK" && { type }),
    ...given({ description: facts.description, disabled: facts.disabled }),
    ...(isOwnScheme && { authType: config.auth_type }),
    ...settings,
    ...given({ auth: authToFile(config.auth) }),
  };
}

function destinationToFile({ name, facts, settings, deadLetter }: RunningDestination): Fields {
  const { type } = settings;
  const config = settings.config as Fields;
  const { deadLetter: _, ...fields } = toFile(config, destinationShape(type)) as Fields;
  // The gateway makes and keeps its own signing secret.
  const auth = config.auth_type === "SWITCHYARD_SIGNATURE" ? {} : authToFile((config.auth ?? {}) as Fields);
  return {
    name,
    ...(type !== "HTTP" && { type }),
    ...given({ description: facts.description, disabled: facts.disabled }),
    ...fields,
    ...given({ deadLetter, auth, headers: secretsToFile((config.headers ?? {}) as Fields) }),
  };
}

function branchToFile({ name, facts, rules, transform }: RunningConnection): Fields {
  const usual = `${facts.source}-${facts.destination}`.slice(0, 155);
  const connection = {
    ...(name !== usual && { name }),
    ...given({ description: facts.description, disabled: facts.disabled }),
  };
  const byType = rules.flatMap((rule): [string, unknown][] => {
    if (rule.type === "transform") return [["transform", transform]];
    if (rule.type === "delay") return [["delay", durationText(rule.delay)]];
    return [[rule.type, toFile(rule, RULE_SHAPES[rule.type])]];
  });
  return { ...given({ connection, paused: facts.paused }), ...Object.fromEntries(byType) };
}

const transformationToFile = ({ name, facts, env }: RunningTransformation): Fields => ({
  name,
  ...given({ description: facts.description }),
  code: facts.code,
  ...given({ env: secretsToFile(env) }),
});

/** Numbers that no double holds keep their digits. */
const EXACT: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => value instanceof ExactNumber,
  resolve: (text) => text,
  stringify: ({ value }) => String(value),
};

/** One document. */
export interface Draft {
  name: string;
  /** Declared here, unless it is only named. */
  source: (RunningSource & { isReferred?: boolean }) | undefined;
  transformations: RunningTransformation[];
  /** Declared here. */
  destinations: RunningDestination[];
  connections: RunningConnection[];
}

// Texts that older readers take for numbers or for truth stand in quotes.
const write = (value: object) =>
  stringify(value, { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false, customTags: [EXACT] });

const indented = (line: string) => (line === "" ? "" : `    ${line}`);

/** Of a source with thousands of destinations the thread is shared between these, so each is written by itself. */
async function listToFile(entries: readonly Fields[]): Promise<string> {
  const written = await mapShared(entries, (entry) => write([entry]).split("\n").map(indented).join("\n"));
  return written.join("");
}

export async function draftToFile({
  name,
  source,
  transformations,
  destinations,
  connections,
}: Draft): Promise<string> {
  const own = new Map(destinations.map((destination) => [destination.name, destination]));
  const branches = connections.map((connection) => {
    const to = String(connection.facts.destination);
    const declared = own.get(to);
    // The first that leads there declares it; the others name it.
    own.delete(to);
    return { ...(declared ? destinationToFile(declared) : { ref: to }), ...branchToFile(connection) };
  });
  const unconnected = [...own.values()].map((each) => ({
    ...destinationToFile(each),
    ...(source && { connect: false }),
  }));
  const listed = [...branches, ...unconnected];
  const head = { apiVersion: FLOW_API_VERSION, kind: FLOW_KIND, metadata: { name } };
  const spec = {
    ...(source && { source: sourceToFile(source) }),
    ...(transformations.length > 0 && { transformations: transformations.map(transformationToFile) }),
  };
  if (listed.length === 0) return write({ ...head, spec });
  const before = Object.keys(spec).length === 0 ? `${write(head)}spec:\n` : write({ ...head, spec });
  return `${before}  destinations:\n${await listToFile(listed)}`;
}
