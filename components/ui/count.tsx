/** A number after the word that it counts: "Needs you 3". `count` is already written out. */
export const Count = ({ count }: { count: string }) => <span className="font-normal text-faint">{count}</span>;

interface AlertCountProps {
  count: string;
  /** What is counted, for people who do not see where it stands: "failed". */
  what: string;
  className?: string;
}

/** How many things wait for a person. */
export const AlertCount = ({ count, what, className = "" }: AlertCountProps) => (
  <span
    className={`inline-block h-4 min-w-[18px] rounded-full bg-failed-bg px-[5px] text-center font-semibold text-[10.5px] text-failed leading-4 ${className}`}
  >
    {count}
    <span className="sr-only"> {what}</span>
  </span>
);
