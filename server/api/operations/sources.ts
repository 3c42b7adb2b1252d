import { CODE_BODY, read, search, write } from "#server/api/operation.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted, SwitchOne } from "#server/contracts/resource-fields.ts";
import { RotatedSecret, RotateSecret } from "#server/contracts/rotate-secret.ts";
import { ListSamples, Samples } from "#server/contracts/sample.ts";
import { SecretUses } from "#server/contracts/secret-uses.ts";
import {
  CreateSource,
  DuplicateSource,
  ListSources,
  MakeSystemSource,
  Source,
  UpdateSource,
} from "#server/contracts/source.ts";
import { SourceExample, SourceTest, TestSource } from "#server/contracts/source-test.ts";
import { listSamples } from "#server/resources/samples.ts";
import { listSecretUses } from "#server/resources/secret-uses.ts";
import * as tests from "#server/resources/source-test.ts";
import * as verbs from "#server/resources/sources.ts";
import { makeSystemSource } from "#server/resources/system-source.ts";

const PATH = "/sources";
const ONE = "/sources/:id";

export const sources = {
  list: read(PATH, "List sources", ListSources, page(Source), verbs.listSources),
  create: write("source.write", "POST", PATH, "Create a source", CreateSource, Source, verbs.createSource, {
    status: 201,
  }),
  upsert: write(
    "source.write",
    "PUT",
    PATH,
    "Create a source or change the one of this name",
    CreateSource,
    Source,
    verbs.upsertSource,
  ),
  system: write(
    "source.write",
    "POST",
    `${PATH}/system`,
    "Make the source of the team's own happenings, or get it",
    MakeSystemSource,
    Source,
    makeSystemSource,
  ),
  get: read(ONE, "Get a source", ById, Source, verbs.getSource),
  update: write(
    "source.write",
    "PATCH",
    ONE,
    "Change a source; config is merged",
    UpdateSource,
    Source,
    verbs.updateSource,
  ),
  delete: write(
    "resources.delete",
    "DELETE",
    ONE,
    "Delete a source that no connection uses",
    ById,
    Deleted,
    verbs.deleteSource,
  ),
  enable: write("source.write", "PUT", `${ONE}/enable`, "Enable a source", SwitchOne, Source, verbs.enableSource),
  disable: write(
    "source.write",
    "PUT",
    `${ONE}/disable`,
    "Disable a source: it rejects at the door",
    SwitchOne,
    Source,
    verbs.disableSource,
  ),
  example: read(
    `${ONE}/example`,
    "A command that signs a webhook as the source's provider does",
    ById,
    SourceExample,
    tests.getSourceExample,
  ),
  test: write(
    "source.write",
    "POST",
    `${ONE}/test`,
    "Send a signed webhook to a source's public URL, and ask every gateway whether it knows the source",
    TestSource,
    SourceTest,
    tests.testSource,
    { turns: "outside", body: CODE_BODY },
  ),
  duplicate: write(
    "source.write",
    "POST",
    `${ONE}/duplicate`,
    "Copy a source with its secrets, under a URL of its own",
    DuplicateSource,
    Source,
    verbs.duplicateSource,
    { status: 201 },
  ),
  rotateSecret: write(
    "secrets.rotate",
    "POST",
    `${ONE}/rotate-secret`,
    "Rotate a source's secret",
    RotateSecret,
    RotatedSecret,
    verbs.rotateSourceSecret,
  ),
  secretUses: search(
    `${ONE}/secret_uses`,
    "List a source's secrets with when each was last of use",
    ById,
    SecretUses,
    listSecretUses,
  ),
  samples: search(
    `${ONE}/samples`,
    "List recent requests of a source as rules see them",
    ListSamples,
    Samples,
    listSamples,
  ),
};
