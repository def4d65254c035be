#include "update/moved_accounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "world/world_sql.h"

/* Output of the rows and final use of the regions, before [0] and after [1]. */
typedef struct sizes {
    double *output[2], *final[2];
} sizes;

static void add_up(const sizes *s, const dr_update *u)
{
    const double *cells[] = {u->before, u->cells};
    for (int t = 0; t < 2; t++)
        for (size_t row = 0; row < u->rows; row++)
            for (size_t column = 0; column < u->columns; column++) {
                double value = cells[t][row * u->columns + column];
                s->output[t][row] += value;
                if (column >= u->rows)
                    s->final[t][(column - u->rows) / u->u] += value;
            }
}

/* Where nothing was sold, nothing is known of what goes with it. */
static double scale(double value, double before, double after)
{
    return before > 0 && after >= 0 ? value / before * after : value;
}

static void move(dr_moved_account *moved, const sizes *s, const dr_update *u)
{
    dr_account_year *a = moved->account;
    for (size_t row = 0; row < u->rows; row++) {
        moved->before += a->value[row];
        a->value[row] = scale(a->value[row], s->output[0][row], s->output[1][row]);
        moved->after += a->value[row];
    }
    for (size_t n = 0; n < u->r; n++) {
        moved->before += a->final[n];
        a->final[n] = scale(a->final[n], s->final[0][n], s->final[1][n]);
        moved->after += a->final[n];
    }
}

static dr_status describe(dr_moved_account *moved, const dr_update *u)
{
    const dr_account_year *a = moved->account;
    dr_names licences = {0};
    dr_status status =
        dr_sql_names(&licences, &u->world->duck, dr_world_sql.accounts.licence,
                     DR_VALUES(dr_sql_text("source", a->source), dr_sql_integer("year", u->table->year)));
    moved->licence = strdup(licences.count ? licences.names[0] : "");
    dr_names_free(&licences);
    if (status != DR_OK)
        return status;
    bool made = asprintf(&moved->source, "estimate for %d: %s of %d (%s), as much per unit of output and of final use",
                         u->trade->year, a->name, u->table->year, *a->source ? a->source : "no source") >= 0;
    return made && moved->licence ? DR_OK : dr_fail_memory();
}

static dr_status take(dr_moved_accounts *out, const sizes *s, const dr_update *u, const char *name)
{
    if (!dr_grow((void **)&out->list, &out->capacity, out->count + 1, sizeof *out->list))
        return dr_fail_memory();
    dr_moved_account *moved = &out->list[out->count++];
    *moved = (dr_moved_account){0};
    DR_TRY(dr_account_load(&moved->account, u->world, name, u->table->year));
    DR_TRY(describe(moved, u));
    move(moved, s, u);
    return DR_OK;
}

static dr_status take_all(dr_moved_accounts *out, const sizes *s, const dr_update *u)
{
    dr_names names = {0};
    dr_status status = dr_sql_names(&names, &u->world->duck, dr_world_sql.accounts.of_year,
                                    DR_VALUES(dr_sql_integer("year", u->table->year)));
    for (size_t i = 0; i < names.count && status == DR_OK; i++)
        status = take(out, s, u, names.names[i]);
    dr_names_free(&names);
    return status;
}

dr_status dr_moved_accounts_make(dr_moved_accounts *out, const dr_update *u)
{
    sizes s;
    if (!u->world->has[DR_OF_ACCOUNTS])
        return DR_OK;
    double *memory = dr_new_arrays(
        (dr_array[]){{&s.output[0], u->rows}, {&s.output[1], u->rows}, {&s.final[0], u->r}, {&s.final[1], u->r}}, 4);
    if (!memory)
        return dr_fail_memory();
    add_up(&s, u);
    dr_status status = take_all(out, &s, u);
    free(memory);
    return status;
}

void dr_moved_accounts_free(dr_moved_accounts *moved)
{
    for (size_t i = 0; i < moved->count; i++) {
        dr_account_free(moved->list[i].account);
        free(moved->list[i].source);
        free(moved->list[i].licence);
    }
    free(moved->list);
}

static dr_status write_one(const dr_moved_account *moved, dr_writer *writer, int year)
{
    char id[DR_LONGEST_ACCOUNT + 32];
    const dr_account_year *a = moved->account;
    const dr_account account = {a->name, a->unit, moved->source, year, a->value, a->final};
    DR_TRY(dr_account_write(writer, &account, NULL));
    snprintf(id, sizeof id, "derisk-update/%s", a->name);
    const dr_source source = {.id = id,
                              .title = moved->source,
                              .publisher = "derisk",
                              .licence = moved->licence,
                              .retrieved = "",
                              .url = "",
                              .name = "",
                              .sha256 = "",
                              .year = year};
    return dr_account_source(writer, &source);
}

dr_status dr_moved_accounts_write(const dr_moved_accounts *moved, dr_writer *writer, int year)
{
    for (size_t i = 0; i < moved->count; i++)
        DR_TRY(write_one(&moved->list[i], writer, year));
    return DR_OK;
}
