#include "world/accounts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/sql.h"
#include "world/products.h"
#include "world/supplements.h"
#include "world/walk.h"
#include "world/world_sql.h"

/* ---- Writing ---- */

static dr_status check_name(const dr_account *account)
{
    size_t length = strlen(account->name);
    if (length > 0 && length <= DR_LONGEST_ACCOUNT && dr_utf8(account->name) && *account->unit &&
        dr_utf8(account->unit))
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "the account '%.40s' with the unit '%.40s': expected a name of 1 to %d bytes and a unit, in UTF-8",
                   account->name, account->unit, DR_LONGEST_ACCOUNT);
}

/* The years of an account are a series, which has one unit. */
static dr_status check_unit(const dr_writer *writer, const dr_account *account)
{
    dr_names units = {0};
    dr_status status =
        dr_sql_names(&units, &writer->duck, dr_world_sql.accounts.units, DR_VALUES(dr_sql_text("name", account->name)));
    if (status == DR_OK && units.count > 0 && strcmp(units.names[0], account->unit) != 0)
        status = dr_fail(DR_BAD_INPUT,
                         "the account '%s' of %d is in %s, where its other years in the world are in %s; give it "
                         "another name, or convert it",
                         account->name, account->year, account->unit, units.names[0]);
    dr_names_free(&units);
    return status;
}

static dr_status check_year(const dr_writer *writer, int year)
{
    bool stored = false;
    DR_TRY(dr_sql_any(&stored, &writer->duck, dr_world_sql.years.is_stored, DR_VALUES(dr_sql_integer("year", year))));
    return stored ? DR_OK
                  : dr_fail(DR_BAD_INPUT, "the world has no table of %d, to which an account could belong", year);
}

static dr_status check_values(const dr_account *account, const dr_layout *layout)
{
    size_t sectors = layout->sectors.count, cells = layout->regions.count * sectors;
    for (size_t i = 0; i < cells; i++)
        if (!(fabs(account->value[i]) <= DR_LARGEST))
            return dr_fail(DR_BAD_INPUT, "the account '%s' of %d is not a finite number of at most 1e30 for %s, %s",
                           account->name, account->year, layout->regions.names[i / sectors],
                           layout->sectors.names[i % sectors]);
    for (size_t i = 0; account->final && i < layout->regions.count; i++)
        if (!(fabs(account->final[i]) <= DR_LARGEST))
            return dr_fail(DR_BAD_INPUT,
                           "the account '%s' of %d is not a finite number of at most 1e30 for the final use of %s",
                           account->name, account->year, layout->regions.names[i]);
    return DR_OK;
}

