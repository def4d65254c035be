/*
 * What a tariff of 25% on electrical and optical equipment from China would do to welfare in the EU and in its members.
 *
 *     derisk demo
 *     cc tariff.c $(pkg-config --cflags --libs derisk) -o tariff && ./tariff sample.world
 *
 * All that it needs is derisk.h.
 */
#include <derisk.h>
#include <stdio.h>

/* What main makes on its way; whatever has not been made is NULL, which the functions that free take. */
typedef struct analysis {
    dr_world *world;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
    dr_solution *solution;
    dr_table *regions;
} analysis;

static dr_status analyse(analysis *a, const char *path)
{
    dr_status status = dr_world_open(&a->world, path);
    if (status == DR_OK)
        status = dr_economy_load(&a->economy, a->world, 0); /* 0: the last year */
    if (status == DR_OK)
        status = dr_model_new(&a->model, a->economy, NULL); /* NULL: the usual options */
    if (status == DR_OK)
        status = dr_scenario_new(&a->scenario, a->economy);
    if (status == DR_OK)
        status = dr_scenario_tariff(a->scenario, "EU", "CHN", "electrical-optical", 0.25, DR_RATE_SET);
    if (status == DR_OK)
        status = dr_model_solve(&a->solution, a->model, a->scenario);
    if (status == DR_OK)
        status = dr_solution_regions(&a->regions, a->solution);
    return status;
}

static void print(const analysis *a)
{
    size_t region = (size_t)dr_table_find(a->regions, "region"), welfare = (size_t)dr_table_find(a->regions, "welfare");
    dr_certificate certificate;
    dr_solution_certificate(a->solution, &certificate);
    printf("Change of real income\n");
    for (size_t row = 0; row < dr_table_rows(a->regions); row++)
        printf("%-8s %+.3f%%\n", dr_table_text(a->regions, row, region), dr_table_number(a->regions, row, welfare));
    printf("Worst residual %.0e: %s\n", certificate.worst_residual, certificate.worst_equation);
}

int main(int argc, char **argv)
{
    analysis a = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: tariff WORLD\n");
        return DR_USAGE;
    }
    dr_status status = analyse(&a, argv[1]);
    if (status == DR_OK)
        print(&a);
    else
        fprintf(stderr, "tariff: %s\n", dr_error_text());
    dr_table_free(a.regions);
    dr_solution_free(a.solution);
    dr_scenario_free(a.scenario);
    dr_model_free(a.model);
    dr_economy_free(a.economy);
    dr_world_close(a.world);
    return (int)status;
}
