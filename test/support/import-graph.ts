// What the architecture tests know of a source file. TypeScript 7 has no compiler API, so a real parser of its own reads it.
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

export interface Import {
  /** As the statement spells it. */
  specifier: string;
  /** A path from the project's root, or the name of a package or built-in module, without its subpath. */
  to: string;
  isLocal: boolean;
  /** Erased before it runs: nothing but the shape of a value crosses. */
  isType: boolean;
}

export interface SourceModule {
  path: string;
  /** The first line, which says in a comment what the file is. */
  opening: string;
  lines: number;
  imports: Import[];
  hasDefaultExport: boolean;
  hasExportAll: boolean;
  readsProcessEnv: boolean;
  callsGlobalFetch: boolean;
  /** Names after `new`. */
  constructs: string[];
  /** Names that each declaration at the top of the module mentions, itself left out. */
  mentions: Map<string, Set<string>>;
  /** Where names come from that the module imports from its own project. */
  importedNames: Map<string, { from: string; name: string }>;
  /** Lines of each function, without the functions inside it: a factory of closures is as long as its longest. */
  functionLines: { line: number; ownLines: number }[];
}

function resolveImport(from: string, specifier: string): Pick<Import, "to" | "isLocal"> {
  if (specifier.startsWith("#")) return { to: specifier.slice(1), isLocal: true };
  if (specifier.startsWith(".")) return { to: posix.join(posix.dirname(from), specifier), isLocal: true };
  const [scopeOrName = specifier, name] = specifier.split("/");
  const isScoped = specifier.startsWith("@") && name !== undefined;
  return { to: isScoped ? `${scopeOrName}/${name}` : scopeOrName, isLocal: false };
}

type Parsed = ReturnType<typeof parseSync>;

/** Every specifier that `text` names: static and dynamic imports, and `export … from`. Each statement counts once. */
function readImports(path: string, text: string, { module }: Parsed): Import[] {
  const found = (specifier: string, isType: boolean) => ({ specifier, ...resolveImport(path, specifier), isType });
  const isAllTypes = (entries: { isType: boolean }[]) => entries.length > 0 && entries.every((entry) => entry.isType);
  const statics = module.staticImports.map((one) => found(one.moduleRequest.value, isAllTypes(one.entries)));
  const reexports = module.staticExports.flatMap(({ entries }) => {
    const source = entries[0]?.moduleRequest?.value;
    return source === undefined ? [] : [found(source, isAllTypes(entries))];
  });
  const dynamics = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    found(text.slice(start + 1, end - 1), false),
  );
  return [...statics, ...reexports, ...dynamics];
}

/** Turns an offset in `text` into a line number from 1. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [...text.matchAll(/\n/g)].map((match) => match.index + 1);
  return (offset) => {
    const after = starts.findIndex((start) => start > offset);
    return (after < 0 ? starts.length : after) + 1;
  };
}

type Range = { name: string; start: number; end: number };

/** The declarations at the top of a module, exported or not. */
function declarationsOf({ program }: Parsed): Range[] {
  return program.body.flatMap((statement): Range[] => {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declared?.type === "FunctionDeclaration" && declared.id)
      return [{ ...rangeOf(declared), name: declared.id.name }];
    if (declared?.type !== "VariableDeclaration") return [];
    return declared.declarations.flatMap((one) =>
      one.id.type === "Identifier" ? [{ ...rangeOf(one), name: one.id.name }] : [],
    );
  });
}

const rangeOf = ({ start, end }: { start: number; end: number }) => ({ start, end });

function readMentions(parsed: Parsed): SourceModule["mentions"] {
  const declarations = declarationsOf(parsed);
  const mentions = new Map(declarations.map(({ name }) => [name, new Set<string>()]));
  new Visitor({
    Identifier({ name, start }) {
      const within = declarations.find((one) => one.start <= start && start < one.end);
      if (within && within.name !== name) mentions.get(within.name)?.add(name);
    },
  }).visit(parsed.program);
  return mentions;
}

function readImportedNames(path: string, { module }: Parsed): SourceModule["importedNames"] {
  return new Map(
    module.staticImports.flatMap(({ moduleRequest, entries }) => {
      const { to, isLocal } = resolveImport(path, moduleRequest.value);
      if (!isLocal) return [];
      return entries.map((entry) => [entry.localName.value, { from: to, name: entry.importName.name ?? "" }] as const);
    }),
  );
}

interface Facts extends Pick<SourceModule, "readsProcessEnv" | "callsGlobalFetch" | "constructs" | "functionLines"> {}