static dr_status append_values(const dr_writer *writer, const dr_account *account)
{
    size_t sectors = writer->layout.sectors.count, cells = writer->layout.regions.count * sectors;
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "account_value"));
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < cells; i++) {
        if (account->value[i] == 0)
            continue;
        dr_append_index(&rows, 0, (size_t)account->year);
        dr_append_text(&rows, 1, account->name);
        dr_append_index(&rows, 2, i / sectors);
        dr_append_index(&rows, 3, i % sectors);
        dr_append_number(&rows, 4, account->value[i]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status append_final(const dr_writer *writer, const dr_account *account)
{
    dr_append rows;
    if (!account->final)
        return DR_OK;
    DR_TRY(dr_append_open(&rows, &writer->duck, "account_final"));
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < writer->layout.regions.count; i++) {
        if (account->final[i] == 0)
            continue;
        dr_append_index(&rows, 0, (size_t)account->year);
        dr_append_text(&rows, 1, account->name);
        dr_append_index(&rows, 2, i);
        dr_append_number(&rows, 3, account->final[i]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status append_account(const dr_writer *writer, const dr_account *account)
{
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "account"));
    dr_append_text(&rows, 0, account->name);
    dr_append_index(&rows, 1, (size_t)account->year);
    dr_append_text(&rows, 2, account->unit);
    dr_append_text(&rows, 3, account->source);
    return dr_append_end(&rows, dr_append_row(&rows));
}

static dr_status write_sums(const dr_writer *writer, const dr_account *account)
{
    static const char *const tables[] = {"account_value", "account_final"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        DR_TRY(
            dr_sums_write_item(&writer->duck, &writer->layout, account->year, dr_cells_find(tables[i]), account->name));
    return DR_OK;
}

static dr_status write_account(dr_writer *writer, const dr_account *account, bool *replaced)
{
    const dr_sql_value *of = DR_VALUES(dr_sql_text("name", account->name), dr_sql_integer("year", account->year));
    DR_TRY(dr_writer_upgrade(writer));
    DR_TRY(dr_tables_create(&writer->duck, DR_OF_ACCOUNTS));
    DR_TRY(check_name(account));
    DR_TRY(check_year(writer, account->year));
    DR_TRY(check_values(account, &writer->layout));
    DR_TRY(dr_sql_any(replaced, &writer->duck, dr_world_sql.accounts.is_stored, of));
    if (*replaced)
        DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.accounts.drop, of));
    DR_TRY(check_unit(writer, account));
    DR_TRY(append_account(writer, account));
    DR_TRY(append_values(writer, account));
    DR_TRY(append_final(writer, account));
    return write_sums(writer, account);
}

dr_status dr_account_write(dr_writer *writer, const dr_account *account, bool *replaced)
{
    bool there = false;
    dr_status status = dr_writer_at(writer, write_account(writer, account, &there));
    if (replaced)
        *replaced = there;
    return status;
}

dr_status dr_account_source(dr_writer *writer, const dr_source *source)
{
    const char *prefix = writer->prefix;
    writer->prefix = DR_ACCOUNT_PREFIX;
    dr_status status = dr_writer_source(writer, source);
    writer->prefix = prefix;
    if (status == DR_OK)
        status = dr_writer_at(writer, dr_sql_run(&writer->duck, dr_world_sql.accounts.drop_sources, NULL));
    return status;
}

/* ---- Reading ---- */

/* The account that is meant: by its name, whatever the case of letters; the only one where no name is given. */
static dr_status find_name(char **out, const dr_world *world, const char *name, const dr_names *names)
{
    char hint[DR_HINT_SIZE], list[DR_NAMES_SIZE];
    int index = name ? dr_names_find(names, name) : names->count == 1 ? 0 : -1;
    for (size_t i = 0; name && index < 0 && i < names->count; i++)
        if (strcasecmp(names->names[i], name) == 0)
            index = (int)i;
    if (index < 0 && !name)
        return dr_fail(DR_BAD_INPUT, "%s: has %zu accounts; say which one%s", world->path, names->count,
                       dr_names_list(list, "; it has ", names));
    if (index < 0) {
        dr_hint(hint, name, (const char *const *)names->names, names->count);
        return dr_fail(DR_BAD_INPUT, "%s: has no account '%.60s'%s", world->path, name,
                       *hint ? hint : dr_names_list(list, "; it has ", names));
    }
    *out = strdup(names->names[index]);
    return *out ? DR_OK : dr_fail_memory();
}

static dr_status choose(char **out, const dr_world *world, const char *name)
{
    dr_names names = {0};
    if (!world->has[DR_OF_ACCOUNTS])
        return dr_fail(DR_BAD_INPUT, "%s: has no accounts; 'derisk import account FILE --to %s' reads them",
                       world->path, world->path);
    dr_status status = dr_sql_names(&names, &world->duck, dr_world_sql.accounts.names, NULL);
    if (status == DR_OK)
        status = find_name(out, world, name, &names);
    dr_names_free(&names);
    return status;
}

static dr_status no_year(const dr_world *world, const char *name, int year)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status =
        dr_sql_open(&cursor, &world->duck, dr_world_sql.accounts.years, DR_VALUES(dr_sql_text("name", name)));
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK) {
        const char *years = more ? dr_cursor_text(&cursor, 0, &texts) : "";
        status = dr_fail(DR_BAD_INPUT, "%s: has no account '%s' of %d; it has that of %s", world->path, name, year,
                         years ? years : "");
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

static dr_status read_texts(dr_account_year *a, const dr_world *world)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_sql_open(&cursor, &world->duck, dr_world_sql.accounts.one,
                                   DR_VALUES(dr_sql_text("name", a->name), dr_sql_integer("year", a->year)));
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK && more) {
        a->unit = dr_cursor_text(&cursor, 0, &a->arena);
        a->source = dr_cursor_text(&cursor, 1, &a->arena);
        status = a->unit && a->source ? DR_OK : dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    return status == DR_OK && !more ? no_year(world, a->name, a->year) : status;
}

static dr_status read_account(dr_account_year *a, const dr_world *world, const char *name)
{
    size_t regions = world->layout.regions.count;
    DR_TRY(choose(&a->name, world, name));
    DR_TRY(read_texts(a, world));
    a->value = dr_new_doubles(regions * world->layout.sectors.count);
    a->final = dr_new_doubles(regions);
    if (!a->value || !a->final)
        return dr_fail_memory();
    dr_status status = dr_walk_array(world, a->year, "account_value", a->name, a->value, 2);
    if (status == DR_OK)
        status = dr_walk_array(world, a->year, "account_final", a->name, a->final, 1);
    return status == DR_OK ? DR_OK : dr_fail_at(status, world->path);
}

dr_status dr_account_load(dr_account_year **out, const dr_world *world, const char *name, int year)
{
    dr_account_year *account = dr_new(1, sizeof *account);
    if (!account)
        return dr_fail_memory();
    account->year = year;
    dr_status status = read_account(account, world, name);
    if (status == DR_OK)
        *out = account;
    else
        dr_account_free(account);
    return status;
}

void dr_account_free(dr_account_year *account)
{
    if (!account)
        return;
    free(account->name);
    free(account->value);
    free(account->final);
    dr_arena_free(&account->arena);
    free(account);
}

