/* A program outside the tree that uses the installed library: it must compile, link and run with what pkg-config says.
 */
#include <derisk.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    dr_world *world = NULL;
    dr_status status = dr_world_open(&world, "missing.world");
    if (strcmp(dr_version(), DR_VERSION) != 0 || status != DR_BAD_INPUT || !strstr(dr_error_text(), "missing.world")) {
        fprintf(stderr, "version %s, status %d, error '%s'\n", dr_version(), (int)status, dr_error_text());
        return 1;
    }
    return 0;
}
