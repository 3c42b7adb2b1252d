import { read, write } from "#server/api/operation.ts";
import {
  AskMailAddress,
  ConfirmMailAddress,
  ListMailAddresses,
  MailAddress,
  MailAddresses,
} from "#server/contracts/mail-address.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import * as verbs from "#server/resources/mail-addresses.ts";

const PATH = "/mail-addresses";
const ONE = `${PATH}/:id` as const;
const MAY = "connection.write";

export const mailAddresses = {
  list: read(PATH, "List the addresses for e-mail", ListMailAddresses, MailAddresses, verbs.listMailAddresses),
  get: read(ONE, "Get an address for e-mail", ById, MailAddress, verbs.getMailAddress),
  ask: write(MAY, "POST", PATH, "Send a code to an address", AskMailAddress, MailAddress, verbs.askMailAddress, {
    status: 201,
  }),
  confirm: write(
    MAY,
    "POST",
    `${ONE}/confirm`,
    "Give the code that an address got",
    ConfirmMailAddress,
    MailAddress,
    verbs.confirmMailAddress,
  ),
  delete: write(MAY, "DELETE", ONE, "Send nothing more to an address", ById, Deleted, verbs.removeMailAddress),
};
