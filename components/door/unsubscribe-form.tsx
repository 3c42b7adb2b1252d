import { Button } from "#components/ui/button.tsx";
import { doorButton } from "./door-frame.tsx";

interface UnsubscribeFormProps {
  token: string;
  isUnsubscribed: boolean;
}

/** A form of plain HTML: a page of mail works where scripts do not run. */
export const UnsubscribeForm = ({ token, isUnsubscribed }: UnsubscribeFormProps) => (
  <form method="post" action={`/unsubscribe/${token}?${isUnsubscribed ? "back" : "page"}`}>
    <Button type="submit" kind={isUnsubscribed ? "plain" : "primary"} size="lg" className={doorButton}>
      {isUnsubscribed ? "Get them again" : "Stop the mails"}
    </Button>
  </form>
);
