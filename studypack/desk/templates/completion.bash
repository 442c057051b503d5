# Completion of studypack's commands, options and guides for bash 4.4 or newer.
_studypack_completion() {
    local program=${1/#\~\//$HOME/} word=${COMP_WORDS[COMP_CWORD]} type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            plain) COMPREPLY+=("$value") ;;
            guide)
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -f -X '!*.md' -- "$word"; compgen -d -- "$word")
                ;;
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
        _STUDYPACK_COMPLETE=bash_complete "$program" 2>/dev/null)
}
complete -o nosort -F _studypack_completion studypack
