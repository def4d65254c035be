/* A brief as Markdown, with tables as GitHub and Pandoc read them. */
#include <string.h>

#include "base/clean.h"
#include "report/brief_form.h"

/* Text in which nothing is markup. */
static void put(FILE *file, const char *text)
{
    bool steers = false;
    size_t size = strlen(text);
    for (size_t bytes; size > 0; text += bytes, size -= bytes) {
        bytes = dr_character(text, size, &steers);
        if (*text == '&' || *text == '<' || *text == '>') {
            fputs(*text == '&' ? "&amp;" : *text == '<' ? "&lt;" : "&gt;", file);
            continue;
        }
        if (strchr("\\`*_{}[]#|~$!", *text))
            fputc('\\', file);
        dr_print_clean(file, text, bytes);
    }
}

static void put_line(FILE *file, const char *begin, const char *text, const char *end)
{
    fputs(begin, file);
    put(file, text);
    fputs(end, file);
}

static void begin(FILE *file, const char *title)
{
    put_line(file, "# ", title, "\n\n");
}

static void subtitle(FILE *file, const char *text)
{
    put_line(file, "", text, "\n\n");
}

static void heading(FILE *file, const char *text)
{
    put_line(file, "## ", text, "\n\n");
}

static void paragraph(FILE *file, const char *text)
{
    put_line(file, "", text, "\n\n");
}

static void list(FILE *file, bool begins)
{
    fputs(begins ? "" : "\n", file);
}

static void item(FILE *file, const char *term, const char *text)
{
    fputs("- ", file);
    if (term)
        put_line(file, "**", term, ":** ");
    put_line(file, "", text, "\n");
}

/* The fence is longer than any run of its characters in the text. */
static void lines(FILE *file, const char *text)
{
    size_t longest = 2, run = 0;
    for (const char *at = text; *at; at++) {
        run = *at == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i <= longest; i++)
        fputc('`', file);
    fputs("text\n", file);
    for (const char *end; *text; text = *end ? end + 1 : end) {
        end = text + strcspn(text, "\n");
        dr_print_clean(file, text, (size_t)(end - text));
        fputc('\n', file);
    }
    for (size_t i = 0; i <= longest; i++)
        fputc('`', file);
    fputs("\n\n", file);
}

static void caption(FILE *file, const char *text)
{
    put_line(file, "**", text, "**\n\n");
}

static void row(FILE *file, const char *const *cells, const bool *numbers, size_t count, bool is_heading)
{
    for (size_t i = 0; i < count; i++)
        put_line(file, "| ", cells[i], i + 1 == count ? " |\n" : " ");
    for (size_t i = 0; is_heading && i < count; i++)
        fprintf(file, "| %s%s", numbers[i] ? "---:" : "---", i + 1 == count ? " |\n" : " ");
}

static void end_table(FILE *file)
{
    fputc('\n', file);
}

static void picture(FILE *file, const char *svg, size_t number, const char *words)
{
    (void)svg;
    (void)number;
    put_line(file, "*", words, "*\n\n");
}

static void end(FILE *file)
{
    (void)file;
}

const dr_brief_form dr_brief_markdown = {.begin = begin,
                                         .subtitle = subtitle,
                                         .heading = heading,
                                         .paragraph = paragraph,
                                         .list = list,
                                         .item = item,
                                         .lines = lines,
                                         .caption = caption,
                                         .row = row,
                                         .end_table = end_table,
                                         .picture = picture,
                                         .end = end};