function readFacts(text: string, { program }: Parsed): Facts {
  const facts: Facts = { readsProcessEnv: false, callsGlobalFetch: false, constructs: [], functionLines: [] };
  const lineOf = lineCounter(text);
  const innerLines: number[] = [0];
  const enter = () => void innerLines.push(0);
  const leave = ({ start, end }: { start: number; end: number }) => {
    const line = lineOf(start);
    const lines = lineOf(end) - line + 1;
    facts.functionLines.push({ line, ownLines: lines - (innerLines.pop() ?? 0) });
    // The line on which an inner function opens belongs to the outer one too.
    innerLines.push((innerLines.pop() ?? 0) + lines - 1);
  };
  new Visitor({
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    "FunctionDeclaration:exit": leave,
    "FunctionExpression:exit": leave,
    "ArrowFunctionExpression:exit": leave,
    MemberExpression({ object, property }) {
      const names = `${"name" in object ? object.name : ""}.${"name" in property ? property.name : ""}`;
      if (names === "process.env") facts.readsProcessEnv = true;
    },
    CallExpression({ callee }) {
      if (callee.type === "Identifier" && callee.name === "fetch") facts.callsGlobalFetch = true;
    },
    NewExpression({ callee }) {
      if (callee.type === "Identifier") facts.constructs.push(callee.name);
    },
  }).visit(program);
  return facts;
}

/** Reads one module; throws with the parser's words if `text` is not TypeScript. `path` is relative to the project's root. */
export function readModule(path: string, text: string): SourceModule {
  const parsed = parseSync(path, text);
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0]?.message}`);
  const exported = parsed.module.staticExports.flatMap((one) => one.entries);
  return {
    path,
    opening: text.split("\n", 1)[0] ?? "",
    lines: text.replace(/\n$/, "").split("\n").length,
    imports: readImports(path, text, parsed),
    mentions: readMentions(parsed),
    importedNames: readImportedNames(path, parsed),
    hasDefaultExport: exported.some(
      (entry) => entry.exportName.kind === "Default" || entry.exportName.name === "default",
    ),
    hasExportAll: exported.some((entry) => !entry.isType && /^All/.test(entry.importName.kind)),
    ...readFacts(text, parsed),
  };
}

/** The .ts and .tsx files of these directories, except what Prisma generates. */
export async function readModules(root: string, directories: string[]): Promise<SourceModule[]> {
  const paths = await Promise.all(
    directories.map(async (directory) => {
      const names = await readdir(join(root, directory), { recursive: true });
      return names.filter((name) => /\.tsx?$/.test(name)).map((name) => posix.join(directory, name));
    }),
  );
  const own = paths.flat().filter((path) => !path.startsWith("server/generated/"));
  return Promise.all(own.sort().map(async (path) => readModule(path, await readFile(join(root, path), "utf8"))));
}

type Node = Pick<SourceModule, "path" | "imports">;

/** Each folder right below one of `tops` as if it were one module, which imports what its files import of other folders. */
export function foldersOf(modules: SourceModule[], tops: string[]): Node[] {
  const folderOf = (path: string) => path.split("/").slice(0, 2).join("/");
  const folders = Map.groupBy(
    modules.filter(({ path }) => tops.includes(path.split("/")[0] ?? "")),
    ({ path }) => folderOf(path),
  );
  return [...folders].map(([path, files]) => ({
    path,
    imports: files
      .flatMap(({ imports }) => imports)
      .map((one) => ({ ...one, to: folderOf(one.to) }))
      .filter(({ to }) => to !== path),
  }));
}

/** Groups of modules that import each other in a circle, types included (Tarjan, SIAM J. Comput. 1, 1972). */
export function findCircles(modules: Node[]): string[][] {
  const importsOf = new Map(modules.map((module) => [module.path, module.imports.map((one) => one.to)]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const lowOf = (path: string) => low.get(path) ?? 0;
  const visit = (path: string): void => {
    order.set(path, order.size);
    low.set(path, order.size - 1);
    stack.push(path);
    for (const to of importsOf.get(path) ?? []) {
      if (!importsOf.has(to)) continue;
      if (!order.has(to)) visit(to);
      if (stack.includes(to)) low.set(path, Math.min(lowOf(path), lowOf(to)));
    }
    if (lowOf(path) !== order.get(path)) return;
    const group = stack.splice(stack.indexOf(path));
    if (group.length > 1 || importsOf.get(path)?.includes(path)) circles.push(group.sort());
  };
  for (const { path } of modules) if (!order.has(path)) visit(path);
  return circles;
}
