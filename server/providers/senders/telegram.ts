import { field } from "#server/providers/body-fields.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

/** Of each update one is there, and names its kind. */
// biome-ignore format: a list
const KINDS = [
  "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
  "edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count", "inline_query",
  "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer",
  "my_chat_member", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost",
];

export const telegram = makeProvider(
  {
    name: "telegram",
    title: "Telegram",
    tile: "Tg",
    docs: "https://core.telegram.org/bots/api#setwebhook",
    isConfirmed: true,
  },
  sharedToken("x-telegram-bot-api-secret-token"),
  {
    id: "update_id",
    occurredAt: ["message.date", "edited_message.date", "channel_post.date"],
    resourceId: ["message.chat.id", "callback_query.from.id", "channel_post.chat.id"],
  },
  {
    bodyFields: ["update_id", ...KINDS],
    identify: (_inbound, body) => {
      const update = body();
      return {
        eventType: KINDS.find((kind) => field(update, kind) !== undefined),
        providerEventId: field(update, "update_id"),
      };
    },
    sample: () => ({
      headers: [],
      body: { update_id: 10_000, message: { message_id: 1, text: "A test of the way here." } },
    }),
  },
);
