/* A table as text. Each column is as wide as its widest cell; texts too wide for the page are wrapped at words, the
 * widest column first. Where the columns do not fit a terminal side by side they are written in blocks, one below
 * the other, each of which begins with the text columns that say what a row is. Names of columns are cut into words,
 * one line or more. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/table_rows.h"
#include "report/number.h"
#include "report/text_page.h"

enum { GAP = 2, HEADER_LINE = 128, LEAST_WIDTH = 20, LEAST_NAME = 32, MOST_NAME = 44 };

typedef struct shape {
    size_t width, header_lines;
    int decimals;
    bool hidden;
    bool cut; /* names that are too long end with three dots; other texts are wrapped */
} shape;

typedef struct sheet {
    dr_text_page page;
    const dr_table *table;
    dr_row_list rows; /* those that are shown */
    shape *shapes;    /* one per column */
    size_t *shown;    /* the columns of the block being written */
    size_t shown_count;
} sheet;

/* ---- Columns ---------------------------------------------------------------------------------------------------- */

static const char *cell_text(const sheet *p, size_t row, size_t column, char digits[DR_NUMBER_SIZE])
{
    const dr_column *from = &p->table->columns[column];
    if (from->show == DR_SHOW_TEXT)
        return dr_table_name(p->table, row, column);
    return dr_number_shown(digits, from->show, p->shapes[column].decimals, from->numbers[row]);
}

/* Cuts the next line from a column's name, whose words are joined by underscores: as many as fit the width, the
 * first anyhow. Returns its length; *name moves on, to NULL at the end. */
static size_t cut_header(const char **name, size_t width, char line[HEADER_LINE])
{
    size_t length = 0;
    while (*name) {
        size_t word = strcspn(*name, "_");
        if (length && length + 1 + word > width)
            break;
        if (length + 1 + word + 1 > HEADER_LINE)
            word = HEADER_LINE - length - 2;
        if (length)
            line[length++] = ' ';
        memcpy(line + length, *name, word);
        length += word;
        *name = (*name)[word] ? *name + word + 1 : NULL;
    }
    line[length] = '\0';
    return length;
}

static size_t header_lines(const char *name, size_t width)
{
    char line[HEADER_LINE];
    size_t lines = 0;
    for (; name; lines++)
        cut_header(&name, width, line);
    return lines;
}

static double largest_number(const sheet *p, size_t column)
{
    const double *numbers = p->table->columns[column].numbers;
    double largest = 0;
    for (size_t i = 0; numbers && i < p->rows.count; i++)
        if (fabs(numbers[p->rows.rows[i]]) > largest)
            largest = fabs(numbers[p->rows.rows[i]]);
    return largest;
}

/* A column is as wide as its widest cell or the longest word of its name; long names are wrapped. */
static void measure(const sheet *p, size_t column)
{
    const dr_column *from = &p->table->columns[column];
    shape *to = &p->shapes[column];
    char digits[DR_NUMBER_SIZE];
    to->decimals = dr_number_decimals(from->show, largest_number(p, column));
    for (size_t i = 0; i < p->rows.count; i++) {
        const char *text = cell_text(p, p->rows.rows[i], column, digits);
        size_t width = dr_text_characters(text, strlen(text));
        if (width > to->width)
            to->width = width;
    }
    if (from->spelling && to->width > MOST_NAME)
        to->width = MOST_NAME;
    for (const char *name = from->name; *name; name += strcspn(name, "_"), name += *name == '_')
        if (strcspn(name, "_") > to->width)
            to->width = strcspn(name, "_");
}

/* Whether a column says nothing in the rows that are shown: every cell is empty or reads as zero. */
static bool is_idle(const sheet *p, size_t column)
{
    bool text = p->table->columns[column].show == DR_SHOW_TEXT;
    char digits[DR_NUMBER_SIZE];
    for (size_t i = 0; i < p->rows.count; i++) {
        const char *cell = cell_text(p, p->rows.rows[i], column, digits);
        if (text ? *cell : cell[strcspn(cell, "123456789")])
            return false;
    }
    return true;
}

/* Hides the columns that say nothing, unless no number would be left. */
static void hide_idle(const sheet *p)
{
    size_t left = 0;
    for (size_t j = 0; j < p->table->column_count; j++) {
        p->shapes[j].hidden = !p->table->all_columns && p->rows.count > 0 && is_idle(p, j);
        left += !p->shapes[j].hidden && p->table->columns[j].show != DR_SHOW_TEXT;
    }
    for (size_t j = 0; j < p->table->column_count && left == 0; j++)
        p->shapes[j].hidden = false;
}

