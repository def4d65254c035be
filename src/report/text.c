/* A table as text. Each column is as wide as its widest cell; texts too wide for the page are wrapped at words, the
 * widest column first. Where the columns do not fit a terminal side by side they are written in blocks, one below
 * the other, each of which begins with the text columns that say what a row is. Names of columns are cut into words,
 * one line or more. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/print.h"
#include "report/number.h"
#include "report/table_write.h"

/* Codes that turn a style on; all end with PLAIN. */
static const char BOLD[] = "\033[1m", FAINT[] = "\033[2m", RED[] = "\033[31m", GREEN[] = "\033[32m",
                  PLAIN[] = "\033[0m";

enum { GAP = 2, HEADER_LINE = 128, LEAST_WIDTH = 20, USUAL_WIDTH = 120 };

typedef struct shape {
    size_t width, header_lines;
    int decimals;
} shape;

typedef struct page {
    const dr_table *table;
    FILE *file;
    dr_text_device device;
    shape *shapes; /* one per column */
    size_t *shown; /* the columns of the block being written */
    size_t shown_count;
} page;

/* The width at which text is wrapped; a row of numbers may be longer if it does not go to a terminal. */
static size_t page_width(const page *p)
{
    return p->device.width ? p->device.width : USUAL_WIDTH;
}

/* ---- Pieces ----------------------------------------------------------------------------------------------------- */

