#include "play/parties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

/* Sectors, or products of any sector. A group of the document's own goes before a built-in list of its name. */
static dr_status read_goods(dr_parties *out, dr_game_reader *r, const dr_model *m, yaml_node_t *node)
{
    char *list = NULL;
    if (node)
        DR_TRY(dr_yaml_list(&r->yaml, node, &list));
    bool products = list && !dr_own_group_find(&r->own, list) && dr_product_list(list);
    free(list);
    if (!products)
        return dr_game_read_sectors(r, node, out->sectors);
    for (size_t s = 0; s < m->sectors; s++)
        out->sectors[s] = true;
    DR_TRY(dr_yaml_at(&r->yaml, node, dr_game_need_products(m)));
    return dr_game_read_products(r, node, &out->products);
}

dr_status dr_parties_read(dr_parties *out, dr_game_reader *r, const dr_model *m, yaml_node_t *of, yaml_node_t *against,
                          yaml_node_t *sectors, yaml_node_t *inside)
{
    bool included = false;
    DR_TRY(dr_yaml_truth(&r->yaml, inside, &included));
    out->sectors = dr_new(r->economy->sectors, sizeof *out->sectors);
    if (!out->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_list(&r->yaml, of, &out->of));
    DR_TRY(dr_yaml_list(&r->yaml, against, &out->against));
    dr_spoken(out->of_words, r->economy, out->of);
    dr_spoken(out->against_words, r->economy, out->against);
    DR_TRY(dr_yaml_at(&r->yaml, of, dr_sides_read(&out->sides, r->economy, &r->own, out->of, out->against)));
    out->sides.inside = included;
    if (!included)
        DR_TRY(dr_yaml_at(&r->yaml, of, dr_sides_apart(&out->sides, r->economy, out->of, out->against)));
    return read_goods(out, r, m, sectors);
}

void dr_parties_free(dr_parties *p)
{
    dr_sides_free(&p->sides);
    free(p->of);
    free(p->against);
    free(p->sectors);
    free(p->products.mask);
}

void dr_parties_add_sides(const dr_parties *p, dr_headline *heading)
{
    dr_headline_add(heading, "%s", p->of_words);
    dr_headline_add(heading, "%s", p->against_words);
}

dr_status dr_parties_add_groups(const dr_parties *p, const dr_model *m, dr_named *named)
{
    return dr_named_merge(named, &p->sides.named, m->regions);
}

void dr_word_party(dr_table *table, const char *column, const char *before, const char *party, const char *after,
                   const char *description)
{
    char heading[DR_SPOKEN_SIZE + 64];
    snprintf(heading, sizeof heading, "%s%s%s", before, party, after);
    dr_table_word(table, column, heading, description);
}

double dr_parties_trade(const dr_parties *p, const dr_model *m, size_t sector)
{
    double sum = 0;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && p->sides.of[n]; i++)
            sum += p->sides.to[i] ? m->base.flow[(n * m->regions + i) * m->sectors + sector] : 0;
    return sum;
}

dr_status dr_parties_product_trade(double *out, const dr_sides *sides, const dr_model *m, size_t sector, size_t product)
{
    dr_instrument flows;
    dr_status status = dr_instrument_of_product(&flows, m, sides, sector, (unsigned)product);
    *out = flows.base;
    dr_instrument_free(&flows);
    return status;
}

bool dr_parties_exceed(const dr_parties *p, const dr_model *m, const bool *sectors, double cap)
{
    const dr_sides *sides = &p->sides;
    for (size_t s = 0; s < m->sectors; s++) {
        double from = 0, all = 0;
        for (size_t n = 0; n < m->regions && sectors[s]; n++)
            for (size_t i = 0; i < m->regions && sides->of[n]; i++) {
                double flow = sides->of[i] ? 0 : m->base.flow[(n * m->regions + i) * m->sectors + s];
                all += flow;
                from += sides->to[i] ? flow : 0;
            }
        if (from > cap * all)
            return true;
    }
    return false;
}

/* The codes of the marked sectors with commas between; NULL: out of memory. To be freed. */
static char *sector_list(const dr_model *m, const bool *sectors)
{
    char *const *codes = m->economy->sector_codes.names;
    size_t size = 1, length = 0;
    for (size_t s = 0; s < m->sectors; s++)
        size += strlen(codes[s]) + 1;
    char *list = dr_new(size, 1);
    for (size_t s = 0; s < m->sectors && list; s++)
        if (sectors[s])
            length += (size_t)snprintf(list + length, size - length, "%s%s", length ? "," : "", codes[s]);
    return list;
}

dr_status dr_parties_plan(dr_plan **out, const dr_parties *p, const dr_game *g, const dr_model *m, const bool *sectors,
                          double cap)
{
    char *list = sector_list(m, sectors);
    const dr_plan_options options = DR_OPTIONS(dr_plan_options, .sectors = list, .cap = cap,
                                               .starts = g->options->starts, .threads = g->options->threads);
    dr_status status =
        list ? dr_plan_warm_start(out, NULL, m, &(dr_plan_parties){p->of, p->against, &p->sides}, &options, false)
             : dr_fail_memory();
    free(list);
    return status;
}