/* The width below which a column is not made narrower. */
static size_t least_width(const sheet *p, size_t column)
{
    return p->table->columns[column].spelling ? LEAST_NAME : LEAST_WIDTH;
}

/* Long texts are made narrower where the table would be too wide: the widest column first. */
static void narrow(const sheet *p)
{
    size_t width = 0, limit = dr_text_width(&p->page);
    for (size_t j = 0; j < p->table->column_count; j++)
        width += p->shapes[j].hidden ? 0 : p->shapes[j].width + (width ? GAP : 0);
    for (; width > limit; width--) {
        shape *widest = NULL;
        for (size_t j = 0; j < p->table->column_count; j++)
            if (p->table->columns[j].show == DR_SHOW_TEXT && !p->shapes[j].hidden &&
                p->shapes[j].width > least_width(p, j) && (!widest || p->shapes[j].width > widest->width))
                widest = &p->shapes[j];
        if (!widest)
            return;
        widest->width--;
    }
}

/* Whether names can be told apart by as many letters as fit the column. */
static bool can_be_cut(const sheet *p, size_t column)
{
    const dr_spelling *spelling = p->table->columns[column].spelling;
    size_t letters = p->shapes[column].width - 2;
    for (size_t i = 0; spelling && i < spelling->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strncmp(spelling->codes[i].name, spelling->codes[j].name, letters) == 0 &&
                strcmp(spelling->codes[i].name, spelling->codes[j].name) != 0)
                return false;
    return spelling != NULL;
}

/* ---- Blocks: the columns that fit beside the key columns --------------------------------------------------------- */

/* The text columns that a table begins with say what a row is, so every block begins with them. */
static size_t key_columns(const dr_table *table)
{
    size_t keys = 0;
    while (keys < table->column_count && table->columns[keys].show == DR_SHOW_TEXT)
        keys++;
    return keys < table->column_count ? keys : 0;
}

/* Fills the page's block with the keys and as many columns from `from` on as fit, one at least; returns the next. */
static size_t fill_block(sheet *p, size_t keys, size_t from)
{
    size_t width = 0;
    p->shown_count = 0;
    for (size_t j = 0; j < keys; j++) {
        if (p->shapes[j].hidden)
            continue;
        p->shown[p->shown_count++] = j;
        width += p->shapes[j].width + GAP;
    }
    for (size_t j = from; j < p->table->column_count; j++) {
        if (p->shapes[j].hidden)
            continue;
        width += p->shapes[j].width;
        if (j > from && p->page.device.width && width > p->page.device.width)
            return j;
        p->shown[p->shown_count++] = j;
        width += GAP;
    }
    return p->table->column_count;
}

/* Good and bad at a glance, without shouting: only what says how well off a region is. */
static const char *style_of(const dr_column *column, size_t row)
{
    if (strncmp(column->name, "welfare", 7) != 0 || !column->numbers)
        return NULL;
    return column->numbers[row] <= -0.005 ? DR_TEXT_RED : column->numbers[row] >= 0.005 ? DR_TEXT_GREEN : NULL;
}

/* The position in a line: characters written, and the start of the next column. */
typedef struct cursor {
    size_t written, column;
} cursor;

/* Writes one line of a cell; texts stand left, numbers right, and nothing is written for an empty one. */
static void put_cell(const sheet *p, size_t column, const char *text, size_t bytes, const char *style, cursor *at)
{
    size_t width = p->shapes[column].width, length = dr_text_characters(text, bytes);
    bool left = p->table->columns[column].show == DR_SHOW_TEXT;
    if (length > 0) {
        size_t start = at->column + (left ? 0 : width - length);
        dr_text_spaces(&p->page, start - at->written);
        dr_text_styled(&p->page, style, text, bytes);
        at->written = start + length;
    }
    at->column += width + GAP;
}

/* The line of the header that has `below` lines below it; names shorter than that begin further down. */
static void put_header_line(const sheet *p, size_t below)
{
    cursor at = {0};
    for (size_t k = 0; k < p->shown_count; k++) {
        size_t j = p->shown[k];
        const char *name = p->table->columns[j].name;
        char line[HEADER_LINE] = "";
        for (size_t cut = below; cut < p->shapes[j].header_lines; cut++)
            cut_header(&name, p->shapes[j].width, line);
        put_cell(p, j, line, strlen(line), DR_TEXT_BOLD, &at);
    }
    fputc('\n', p->page.file);
}