/* Characters of UTF-8 text; each is taken to be one column wide. */
static size_t characters(const char *text, size_t bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static void put_spaces(FILE *file, size_t count)
{
    fprintf(file, "%*s", (int)count, "");
}

static void put_styled(const page *p, const char *style, const char *text, size_t bytes)
{
    bool styled = p->device.colour && style;
    fputs(styled ? style : "", p->file);
    dr_print_clean(p->file, text, bytes);
    fputs(styled ? PLAIN : "", p->file);
}

/* The bytes of `text` that go on a line of `width` characters: up to the last space that fits, or the last plus
 * between words; a longer word is cut. */
static size_t line_bytes(const char *text, size_t width)
{
    size_t fits = 0, count = 0, i = 0;
    for (; text[i]; i++) {
        count += characters(text + i, 1);
        if (count > width)
            break;
        if (text[i + 1] == ' ' || !text[i + 1] || (text[i] == '+' && isalpha((unsigned char)text[i + 1])))
            fits = i + 1;
    }
    return fits ? fits : i;
}

/* Line number `line` of a text that is wrapped to `width`: its start, and its bytes; none after the last. */
static const char *wrapped_line(const char *text, size_t width, size_t line, size_t *bytes)
{
    for (; *text && line > 0; line--) {
        text += line_bytes(text, width);
        text += *text == ' ';
    }
    *bytes = line_bytes(text, width);
    return text;
}

/* Writes text from character `indent` of a line to its end; lines that follow are indented as much. */
static void put_wrapped(const page *p, const char *style, const char *text, size_t indent)
{
    size_t limit = page_width(p), room = limit > indent + LEAST_WIDTH ? limit - indent : LEAST_WIDTH;
    while (*text) {
        size_t bytes = line_bytes(text, room);
        put_styled(p, style, text, bytes);
        text += bytes + (text[bytes] == ' ');
        if (*text) {
            fputc('\n', p->file);
            put_spaces(p->file, indent);
        }
    }
    fputc('\n', p->file);
}

/* ---- Columns ---------------------------------------------------------------------------------------------------- */

static const char *cell_text(const page *p, size_t row, size_t column, char digits[DR_NUMBER_SIZE])
{
    const dr_column *from = &p->table->columns[column];
    if (from->show == DR_SHOW_TEXT)
        return from->texts[row];
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

static double largest_number(const dr_column *column, size_t rows)
{
    double largest = 0;
    for (size_t i = 0; column->numbers && i < rows; i++)
        if (fabs(column->numbers[i]) > largest)
            largest = fabs(column->numbers[i]);
    return largest;
}

/* A column is as wide as its widest cell or the longest word of its name. */
static void measure(const page *p, size_t column)
{
    const dr_column *from = &p->table->columns[column];
    shape *to = &p->shapes[column];
    char digits[DR_NUMBER_SIZE];
    to->decimals = dr_number_decimals(from->show, largest_number(from, p->table->rows));
    for (const char *name = from->name; *name; name += strcspn(name, "_"), name += *name == '_')
        if (strcspn(name, "_") > to->width)
            to->width = strcspn(name, "_");
    for (size_t i = 0; i < p->table->rows; i++) {
        const char *text = cell_text(p, i, column, digits);
        size_t width = characters(text, strlen(text));
        if (width > to->width)
            to->width = width;
    }
}

/* Long texts are wrapped where the table would be too wide: the widest column first, and none below LEAST_WIDTH. */
static void narrow(const page *p)
{
    size_t width = 0, limit = page_width(p);
    for (size_t j = 0; j < p->table->column_count; j++)
        width += p->shapes[j].width + (j ? GAP : 0);
    for (; width > limit; width--) {
        shape *widest = NULL;
        for (size_t j = 0; j < p->table->column_count; j++)
            if (p->table->columns[j].show == DR_SHOW_TEXT && (!widest || p->shapes[j].width > widest->width))
                widest = &p->shapes[j];
        if (!widest || widest->width <= LEAST_WIDTH)
            return;
        widest->width--;
    }
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
static size_t fill_block(page *p, size_t keys, size_t from)
{
    size_t width = 0;
    for (p->shown_count = 0; p->shown_count < keys; p->shown_count++) {
        p->shown[p->shown_count] = p->shown_count;
        width += p->shapes[p->shown_count].width + GAP;
    }
    for (size_t j = from; j < p->table->column_count; j++) {
        width += p->shapes[j].width;
        if (j > from && p->device.width && width > p->device.width)
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
    return column->numbers[row] <= -0.005 ? RED : column->numbers[row] >= 0.005 ? GREEN : NULL;
}

/* The position in a line: characters written, and the start of the next column. */
typedef struct cursor {
    size_t written, column;
} cursor;

/* Writes one line of a cell; texts stand left, numbers right, and nothing is written for an empty one. */
static void put_cell(const page *p, size_t column, const char *text, size_t bytes, const char *style, cursor *at)
{
    size_t width = p->shapes[column].width, length = characters(text, bytes);
    bool left = p->table->columns[column].show == DR_SHOW_TEXT;
    if (length > 0) {
        size_t start = at->column + (left ? 0 : width - length);
        put_spaces(p->file, start - at->written);
        put_styled(p, style, text, bytes);
        at->written = start + length;
    }
    at->column += width + GAP;
}

/* The line of the header that has `below` lines below it; names shorter than that begin further down. */
static void put_header_line(const page *p, size_t below)
{
    cursor at = {0};
    for (size_t k = 0; k < p->shown_count; k++) {
        size_t j = p->shown[k];
        const char *name = p->table->columns[j].name;
        char line[HEADER_LINE] = "";
        for (size_t cut = below; cut < p->shapes[j].header_lines; cut++)
            cut_header(&name, p->shapes[j].width, line);
        put_cell(p, j, line, strlen(line), BOLD, &at);
    }
    fputc('\n', p->file);
}

static void put_row(const page *p, size_t row)
{
    char digits[DR_NUMBER_SIZE];
    bool more = true;
    for (size_t line = 0; more; line++) {
        cursor at = {0};
        more = false;
        for (size_t k = 0; k < p->shown_count; k++) {
            size_t j = p->shown[k], bytes = 0;
            const char *text = wrapped_line(cell_text(p, row, j, digits), p->shapes[j].width, line, &bytes);
            put_cell(p, j, text, bytes, style_of(&p->table->columns[j], row), &at);
            more = more || text[bytes];
        }
        fputc('\n', p->file);
    }
}

static void put_block(const page *p)
{
    size_t lines = 0;
    for (size_t k = 0; k < p->shown_count; k++)
        if (p->shapes[p->shown[k]].header_lines > lines)
            lines = p->shapes[p->shown[k]].header_lines;
    while (lines > 0)
        put_header_line(p, --lines);
    for (size_t i = 0; i < p->table->rows; i++)
        put_row(p, i);
}

/* ---- Title, source, settings and notes --------------------------------------------------------------------------- */

static const dr_fact *find_fact(const dr_table *table, const char *name)
{
    for (size_t i = 0; i < table->fact_count; i++)
        if (strcmp(table->facts[i].name, name) == 0)
            return &table->facts[i];
    return NULL;
}

/* The solver's steps beyond sweeps, if there were any: ", 6 Newton steps (143 products), 4 parts of the scenario". */
static int put_newton(const page *p, char *text, size_t size)
{
    double steps = dr_table_fact(p->table, "certificate.newton_steps");
    double products = dr_table_fact(p->table, "certificate.jacobian_products");
    double parts = dr_table_fact(p->table, "certificate.parts");
    int length = 0;
    if (steps > 0)
        length += dr_print_text(text, size, ", %.0f Newton steps (%.0f products)", steps, products);
    if (parts > 1)
        length += dr_print_text(text + length, size - (size_t)length, ", %.0f parts of the scenario", parts);
    return length;
}

/* The certificate in a line: how large the worst residual is and of which equation, and what it took. */
static void put_certificate(const page *p)
{
    const dr_fact *worst = find_fact(p->table, "certificate.worst_residual");
    const dr_fact *equation = find_fact(p->table, "certificate.worst_equation");
    double sweeps = dr_table_fact(p->table, "certificate.sweeps");
    double seconds = dr_table_fact(p->table, "certificate.solve_seconds");
    char line[512];
    if (!worst)
        return;
    int size = dr_print_text(line, sizeof line, "Certificate: worst residual %.1e", worst->number);
    if (equation && equation->text)
        size += snprintf(line + size, sizeof line - (size_t)size, " (%.200s)", equation->text);
    if (!isnan(sweeps) && !isnan(seconds)) {
        size += dr_print_text(line + size, sizeof line - (size_t)size, "; %.0f sweeps", sweeps);
        size += put_newton(p, line + size, sizeof line - (size_t)size);
        dr_print_text(line + size, sizeof line - (size_t)size, " in %.1f ms", 1e3 * seconds);
    }
    put_wrapped(p, FAINT, line, 0);
}

/* "Settings: model caliendo-parro, closure fixed": the facts of that name's object. */
static void put_settings(const page *p)
{
    const char prefix[] = "settings.";
    char line[1024], digits[DR_NUMBER_SIZE];
    int size = snprintf(line, sizeof line, "Settings:");
    bool first = true;
    for (size_t i = 0; i < p->table->fact_count && size < (int)sizeof line; i++) {
        const dr_fact *fact = &p->table->facts[i];
        if (strncmp(fact->name, prefix, sizeof prefix - 1) != 0)
            continue;
        const char *value = fact->text ? fact->text : dr_number_exact(digits, fact->number);
        size += snprintf(line + size, sizeof line - (size_t)size, "%s %s %s", first ? "" : ",",
                         fact->name + sizeof prefix - 1, value);
        first = false;
    }
    if (!first)
        put_wrapped(p, FAINT, line, 0);
}

static void put_source(const page *p)
{
    char line[1024];
    const dr_fact *source = find_fact(p->table, "source");
    if (!source || !source->text || !*source->text)
        return;
    snprintf(line, sizeof line, "Source: %s", source->text);
    put_wrapped(p, FAINT, line, 0);
}

static void put_notes(const page *p)
{
    for (size_t i = 0; i < p->table->note_count; i++) {
        put_styled(p, FAINT, "- ", 2);
        put_wrapped(p, FAINT, p->table->notes[i], 2);
    }
}

static void put_page(page *p)
{
    size_t keys = key_columns(p->table), columns = p->table->column_count;
    if (*p->table->title)
        put_wrapped(p, BOLD, p->table->title, 0);
    if (*p->table->unit)
        put_wrapped(p, NULL, p->table->unit, 0);
    if (*p->table->title || *p->table->unit)
        fputc('\n', p->file);
    for (size_t from = keys; from < columns;) {
        from = fill_block(p, keys, from);
        put_block(p);
        if (from < columns)
            fputc('\n', p->file);
    }
    if (p->table->note_count || find_fact(p->table, "source") || find_fact(p->table, "certificate.worst_residual"))
        fputc('\n', p->file);
    put_source(p);
    put_settings(p);
    put_certificate(p);
    put_notes(p);
}

dr_status dr_write_text(const dr_table *table, FILE *file, dr_text_device device)
{
    page p = {.table = table, .file = file, .device = device};
    p.shapes = dr_new(table->column_count, sizeof *p.shapes);
    p.shown = dr_new(table->column_count, sizeof *p.shown);
    bool enough = p.shapes && p.shown;
    if (enough) {
        for (size_t j = 0; j < table->column_count; j++)
            measure(&p, j);
        narrow(&p);
        for (size_t j = 0; j < table->column_count; j++)
            p.shapes[j].header_lines = header_lines(table->columns[j].name, p.shapes[j].width);
        put_page(&p);
    }
    free(p.shapes);
    free(p.shown);
    return enough ? DR_OK : dr_fail_memory();
}
