#compdef derisk
# zsh completion for derisk, printed by 'derisk completion zsh'. Where the program offers nothing, zsh offers files.
_derisk() {
    local -a candidates
    candidates=(${(f)"$("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
    if (( ${#candidates} )); then
        compadd -q -S ' ' -r ':' -- "${candidates[@]}"
    else
        _files
    fi
}
if [[ ${funcstack[1]} = _derisk ]]; then
    _derisk "$@"
else
    compdef _derisk derisk
fi
