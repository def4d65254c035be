/* Tables of the same columns under each other. */
#include <stdlib.h>
#include <string.h>

#include "base/table_rows.h"

dr_status dr_table_alike(dr_table **out, const dr_table *of)
{
    size_t count = dr_table_columns(of);
    dr_table *table = NULL;
    dr_column_spec *columns = dr_new(count + 1, sizeof *columns);
    if (!columns)
        return dr_fail_memory();
    for (size_t c = 0; c < count; c++)
        columns[c] = (dr_column_spec){of->columns[c].name, of->columns[c].show};
    dr_status status = dr_table_new(&table, columns, count);
    free(columns);
    DR_TRY(status);
    dr_table_set_title(table, "%s", of->title);
    dr_table_set_unit(table, of->unit);
    table->rank = of->rank;
    table->text_rows = of->text_rows;
    for (size_t c = 0; c < count; c++) { /* columns share a spelling, as they did */
        const dr_spelling *spelling = of->columns[c].spelling;
        for (size_t before = 0; before < c && spelling && !table->columns[c].spelling; before++)
            if (of->columns[before].spelling == spelling)
                table->columns[c].spelling = table->columns[before].spelling;
        if (spelling && !table->columns[c].spelling)
            table->columns[c].spelling = dr_table_spelling(table, spelling->codes, spelling->count);
    }
    return dr_table_finish(out, table, DR_OK);
}

static dr_fact *find_fact(dr_table *table, const char *name)
{
    for (size_t i = 0; i < table->fact_count; i++)
        if (strcmp(table->facts[i].name, name) == 0)
            return &table->facts[i];
    return NULL;
}

/* A text that differs between the tables says so; of numbers the largest is kept, as of residuals and times. */
static void join_facts(dr_table *all, const dr_table *of)
{
    for (size_t i = 0; i < of->fact_count; i++) {
        const dr_fact *fact = &of->facts[i];
        dr_fact *there = find_fact(all, fact->name);
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

static void join_notes(dr_table *all, const dr_table *of)
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
    bool same = dr_table_columns(all) == dr_table_columns(of);
    for (size_t c = 0; same && c < dr_table_columns(of); c++)
        same =
            strcmp(dr_table_column(all, c), dr_table_column(of, c)) == 0 && all->columns[c].show == of->columns[c].show;
    return same;
}

dr_status dr_table_join(dr_table *all, const dr_table *of)
{
    if (!same_columns(all, of))
        return dr_fail(DR_BAD_INPUT, "its table has other columns than the first one");
    for (size_t row = 0; row < dr_table_rows(of); row++) {
        size_t to = dr_table_add_row(all);
        dr_table_set_kind(all, to, dr_table_row_kind(of, row));
        for (size_t c = 0; c < dr_table_columns(of); c++)
            if (of->columns[c].show == DR_SHOW_TEXT)
                dr_table_set_text(all, to, c, dr_table_text(of, row, c));
            else
                dr_table_set_number(all, to, c, dr_table_number(of, row, c));
    }
    join_facts(all, of);
    join_notes(all, of);
    return dr_table_done(all);
}
