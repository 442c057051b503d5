#compdef studypack
# Completion of studypack's commands, options and guides for zsh.
_studypack_completion() {
    local program=${${(Q)words[1]}/#\~\//$HOME/} type key description
    local -a response plain described
    response=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \
        _STUDYPACK_COMPLETE=zsh_complete "$program" 2>/dev/null)}")
    for type key description in "${(@)response}"; do
        case $type in
            plain)
                if [[ $description == _ ]]; then plain+=("$key"); else described+=("$key:$description"); fi
                ;;
            guide) _files -g '*.md' ;;
            dir) _files -/ ;;
            file) _files ;;
        esac
    done
    if (( $#described )); then _describe -V 'studypack' described; fi
    if (( $#plain )); then compadd -V 'studypack' -a plain; fi
}

if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _studypack_completion "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _studypack_completion studypack
fi
