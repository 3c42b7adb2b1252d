import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

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
);
