import { z } from "zod";
import { Role } from "./capability.ts";
import { PageInput } from "./page.ts";
import { Email } from "./person.ts";
import { WholeNumber } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";

const MAX_DAYS = 30;
const DEFAULT_DAYS = 7;

export const InvitationState = z.enum(["open", "accepted", "revoked", "expired"]);
export type InvitationState = z.infer<typeof InvitationState>;

export const Invitation = z.object({
  id: z.string(),
  email: z.string(),
  role: Role,
  state: InvitationState,
  invited_by: z.string().meta({ description: "The id of the person or the API key." }),
  expires_at: Timestamp,
  created_at: Timestamp,
});
export type Invitation = z.infer<typeof Invitation>;

/** The only answer that ever holds the link. */
export const CreatedInvitation = Invitation.extend({
  path: z
    .string()
    .meta({ description: "Below the dashboard's address: `/invite/…`. Shown once; send it to the person." }),
});
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

export const CreateInvitation = z.object({
  email: Email.meta({ description: "Of the person who is invited." }),
  role: Role.meta({ description: "What the person may do." }),
  valid_days: WholeNumber(1, MAX_DAYS)
    .default(DEFAULT_DAYS)
    .meta({ description: "The days after which the invitation ends." }),
});
export type CreateInvitation = z.infer<typeof CreateInvitation>;

export const ListInvitations = PageInput;
export type ListInvitations = z.infer<typeof ListInvitations>;