/* The name for jobs among those of accounts in persons; NULL: none of them, or several without one that says so. */
static const char *name_of_jobs(const dr_names *names)
{
    static const char *const called[] = {"persons engaged", "employment", "jobs", "persons employed", "employees"};
    for (size_t i = 0; i < sizeof called / sizeof *called; i++)
        for (size_t k = 0; k < names->count; k++)
            if (strcasecmp(names->names[k], called[i]) == 0)
                return names->names[k];
    return names->count == 1 ? names->names[0] : NULL;
}

/* "Employment people: Low-skilled male", as EXIOBASE has all who work: by skill and sex. */
static bool is_by_skill(const char *name)
{
    return strncasecmp(name, "Employment", 10) == 0 && strcasestr(name, "-skilled");
}

static dr_status add_account(dr_account_year **sum, const dr_world *world, int year, const char *name)
{
    dr_account_year *one = NULL;
    DR_TRY(dr_account_load(&one, world, name, year));
    if (!*sum) {
        *sum = one;
        return DR_OK;
    }
    for (size_t i = 0; i < world->layout.regions.count * world->layout.sectors.count; i++)
        (*sum)->value[i] += one->value[i];
    dr_account_free(one);
    return DR_OK;
}

/* The sum of the accounts by skill, called as the first and how many more; NULL where there are none. */
static dr_status sum_skills(dr_account_year **out, const dr_world *world, int year, const dr_names *names)
{
    size_t count = 0;
    char *called = NULL;
    dr_account_year *sum = NULL;
    dr_status status = DR_OK;
    for (size_t i = 0; i < names->count && status == DR_OK; i++)
        if (is_by_skill(names->names[i])) {
            status = add_account(&sum, world, year, names->names[i]);
            count++;
        }
    if (status == DR_OK && count > 1 && asprintf(&called, "%s and %zu more by skill", sum->name, count - 1) < 0)
        status = dr_fail_memory();
    if (status == DR_OK && called) {
        free(sum->name);
        sum->name = called;
    }
    if (status == DR_OK)
        *out = sum;
    else
        dr_account_free(sum);
    return status;
}

dr_status dr_account_of_jobs(dr_account_year **out, const dr_world *world, int year)
{
    dr_names names = {0};
    *out = NULL;
    if (!world->has[DR_OF_ACCOUNTS])
        return DR_OK;
    dr_status status =
        dr_sql_names(&names, &world->duck, dr_world_sql.accounts.of_persons, DR_VALUES(dr_sql_integer("year", year)));
    const char *name = status == DR_OK ? name_of_jobs(&names) : NULL;
    if (name)
        status = dr_account_load(out, world, name, year);
    else if (status == DR_OK)
        status = sum_skills(out, world, year, &names);
    dr_names_free(&names);
    return status;
}

/* Reads the accounts of `names` that are by skill into `values`, and their kinds. */
static dr_status read_kinds(dr_names *kinds, double *values, const dr_world *world, int year, const dr_names *names)
{
    size_t cells = world->layout.regions.count * world->layout.sectors.count;
    for (size_t i = 0; i < names->count; i++) {
        dr_account_year *one = NULL;
        if (!is_by_skill(names->names[i]))
            continue;
        const char *colon = strchr(names->names[i], ':'), *kind = colon ? colon + 1 + strspn(colon + 1, " ") : NULL;
        DR_TRY(dr_account_load(&one, world, names->names[i], year));
        memcpy(values + kinds->count * cells, one->value, cells * sizeof *values);
        dr_account_free(one);
        if (dr_names_add(kinds, kind && *kind ? kind : names->names[i]) < 0)
            return dr_fail_memory();
    }
    return DR_OK;
}

dr_status dr_account_jobs_by_kind(dr_names *kinds, double **values, const dr_world *world, int year)
{
    dr_names names = {0};
    size_t count = 0, cells = world->layout.regions.count * world->layout.sectors.count;
    if (!world->has[DR_OF_ACCOUNTS])
        return DR_OK;
    dr_status status =
        dr_sql_names(&names, &world->duck, dr_world_sql.accounts.of_persons, DR_VALUES(dr_sql_integer("year", year)));
    for (size_t i = 0; i < names.count; i++)
        count += is_by_skill(names.names[i]);
    if (status == DR_OK && count > 0 && !(*values = dr_new_doubles(count * cells)))
        status = dr_fail_memory();
    if (status == DR_OK && count > 0)
        status = read_kinds(kinds, *values, world, year, &names);
    dr_names_free(&names);
    return status;
}

/* ---- The contents of a world ---- */

dr_status dr_accounts_info(dr_table *table, const dr_world *world)
{
    if (!world->has[DR_OF_ACCOUNTS])
        return DR_OK;
    DR_TRY(dr_sql_table(table, &world->duck, dr_world_sql.info.accounts, NULL));
    return dr_supplement_info(table, world, "account", "accounts", "account");
}
