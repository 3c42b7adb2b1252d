import type { Metadata } from "next";
import { Notice, noticeLink } from "#components/ui/notice.tsx";

export const metadata: Metadata = { title: "Not found · Switchyard" };

export default function NotFound() {
  return (
    <Notice title="There is no page here">
      <p>
        The address may be mistyped, or what it showed is gone. Go to the{" "}
        <a href="/" className={noticeLink}>
          overview
        </a>
        .
      </p>
    </Notice>
  );
}