/* A name that is too long for its column ends with three dots. */
static const char *shorten(char out[DR_NUMBER_SIZE], const char *name, size_t width)
{
    size_t bytes = 0;
    while (name[bytes] && bytes < DR_NUMBER_SIZE - 5 && dr_text_characters(name, bytes + 1) < width)
        bytes++;
    while (((unsigned char)name[bytes] & 0xc0) == 0x80) /* the rest of a character */
        bytes++;
    while (bytes > 0 && strchr(" ,;-", name[bytes - 1]))
        bytes--;
    snprintf(out, DR_NUMBER_SIZE, "%.*s\u2026", (int)bytes, name);
    return out;
}

/* Line number `line` of a cell: its start, and its bytes; *more is set if there are more lines. */
static const char *cell_line(const sheet *p, size_t row, size_t column, size_t line, char space[DR_NUMBER_SIZE],
                             size_t *bytes, bool *more)
{
    const shape *as = &p->shapes[column];
    const char *text = cell_text(p, row, column, space);
    if (as->cut && dr_text_characters(text, strlen(text)) > as->width)
        text = shorten(space, text, as->width);
    text = dr_text_line(text, as->width, line, bytes);
    *more = *more || text[*bytes];
    return text;
}

static void put_row(const sheet *p, size_t row)
{
    char space[DR_NUMBER_SIZE];
    bool more = true;
    for (size_t line = 0; more; line++) {
        cursor at = {0};
        more = false;
        for (size_t k = 0; k < p->shown_count; k++) {
            size_t j = p->shown[k], bytes = 0;
            const char *text = cell_line(p, row, j, line, space, &bytes, &more);
            put_cell(p, j, text, bytes, style_of(&p->table->columns[j], row), &at);
        }
        fputc('\n', p->page.file);
    }
}

static void put_block(const sheet *p)
{
    size_t lines = 0;
    for (size_t k = 0; k < p->shown_count; k++)
        if (p->shapes[p->shown[k]].header_lines > lines)
            lines = p->shapes[p->shown[k]].header_lines;
    while (lines > 0)
        put_header_line(p, --lines);
    for (size_t i = 0; i < p->rows.count; i++)
        put_row(p, p->rows.rows[i]);
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

/* What is not shown, if there is any: rows, and columns by their names. */
static void put_left_out(const sheet *p)
{
    char line[1024], name[HEADER_LINE];
    size_t rows = p->table->rows - p->rows.count, hidden = 0;
    int size = snprintf(line, sizeof line, "Not shown, zero or empty in these rows:");
    if (rows > 0)
        fprintf(p->page.file, "... %zu more row%s: --all\n", rows, rows == 1 ? "" : "s");
    for (size_t j = 0; j < p->table->column_count && size < (int)sizeof line; j++) {
        const char *rest = p->table->columns[j].name;
        if (!p->shapes[j].hidden)
            continue;
        cut_header(&rest, sizeof name - 2, name);
        size += snprintf(line + size, sizeof line - (size_t)size, "%s %s", hidden++ ? "," : "", name);
    }
    if (hidden > 0)
        dr_text_wrapped(&p->page, DR_TEXT_FAINT, line, 0);
}

static void put_sheet(sheet *p)
{
    size_t keys = key_columns(p->table), columns = p->table->column_count;
    dr_text_heading(&p->page, p->table);
    for (size_t from = keys; from < columns;) {
        from = fill_block(p, keys, from);
        put_block(p);
        if (from < columns)
            fputc('\n', p->page.file);
    }
    put_left_out(p);
    dr_text_notes(&p->page, p->table);
}

static dr_status prepare(sheet *p)
{
    p->shapes = dr_new(p->table->column_count, sizeof *p->shapes);
    p->shown = dr_new(p->table->column_count, sizeof *p->shown);
    DR_TRY(p->shapes && p->shown ? DR_OK : dr_fail_memory());
    DR_TRY(dr_table_order(&p->rows, p->table, p->table->text_rows));
    for (size_t j = 0; j < p->table->column_count; j++)
        measure(p, j);
    hide_idle(p);
    narrow(p);
    for (size_t j = 0; j < p->table->column_count; j++)
        p->shapes[j].cut = can_be_cut(p, j);
    for (size_t j = 0; j < p->table->column_count; j++)
        p->shapes[j].header_lines = header_lines(p->table->columns[j].name, p->shapes[j].width);
    return DR_OK;
}

dr_status dr_write_text(const dr_table *table, FILE *file, dr_text_device device)
{
    sheet p = {.table = table, .page = {file, device}};
    dr_status status = prepare(&p);
    if (status == DR_OK)
        put_sheet(&p);
    free(p.shapes);
    free(p.shown);
    free(p.rows.rows);
    return status;
}
