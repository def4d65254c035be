#include "report/text_page.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/print.h"

/* Codes that turn a style on; all end with PLAIN. */
const char DR_TEXT_BOLD[] = "\033[1m", DR_TEXT_FAINT[] = "\033[2m", DR_TEXT_RED[] = "\033[31m",
           DR_TEXT_GREEN[] = "\033[32m";
static const char PLAIN[] = "\033[0m";

enum { LEAST_WIDTH = 20, USUAL_WIDTH = 120 };

size_t dr_text_width(const dr_text_page *p)
{
    return p->device.width ? p->device.width : USUAL_WIDTH;
}

/* ---- Pieces ----------------------------------------------------------------------------------------------------- */

size_t dr_text_characters(const char *text, size_t bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

void dr_text_spaces(const dr_text_page *p, size_t count)
{
    fprintf(p->file, "%*s", (int)count, "");
}

void dr_text_styled(const dr_text_page *p, const char *style, const char *text, size_t bytes)
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
        count += dr_text_characters(text + i, 1);
        if (count > width)
            break;
        if (text[i + 1] == ' ' || !text[i + 1] || (text[i] == '+' && isalpha((unsigned char)text[i + 1])))
            fits = i + 1;
    }
    return fits ? fits : i;
}

const char *dr_text_line(const char *text, size_t width, size_t line, size_t *bytes)
{
    for (; *text && line > 0; line--) {
        text += line_bytes(text, width);
        text += *text == ' ';
    }
    *bytes = line_bytes(text, width);
    return text;
}

void dr_text_wrapped(const dr_text_page *p, const char *style, const char *text, size_t indent)
{
    size_t limit = dr_text_width(p), room = limit > indent + LEAST_WIDTH ? limit - indent : LEAST_WIDTH;
    while (*text) {
        size_t bytes = line_bytes(text, room);
        dr_text_styled(p, style, text, bytes);
        text += bytes + (text[bytes] == ' ');
        if (*text) {
            fputc('\n', p->file);
            dr_text_spaces(p, indent);
        }
    }
    fputc('\n', p->file);
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
static int put_newton(const dr_table *table, char *text, size_t size)
{
    double steps = dr_table_fact(table, "certificate.newton_steps");
    double products = dr_table_fact(table, "certificate.jacobian_products");
    double parts = dr_table_fact(table, "certificate.parts");
    int length = 0;
    if (steps > 0)
        length += dr_print_text(text, size, ", %.0f Newton steps (%.0f products)", steps, products);
    if (parts > 1)
        length += dr_print_text(text + length, size - (size_t)length, ", %.0f parts of the scenario", parts);
    return length;
}

/* The certificate in a line: how large the worst residual is and of which equation, and what it took. */
static void put_certificate(const dr_text_page *p, const dr_table *table)
{
    const dr_fact *worst = find_fact(table, "certificate.worst_residual");
    const dr_fact *equation = find_fact(table, "certificate.worst_equation");
    double sweeps = dr_table_fact(table, "certificate.sweeps");
    double seconds = dr_table_fact(table, "certificate.solve_seconds");
    char line[512];
    if (!worst)
        return;
    int size = dr_print_text(line, sizeof line, "Certificate: worst residual %.1e", worst->number);
    if (equation && equation->text)
        size += snprintf(line + size, sizeof line - (size_t)size, " (%.200s)", equation->text);
    if (!isnan(sweeps) && !isnan(seconds)) {
        size += dr_print_text(line + size, sizeof line - (size_t)size, "; %.0f sweeps", sweeps);
        size += put_newton(table, line + size, sizeof line - (size_t)size);
        dr_print_text(line + size, sizeof line - (size_t)size, " in %.1f ms", 1e3 * seconds);
    }
    dr_text_wrapped(p, DR_TEXT_FAINT, line, 0);
}

/* "Settings: model caliendo-parro, closure fixed": the facts of that name's object. */
static void put_settings(const dr_text_page *p, const dr_table *table)
{
    const char prefix[] = "settings.";
    char line[1024], digits[DR_NUMBER_SIZE];
    int size = snprintf(line, sizeof line, "Settings:");
    bool first = true;
    for (size_t i = 0; i < table->fact_count && size < (int)sizeof line; i++) {
        const dr_fact *fact = &table->facts[i];
        if (strncmp(fact->name, prefix, sizeof prefix - 1) != 0)
            continue;
        const char *value = fact->text ? fact->text : dr_number_exact(digits, fact->number);
        size += snprintf(line + size, sizeof line - (size_t)size, "%s %s %s", first ? "" : ",",
                         fact->name + sizeof prefix - 1, value);
        first = false;
    }
    if (!first)
        dr_text_wrapped(p, DR_TEXT_FAINT, line, 0);
}

static void put_source(const dr_text_page *p, const dr_table *table)
{
    char line[1024];
    const dr_fact *source = find_fact(table, "source");
    if (!source || !source->text || !*source->text)
        return;
    snprintf(line, sizeof line, "Source: %s", source->text);
    dr_text_wrapped(p, DR_TEXT_FAINT, line, 0);
}

static void put_notes(const dr_text_page *p, const dr_table *table)
{
    for (size_t i = 0; i < table->note_count; i++) {
        dr_text_styled(p, DR_TEXT_FAINT, "- ", 2);
        dr_text_wrapped(p, DR_TEXT_FAINT, table->notes[i], 2);
    }
}

/* Title and answer, an empty line after each, then the unit of the table. */
void dr_text_heading(const dr_text_page *p, const dr_table *table)
{
    if (*table->title)
        dr_text_wrapped(p, DR_TEXT_BOLD, table->title, 0);
    if (*table->title && table->sentence_count)
        fputc('\n', p->file);
    for (size_t i = 0; i < table->sentence_count; i++)
        dr_text_wrapped(p, NULL, table->sentences[i], 0);
    if (table->sentence_count && *table->unit)
        fputc('\n', p->file);
    if (*table->unit)
        dr_text_wrapped(p, NULL, table->unit, 0);
    if (*table->title || table->sentence_count || *table->unit)
        fputc('\n', p->file);
}

void dr_text_notes(const dr_text_page *p, const dr_table *table)
{
    if (table->note_count || find_fact(table, "source") || find_fact(table, "certificate.worst_residual"))
        fputc('\n', p->file);
    put_source(p, table);
    put_settings(p, table);
    put_certificate(p, table);
    put_notes(p, table);
}
