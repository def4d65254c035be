# bash completion for derisk, printed by 'derisk completion bash'. Where the program offers nothing, bash offers files.
_derisk() {
    local line=${COMP_LINE:0:COMP_POINT} words current kept
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    current=${words[-1]}
    mapfile -t COMPREPLY < <("${words[0]}" completion words -- "${words[@]:1}" 2>/dev/null)
    # bash replaces only what follows the last '=' or ':'.
    kept=${current%"${current##*[=:]}"}
    COMPREPLY=("${COMPREPLY[@]#"$kept"}")
    [[ ${#COMPREPLY[@]} = 1 && ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -o bashdefault -o default -F _derisk derisk
