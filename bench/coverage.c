/* Not of speed but of truth: how often 95% intervals hold the coefficient that made-up panels have, for each kind of
 * error where theory promises 95%, and with few clusters, where it does not. */
#include "support/coverage.h"
#include "bench.h"

int main(void)
{
    const size_t panels = 2000;
    const uint32_t clusters[] = {5, 10, 20, 50};
    printf("intervals that hold the truth, of 2,000 panels each\n");
    for (size_t i = 0; i < COVERAGE_COUNT; i++) {
        double share = coverage_share(&coverage_kinds[i], panels);
        printf("  %-45s %5.1f%%%s\n", coverage_kinds[i].name, 100 * share,
               share > 0.93 && share < 0.97 ? "" : "  not between 93 and 97%");
        fflush(stdout);
    }
    printf("  %-9s", "clusters");
    for (size_t kind = 0; kind < COVERAGE_FEW; kind++)
        printf("%8s", coverage_few_names[kind]);
    for (size_t c = 0; c < 4; c++) {
        printf("\n  %8u ", clusters[c]);
        for (size_t kind = 0; kind < COVERAGE_FEW; kind++) {
            coverage few = coverage_few(kind, clusters[c]);
            printf("%7.1f%%", 100 * coverage_share(&few, panels));
            fflush(stdout);
        }
    }
    printf("\n");
    return 0;
}
