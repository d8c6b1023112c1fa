# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash: commands, then the options that `seamark COMMAND --help` lists, then files.

_seamark() {
    local word=${COMP_WORDS[COMP_CWORD]} command='' i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --) # what follows is another program's
            COMPREPLY=()
            return
            ;;
        -*) ;;
        *)
            command=${COMP_WORDS[i]}
            break
            ;;
        esac
    done
    if [[ -z $command && $word != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(seamark --help 2>/dev/null |
            sed -n '/^Subcommands:/,$ s/^  \([a-z][a-z]*\) .*/\1/p')" -- "$word")
    elif [[ $word == -* ]]; then
        # shellcheck disable=SC2086 # no command is none
        mapfile -t COMPREPLY < <(compgen -W "$(seamark $command --help 2>/dev/null |
            grep -oE -- '(^|[ ,])--?[a-z][a-z-]*' | tr -d ' ,')" -- "$word")
    fi
}
complete -o default -F _seamark seamark
