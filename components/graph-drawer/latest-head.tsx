import Link from "next/link";

/** Above the latest rows of a drawer's subject: what they are, and the way to the list of all. */
export const LatestHead = ({ title, href }: { title: string; href: string }) => (
  <div className="flex items-baseline justify-between px-4 pb-1">
    <h3 className="text-muted">{title}</h3>
    <Link href={href} prefetch={false} className="text-muted text-xs hovered:text-ink hovered:underline">
      All of them
    </Link>
  </div>
);
