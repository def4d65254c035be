/* Codes of economies in a file of product flows: their numbers in the world, and what is to be said of them. */
#include <stdio.h>
#include <string.h>

#include "import/import_sql.h"
#include "import/product_files.h"

/* Codes to be said together, with their rows. */
typedef struct code_list {
    char text[400]; /* "XC 12, XL 3" */
    size_t size, count;
} code_list;

enum { UNKNOWN, FORMER, OTHER_BORDERS, UNTOLD, CODE_KINDS };

static void add_code(code_list *c, const char *code, const char *what, long rows)
{
    enum { LONGEST_CODE = 120 };
    c->count++;
    if (c->size < sizeof c->text - LONGEST_CODE)
        c->size += (size_t)snprintf(c->text + c->size, LONGEST_CODE - 8, "%s%.24s%s%.70s%s %ld",
                                    c->count > 1 ? ", " : "", code, *what ? " (" : "", what, *what ? ")" : "", rows);
    else if (c->size < sizeof c->text - 8 && strcmp(c->text + c->size - 3, "...") != 0)
        c->size += (size_t)snprintf(c->text + c->size, 8, ", ...");
}

static void sort_code(code_list of[CODE_KINDS], const dr_country *country, const char *borders, const char *code,
                      const char *beside, long rows)
{
    if (!country)
        add_code(&of[UNKNOWN], code, beside, rows);
    else if (country->kind == DR_COUNTRY_UNDISCLOSED)
        add_code(&of[UNTOLD], code, country->name, rows);
    else if (country->kind == DR_COUNTRY_FORMER)
        add_code(&of[FORMER], code, country->name, rows);
    else if (borders)
        add_code(&of[OTHER_BORDERS], code, borders, rows);
}

static dr_status note_codes(dr_product_job *job, const code_list of[CODE_KINDS])
{
    static const struct {
        const char *done, *found;
        bool wrong;
    } notes[CODE_KINDS] = {
        [UNKNOWN] = {"kept under their codes", "unknown codes", true},
        [FORMER] = {"kept under their own codes, not those of their successors", "former states", false},
        [OTHER_BORDERS] = {"nothing: counted as the economy of that name", "codes of an economy with other borders",
                           false},
        [UNTOLD] = {"kept in totals, and left out of shares and concentration", "undisclosed partners", false},
    };
    for (size_t i = 0; i < CODE_KINDS; i++)
        if (of[i].count > 0)
            DR_TRY(dr_product_note(job, job->year, "economies", notes[i].done, notes[i].wrong,
                                   "%s (%zu), with their rows: %s", notes[i].found, of[i].count, of[i].text));
    return DR_OK;
}

static dr_status take_place(dr_product_job *job, dr_append *rows, const char *code, long count,
                            code_list of[CODE_KINDS])
{
    size_t place = 0;
    unsigned short id = 0;
    DR_TRY(dr_places_find(&job->places, code, &place));
    DR_TRY(dr_places_id(&job->places, place, &id));
    int named = dr_names_find(&job->beside.economies, code);
    sort_code(of, dr_places_country(&job->places, place), dr_country_borders(job->places.countries, code), code,
              named >= 0 ? job->beside.names[named] : "", count);
    dr_append_text(rows, 0, code);
    dr_append_index(rows, 1, id);
    return dr_append_row(rows);
}

static dr_status take_places(dr_product_job *job, dr_cursor *cursor, code_list of[CODE_KINDS])
{
    dr_append rows;
    dr_arena texts = {0};
    bool more = false;
    DR_TRY(dr_append_open(&rows, &job->import.writer->duck, "product_place"));
    dr_status status = DR_OK;
    while (status == DR_OK && (status = dr_cursor_next(cursor, &more)) == DR_OK && more) {
        const char *code = dr_cursor_text(cursor, 0, &texts);
        status = code ? take_place(job, &rows, code, dr_cursor_index(cursor, 1), of) : dr_fail_memory();
    }
    dr_arena_free(&texts);
    return dr_append_end(&rows, status);
}

dr_status dr_product_places(dr_product_job *job, const char *codes)
{
    const dr_duck *duck = &job->import.writer->duck;
    dr_cursor cursor;
    code_list of[CODE_KINDS] = {0};
    DR_TRY(dr_sql_run(duck, dr_import_sql.products.create_places, DR_VALUES(dr_sql_part("codes", codes))));
    dr_status status = dr_sql_open(&cursor, duck, dr_import_sql.products.codes, NULL);
    if (status == DR_OK)
        status = take_places(job, &cursor, of);
    dr_cursor_close(&cursor);
    return status == DR_OK ? note_codes(job, of) : status;
}
