#include <stdio.h>

#include "cli/commands.h"

/* What follows is bash. `$previous` is the option whose value is being typed; where nothing is offered, bash offers files. */
static const char head[] = "# bash completion for derisk; made by 'derisk completion bash'\n"
                           "_derisk() {\n"
                           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
                           "    local command=${COMP_WORDS[1]} words=\n"
                           "    if [ \"$current\" = = ]; then\n"
                           "        current=\n"
                           "    elif [ \"$previous\" = = ]; then\n"
                           "        previous=${COMP_WORDS[COMP_CWORD-2]}\n"
                           "    fi\n"
                           "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
                           "        command=derisk previous=\n"
                           "    fi\n";

static const char tail[] = "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                           "}\n"
                           "complete -o bashdefault -o default -F _derisk derisk\n";

static void print_words(const char *const *words)
{
    for (; words && *words; words++)
        printf("%s%s", *words, words[1] ? " " : "");
}

static void print_command_names(void)
{
    for (size_t i = 0; cli_commands[i]; i++)
        printf("%s%s", cli_commands[i]->name, cli_commands[i + 1] ? " " : "");
}

/* What an option's value may be. */
static void print_values(const cli_option *option)
{
    printf("        --%s) words='", option->name);
    if (option->takes != CLI_FILE) /* whose words are endings */
        print_words(option->words);
    puts("' ;;");
}

static void print_command(const cli_command *command)
{
    printf("    %s)\n        case $previous in\n", command->name);
    for (const cli_option *option = command->options; option->name; option++)
        if (option->takes != CLI_NOTHING)
            print_values(option);
    fputs("        *)\n            case $current in\n            -*) words='--help", stdout);
    for (const cli_option *option = command->options; option->name; option++)
        printf(" --%s", option->name);
    fputs("' ;;\n            *) [ \"$COMP_CWORD\" = 2 ] && words='", stdout);
    if (command == &cli_help)
        print_command_names();
    else
        print_words(command->arguments->words);
    puts("' ;;\n            esac ;;\n        esac ;;");
}

static dr_status run_completion(const cli_line *line)
{
    (void)line; /* bash is the only shell there is, and cli_parse has checked that */
    fputs(head, stdout);
    fputs("    case $command in\n    derisk) words='--help --version ", stdout);
    print_command_names();
    puts("' ;;");
    for (size_t i = 0; cli_commands[i]; i++)
        print_command(cli_commands[i]);
    puts("    esac");
    fputs(tail, stdout);
    return DR_OK;
}

static const char *const shells[] = {"bash", NULL};
static const cli_option arguments[] = {{"SHELL", .takes = CLI_WORD, .words = shells}, {0}};
static const cli_option options[] = {{0}};

const cli_command cli_completion = {
    .name = "completion",
    .summary = "print the shell's completion script (bash)",
    .description = "Completes commands, options, their values and files. 'make install' puts it where bash finds it.",
    .example = "derisk completion bash",
    .arguments = arguments,
    .options = options,
    .run = run_completion,
};
