import { Notice, noticeLink } from "#components/ui/notice.tsx";

/** The page of an id that names nothing of this team. */
export const NoSuch = ({ what, list }: { what: string; list: string }) => (
  <Notice title={`There is no such ${what}`}>
    <p>
      The id may be mistyped, of another team, or older than what is kept. Look for it in the{" "}
      <a href={list} className={noticeLink}>
        list of {what}s
      </a>
      .
    </p>
  </Notice>
);
