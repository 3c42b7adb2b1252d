/** What stands in quotes, so that a command is read at a glance. */
const QUOTED = /('[^']*'|"[^"]*")/;

/** A command for a shell, to be read before it is pasted. */
export const ShellText = ({ text }: { text: string }) => (
  <>
    {text.split(QUOTED).map((part, index) =>
      index % 2 === 0 ? (
        part
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name
        <span key={index} className="text-code-string">
          {part}
        </span>
      ),
    )}
  </>
);
