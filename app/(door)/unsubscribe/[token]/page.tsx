import type { Metadata } from "next";
import { DoorHead, DoorNote } from "#components/door/door-frame.tsx";
import { SpentLink } from "#components/door/spent-link.tsx";
import { UnsubscribeForm } from "#components/door/unsubscribe-form.tsx";
import { unsubscribeLink } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Notifications by e-mail · Switchyard" };

export default async function UnsubscribePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const link = await unsubscribeLink(decodeURIComponent(token));
  if (!link) return <SpentLink kind="mail" usedAt={null} />;
  const { address, at } = link;
  return (
    <>
      <DoorHead title={at === null ? "Stop these mails?" : "You get no more of these mails"}>
        <b>{address}</b>{" "}
        {at === null
          ? "is told of issues of one team. Other teams that tell it are not concerned."
          : "is told of nothing by this team any more."}
      </DoorHead>
      <UnsubscribeForm token={token} isUnsubscribed={at !== null} />
      <DoorNote>The link in a mail works for this address alone.</DoorNote>
    </>
  );
}
