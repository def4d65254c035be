#include "cli/program.h"

int main(int argc, char **argv)
{
    cli_program(argc, argv);
}
