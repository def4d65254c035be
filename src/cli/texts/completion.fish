# fish completion for derisk, printed by 'derisk completion fish', beside the files that fish offers.
function __derisk_words
    set -l words (commandline -opc) (commandline -ct)
    $words[1] completion words -- $words[2..-1] 2>/dev/null
end
complete -c derisk -a '(__derisk_words)'
