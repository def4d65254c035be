/* The run of a shock as tables: by region, day by day, by sector. Columns: include/derisk.h, docs/propagate.md. */
#include "dynamics/propagate_tables.h"

#include <math.h>

static double first_day(const dr_propagation *r, size_t step)
{
    return step ? (double)((step - 1) * r->days + 1) : NAN;
}

/* The day from which on the figure is back at its base; NAN if it never left it, or does not return. */
static double recovery_day(const dr_propagation *r, const dr_track *t)
{
    return t->last_below && t->last_below < r->steps ? first_day(r, t->last_below + 1) : NAN;
}

dr_status dr_propagation_regions(dr_table **out, const dr_propagation *r)
{
    static const dr_column_spec columns[] = {
        {"region", DR_SHOW_TEXT},         {"value_added", DR_SHOW_VALUE}, {"loss", DR_SHOW_VALUE},
        {"loss_share", DR_SHOW_PERCENT},  {"lowest", DR_SHOW_PERCENT},    {"lowest_day", DR_SHOW_COUNT},
        {"recovered_day", DR_SHOW_COUNT}, {"end", DR_SHOW_PERCENT},       {"rest", DR_SHOW_PERCENT},
        {"final_use", DR_SHOW_PERCENT},
    };
    double years = (double)(r->steps * r->days) / 365;
    DR_TRY(dr_table_new(out, columns, sizeof columns / sizeof *columns));
    for (size_t i = 0; i < r->areas; i++) {
        const dr_track *v = &r->value[i], *f = &r->final[i];
        size_t row = dr_table_add_row(*out);
        double cells[] = {v->base * years,
                          v->lost,
                          v->base != 0 ? 100 * v->lost / (v->base * years) : 0,
                          100 * v->low,
                          first_day(r, v->low_step),
                          recovery_day(r, v),
                          100 * v->end,
                          100 * v->rest,
                          f->base > 0 ? -100 * f->lost / (f->base * years) : 0};
        dr_table_set_text(*out, row, 0, r->area[i].name);
        dr_table_set_kind(*out, row, r->area[i].kind);
        for (size_t j = 0; j < sizeof cells / sizeof *cells; j++)
            dr_table_set_number(*out, row, j + 1, cells[j]);
    }
    return DR_OK;
}

dr_status dr_propagation_path(dr_table **out, const dr_propagation *r)
{
    static const dr_column_spec columns[] = {
        {"day", DR_SHOW_COUNT},         {"region", DR_SHOW_TEXT},         {"value_added", DR_SHOW_PERCENT},
        {"final_use", DR_SHOW_PERCENT}, {"inventories", DR_SHOW_PERCENT}, {"residual", DR_SHOW_NUMBER},
    };
    DR_TRY(dr_table_new(out, columns, sizeof columns / sizeof *columns));
    for (size_t step = 1; step <= r->steps; step++)
        for (size_t i = 0; i < r->areas; i++) {
            size_t at = (step - 1) * r->areas + i, row = dr_table_add_row(*out);
            dr_table_set_number(*out, row, 0, first_day(r, step));
            dr_table_set_text(*out, row, 1, r->area[i].name);
            dr_table_set_kind(*out, row, r->area[i].kind);
            dr_table_set_number(*out, row, 2, 100 * r->value_at[at]);
            dr_table_set_number(*out, row, 3, 100 * r->final_at[at]);
            dr_table_set_number(*out, row, 4, 100 * r->stock_at[at]);
            dr_table_set_number(*out, row, 5, r->residual[step - 1]);
        }
    return DR_OK;
}

static const char *holder(const dr_economy *names, const dr_track *t)
{
    if (t->low >= -DR_RECOVERED_WITHIN || t->held_by == DR_HELD_BY_NOTHING)
        return "";
    if (t->held_by >= 0)
        return dr_economy_sector(names, (size_t)t->held_by);
    return t->held_by == DR_HELD_BY_CAPACITY ? "capacity" : "demand";
}

dr_status dr_propagation_sectors(dr_table **out, const dr_propagation *r)
{
    static const dr_column_spec columns[] = {
        {"region", DR_SHOW_TEXT},    {"sector", DR_SHOW_TEXT},      {"held_by", DR_SHOW_TEXT},
        {"output", DR_SHOW_VALUE},   {"loss", DR_SHOW_VALUE},       {"loss_share", DR_SHOW_PERCENT},
        {"lowest", DR_SHOW_PERCENT}, {"lowest_day", DR_SHOW_COUNT}, {"recovered_day", DR_SHOW_COUNT},
        {"end", DR_SHOW_PERCENT},    {"rest", DR_SHOW_PERCENT},
    };
    const dr_economy *names = r->table->names;
    double years = (double)(r->steps * r->days) / 365;
    DR_TRY(dr_table_new(out, columns, sizeof columns / sizeof *columns));
    for (size_t i = 0; i < r->table->size; i++) {
        const dr_track *t = &r->sector[i];
        if (t->base <= 0)
            continue;
        size_t row = dr_table_add_row(*out);
        double cells[] = {t->base * years,
                          t->lost,
                          100 * t->lost / (t->base * years),
                          100 * t->low,
                          first_day(r, t->low_step),
                          recovery_day(r, t),
                          100 * t->end,
                          100 * t->rest};
        dr_table_set_text(*out, row, 0, names->region_codes.names[i / names->sectors]);
        dr_table_set_text(*out, row, 1, dr_economy_sector(names, i % names->sectors));
        dr_table_set_text(*out, row, 2, holder(names, t));
        for (size_t j = 0; j < sizeof cells / sizeof *cells; j++)
            dr_table_set_number(*out, row, j + 3, cells[j]);
    }
    return DR_OK;
}
