import { Notice, noticeLink } from "#components/ui/notice.tsx";

export function NoLoginNotice() {
  return (
    <Notice title="The dashboard is not shown here">
      <p>
        There is no log-in yet, so the dashboard is shown only to a browser on the same machine, at localhost or
        127.0.0.1, whose address was typed or opened from a bookmark; from here, use the{" "}
        <a href="/v1/docs" className={noticeLink}>
          REST API
        </a>{" "}
        with an API key.
      </p>
    </Notice>
  );
}
