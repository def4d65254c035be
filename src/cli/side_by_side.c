#include "cli/side_by_side.h"

#include <stdlib.h>
#include <string.h>

static dr_status begin(dr_table **out, const char *column, const dr_table *of)
{
    size_t count = dr_table_columns(of) + 1;
    dr_column_spec *columns = dr_new(count, sizeof *columns);
    if (!columns)
        return dr_fail_memory();
    columns[0] = (dr_column_spec){column, DR_SHOW_TEXT};
    for (size_t c = 1; c < count; c++)
        columns[c] = (dr_column_spec){of->columns[c - 1].name, of->columns[c - 1].show};
    dr_status status = dr_table_new(out, columns, count);
    free(columns);
    if (status == DR_OK)
        dr_table_set_unit(*out, of->unit);
    return status;
}

static dr_fact *find_fact(dr_table *table, const char *name)
{
    for (size_t i = 0; i < table->fact_count; i++)
        if (strcmp(table->facts[i].name, name) == 0)
            return &table->facts[i];
    return NULL;
}

/* A text that differs between the tables says so; of numbers the largest is kept, as of residuals and times. */
static void add_facts(dr_table *all, const dr_table *of)
{
    for (size_t i = 0; i < of->fact_count; i++) {
        const dr_fact *fact = &of->facts[i];
        dr_fact *there = find_fact(all, fact->name);
        if (strcmp(fact->name, "scenario") == 0)
            continue;
        if (!there && fact->text)
            dr_table_add_fact_text(all, fact->name, fact->text);
        else if (!there)
            dr_table_add_fact(all, fact->name, fact->number);
        else if (fact->text && there->text && strcmp(fact->text, there->text) != 0)
            there->text = "several";
        else if (!fact->text && fact->number > there->number)
            there->number = fact->number;
    }
}

static void add_notes(dr_table *all, const dr_table *of)
{
    for (size_t i = 0; i < of->note_count; i++) {
        bool there = false;
        for (size_t j = 0; j < all->note_count && !there; j++)
            there = strcmp(all->notes[j], of->notes[i]) == 0;
        if (!there)
            dr_table_add_note(all, "%s", of->notes[i]);
    }
}

static bool same_columns(const dr_table *all, const dr_table *of)
{
    bool same = dr_table_columns(all) == dr_table_columns(of) + 1;
    for (size_t c = 0; same && c < dr_table_columns(of); c++)
        same = strcmp(dr_table_column(all, c + 1), dr_table_column(of, c)) == 0;
    return same;
}

dr_status cli_side_add(dr_table **all, const char *column, const char *name, const dr_table *of)
{
    if (!*all)
        DR_TRY(begin(all, column, of));
    if (!same_columns(*all, of))
        return dr_fail(DR_BAD_INPUT, "%s: its table has other columns than that of the first scenario", name);
    for (size_t row = 0; row < dr_table_rows(of); row++) {
        size_t to = dr_table_add_row(*all);
        dr_table_set_text(*all, to, 0, name);
        dr_table_set_kind(*all, to, dr_table_row_kind(of, row));
        for (size_t c = 0; c < dr_table_columns(of); c++)
            if (of->columns[c].show == DR_SHOW_TEXT)
                dr_table_set_text(*all, to, c + 1, dr_table_text(of, row, c));
            else
                dr_table_set_number(*all, to, c + 1, dr_table_number(of, row, c));
    }
    add_facts(*all, of);
    add_notes(*all, of);
    return dr_table_done(*all);
}
