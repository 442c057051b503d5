# Completion of studypack's commands, options and guides for fish.
function __studypack_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    for line in (env _STUDYPACK_COMPLETE=fish_complete COMP_WORDS=(commandline -cp) COMP_CWORD=$word $program 2>/dev/null)
        set -l parts (string split -m 1 , -- $line)
        switch $parts[1]
            case plain
                echo $parts[2]
            case guide
                complete -C "'' $word" | string match -r '.*(?:/|\.md)(?:\t.*)?$'
            case dir
                __fish_complete_directories $word
            case file
                complete -C "'' $word"
        end
    end
end
complete --no-files --command studypack --arguments '(__studypack_complete)'
