// Shell completion. The scripts ask the command line itself, so they know every command and flag that it has.
import { Argument, type Command } from "commander";
import { CommandError } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_switchyard() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(switchyard complete -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _switchyard switchyard`,
  zsh: `#compdef switchyard
_switchyard() {
  local -a found
  found=("\${(@f)$(switchyard complete -- "\${(@)words[2,CURRENT-1]}")}")
  compadd -a found
}
compdef _switchyard switchyard`,
  fish: `complete -c switchyard -f -a '(switchyard complete -- (commandline -opc)[2..])'`,
};

/** The words that may follow these: subcommands and flags. */
export function followers(program: Command, words: readonly string[]): string[] {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next) command = next;
  }
  const flags = [...command.options, ...(command === program ? [] : program.options)];
  const names = command.commands.map((each) => each.name()).filter((name) => name !== "complete");
  return [...names, ...flags.flatMap(({ long }) => long ?? []), "--help"];
}

export function addCompletion(program: Command, { out }: Surroundings): void {
  program
    .command("completion")
    .description("print the completion of a shell, to be read by it when it starts")
    .addArgument(new Argument("<shell>").choices(Object.keys(SCRIPTS)))
    .action((shell: string) => {
      const script = SCRIPTS[shell];
      if (script === undefined) throw new CommandError(`There is no completion for ${shell}.`);
      out.write(`${script}\n`);
    });
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action((words: string[]) => {
      out.write(`${followers(program, words).join("\n")}\n`);
    });
}
