// The addresses that a team may tell by e-mail.
import { z } from "zod";
import { Timestamp } from "./resource-fields.ts";

/** Servers tell no letters of one size from the other, and neither do people. */
export const MailAddressText = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email("Give an e-mail address, such as on-call@example.com.").max(254));

export const MAX_MAIL_ADDRESSES = 50;

export const MailAddress = z.object({
  id: z.string(),
  address: z.string(),
  confirmed_at: Timestamp.nullable().meta({ description: "Null: nothing but codes is sent there." }),
  unsubscribed_at: Timestamp.nullable().meta({
    description: "When its reader ended the team's mails by the link in one of them; null: they get them.",
  }),
  answer: z.string().nullable().meta({ description: "What came of sending the newest code." }),
  created_at: Timestamp,
});
export type MailAddress = z.infer<typeof MailAddress>;

export const ListMailAddresses = z.object({});
export const MailAddresses = z.object({
  data: z.array(MailAddress),
  unavailable_because: z
    .string()
    .nullable()
    .meta({ description: "Why this installation sends no e-mail; null: it does." }),
});
export type MailAddresses = z.infer<typeof MailAddresses>;

export const AskMailAddress = z.strictObject({
  address: MailAddressText.meta({ description: "The address that gets a code." }),
});
export type AskMailAddress = z.infer<typeof AskMailAddress>;

export const ConfirmMailAddress = z.strictObject({
  id: z.string().max(64),
  code: z.string().min(1, "Give the code that the mail holds.").max(40).meta({ description: "As the mail holds it." }),
});
export type ConfirmMailAddress = z.infer<typeof ConfirmMailAddress>;
