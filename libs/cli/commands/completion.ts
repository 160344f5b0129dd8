import { Argument, Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const EXAMPLES = `
Examples:
  source <(fissile completion bash)                                      in ~/.bashrc
  source <(fissile completion zsh)                                       in ~/.zshrc, after compinit
  fissile completion fish > ~/.config/fish/completions/fissile.fish`;

/** What may follow so many words of the command line. */
interface Follows {
  /** Each with a space before it: " new context". */
  readonly path: string;
  readonly words: string;
}

/** `fissile completion`. @param program whose commands and flags are completed */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('Prints what makes a shell complete the words of this command')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => console.log(SCRIPTS[shell](followsOf(program))));
}

/** Longer paths first: the shells take the first that fits. */
function followsOf(command: Command, path = ''): Follows[] {
  const below = command.commands.flatMap((child) => followsOf(child, `${path} ${child.name()}`));
  const flags = command.options.flatMap(({ long }) => long ?? []);
  const words = [...command.commands.map((child) => child.name()), ...flags, '--help'].join(' ');
  return [...below, { path, words }];
}

const SCRIPTS: Readonly<Record<Shell, (follows: readonly Follows[]) => string>> = {
  bash: (follows) => `_fissile() {
  local path= word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || path+=" $word"; done
${caseOf(follows)}
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _fissile fissile`,
  zsh: (follows) => `_fissile() {
  local path_= word known
  for word in \${words[2,CURRENT-1]}; do [[ $word == -* ]] || path_+=" $word"; done
${caseOf(follows).replaceAll('$path', '$path_').replaceAll('words=', 'known=')}
  compadd -- \${=known}
}
compdef _fissile fissile`,
  fish: (follows) => `function __fissile_words
    set -l path ''
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; or set path "$path $word"
    end
    switch "$path"
${follows.map(({ path, words }) => `        case '${path}*'\n            string split ' ' -- '${words}'`).join('\n')}
    end
end
complete -c fissile -f -a '(__fissile_words)'`,
};

function caseOf(follows: readonly Follows[]): string {
  const cases = follows.map(({ path, words }) => `    '${path}'*) words='${words}' ;;`);
  return `  case "$path" in\n${cases.join('\n')}\n  esac`;
}
