import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";

/**
 * The SQL that Prisma's own engine writes to make an empty database into `datamodel`.
 * The engine insists on a connection, although it reads nothing from it.
 */
export async function datamodelSql(datamodel: string, databaseUrl: string): Promise<string> {
  const files = [{ path: "schema.prisma", content: datamodel }];
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }));
  const engine = await SchemaEngine.new({ datamodels: [["schema.prisma", datamodel]] }, () => undefined, adapter);
  try {
    const { stdout } = await engine.diff({
      from: { tag: "empty" },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    if (stdout === null) throw new Error("The schema engine wrote no SQL");
    return stdout;
  } finally {
    engine.free();
  }
}
