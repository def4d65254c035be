/* Bilateral trade of an economy with each partner, without tariffs. Formulas: docs/exposure.md. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "measure/answers.h"
#include "world/describe.h"
#include "world/economy.h"
#include "world/sides.h"

/* Purchases of side `of` from a partner and its sales to it. Summed over all partners and the home market: use and
 * output. */
typedef struct partner {
    size_t region;
    double imports, exports;
} partner;

typedef struct sums {
    double use, output, imports, exports;
} sums;

enum { PARTNER, IMPORTS, SHARE_OF_IMPORTS, SHARE_OF_USE, EXPORTS, SHARE_OF_EXPORTS, SHARE_OF_OUTPUT };

static const dr_column_spec columns[] = {
    [PARTNER] = {"partner", DR_SHOW_TEXT},
    [IMPORTS] = {"imports", DR_SHOW_VALUE},
    [SHARE_OF_IMPORTS] = {"share_of_imports", DR_SHOW_SHARE},
    [SHARE_OF_USE] = {"share_of_use", DR_SHOW_SHARE},
    [EXPORTS] = {"exports", DR_SHOW_VALUE},
    [SHARE_OF_EXPORTS] = {"share_of_exports", DR_SHOW_SHARE},
    [SHARE_OF_OUTPUT] = {"share_of_output", DR_SHOW_SHARE},
};

/* The sum over sectors of what n buys from i. */
static double flow_of(const dr_economy *e, size_t n, size_t i)
{
    double sum = 0;
    for (size_t s = 0; s < e->sectors; s++)
        sum += e->flow[(n * e->regions + i) * e->sectors + s];
    return sum;
}

static void add_up(sums *all, partner *partners, const dr_economy *e, const bool *of)
{
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++) {
            double value = flow_of(e, n, i);
            all->use += of[n] ? value : 0;
            all->output += of[i] ? value : 0;
            partners[i].imports += of[n] && !of[i] ? value : 0;
            partners[n].exports += of[i] && !of[n] ? value : 0;
        }
    for (size_t i = 0; i < e->regions; i++) {
        partners[i].region = i;
        all->imports += partners[i].imports;
        all->exports += partners[i].exports;
    }
}

/* The largest imports first. */
static int compare(const void *a, const void *b)
{
    const partner *x = a, *y = b;
    if (x->imports != y->imports)
        return x->imports > y->imports ? -1 : 1;
    return (x->region > y->region) - (x->region < y->region);
}

static void add_row(dr_table *table, const char *name, double imports, double exports, const sums *all)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, PARTNER, name);
    dr_table_set_number(table, row, IMPORTS, imports);
    dr_table_set_number(table, row, SHARE_OF_IMPORTS, all->imports > 0 ? imports / all->imports : NAN);
    dr_table_set_number(table, row, SHARE_OF_USE, all->use > 0 ? imports / all->use : NAN);
    dr_table_set_number(table, row, EXPORTS, exports);
    dr_table_set_number(table, row, SHARE_OF_EXPORTS, all->exports > 0 ? exports / all->exports : NAN);
    dr_table_set_number(table, row, SHARE_OF_OUTPUT, all->output > 0 ? exports / all->output : NAN);
}

static void fill(dr_table *table, partner *partners, const dr_economy *e, const bool *of, const char *name)
{
    sums all = {0};
    char words[DR_SPOKEN_SIZE];
    add_up(&all, partners, e, of);
    qsort(partners, e->regions, sizeof *partners, compare);
    dr_describe_title(table, e->year, "Partners of %s", dr_spoken(words, e, name));
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(table, "of", name);
    dr_table_add_note(table, "imports and exports are those of %s with all regions outside it, without tariffs", words);
    for (size_t i = 0; i < e->regions; i++)
        if (!of[partners[i].region])
            add_row(table, e->region_codes.names[partners[i].region], partners[i].imports, partners[i].exports, &all);
    add_row(table, "all", all.imports, all.exports, &all);
    dr_table_set_kind(table, table->rows - 1, DR_ROW_TOTAL);
    dr_answer_partners(table, e, name);
}

dr_status dr_exposure_partners(dr_table **out, const dr_economy *economy, const char *of)
{
    DR_TRY(DR_GIVEN(out, economy, of));
    dr_sides sides = {0};
    dr_table *table = NULL;
    partner *partners = dr_new(economy->regions, sizeof *partners);
    dr_status status = partners ? dr_sides_read(&sides, economy, NULL, of, NULL) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_table_new(&table, columns, sizeof columns / sizeof *columns);
    if (status == DR_OK)
        fill(table, partners, economy, sides.of, of);
    if (status == DR_OK)
        dr_named_tell(table, economy, &sides.named);
    dr_sides_free(&sides);
    free(partners);
    return dr_table_finish(out, table, status);
}
