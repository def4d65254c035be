/* A brief as a page of HTML: one file, without scripts or links to anything else. */
#include <string.h>

#include "base/clean.h"
#include "report/brief_form.h"

/* For screens, and for paper with margins, on which no picture or row is torn apart, and the brief of a scenario takes
 * three pages: small print, and the settings, which are the last list, in columns. */
static const char style[] =
    "body{font:16px/1.5 'Helvetica Neue',Arial,'DejaVu Sans',sans-serif;color:#1a1a1a;background:#fff;margin:0}\n"
    "main{max-width:46rem;margin:0 auto;padding:2rem 1.25rem}\n"
    "h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}\n"
    ".subtitle{color:#555;margin:0 0 1.5rem}\n"
    "h2{font-size:1.15rem;margin:1.75rem 0 .5rem;border-bottom:1px solid #ccc}\n"
    "figure{margin:1rem 0}\n"
    "svg{width:100%;height:auto}\n"
    "table{border-collapse:collapse;width:100%;font-size:.875rem;margin:1rem 0}\n"
    "caption{text-align:left;font-weight:bold;padding-bottom:.25rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.2rem .75rem .2rem 0;border-bottom:1px solid #e3e3e3}\n"
    "th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}\n"
    "pre{background:#f5f5f5;padding:.75rem;font:.8125rem/1.45 'DejaVu Sans Mono',Consolas,monospace;"
    "white-space:pre-wrap;overflow-wrap:anywhere}\n"
    "@page{size:A4;margin:13mm}\n"
    "@media print{html{font-size:10px}main{max-width:none;padding:0}body{font-size:8.5pt;line-height:1.3}"
    "h2{break-after:avoid;margin-top:.8rem}figure,table{margin:.4rem 0}p,ul,pre{margin:.4rem 0}"
    "figure svg{max-height:54mm}table,pre{font-size:7.5pt}th,td{padding-top:.05rem;padding-bottom:.05rem}"
    "main>ul:last-of-type{columns:3}figure,tr,pre{break-inside:avoid}}\n";

/* `size` bytes of text, in which nothing is markup. */
static void put(FILE *file, const char *text, size_t size)
{
    bool steers = false;
    for (size_t bytes; size > 0; text += bytes, size -= bytes) {
        bytes = dr_character(text, size, &steers);
        switch (*text) {
        case '&':
            fputs("&amp;", file);
            break;
        case '<':
            fputs("&lt;", file);
            break;
        case '>':
            fputs("&gt;", file);
            break;
        case '"':
            fputs("&quot;", file);
            break;
        case '\'':
            fputs("&#39;", file);
            break;
        default:
            dr_print_clean(file, text, bytes);
        }
    }
}

static void put_element(FILE *file, const char *begin, const char *text, const char *end)
{
    fputs(begin, file);
    put(file, text, strlen(text));
    fputs(end, file);
}

static void begin(FILE *file, const char *title)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n",
          file);
    put_element(file, "<title>", title, "</title>\n");
    fprintf(file, "<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
    put_element(file, "<h1>", title, "</h1>\n");
}

static void subtitle(FILE *file, const char *text)
{
    put_element(file, "<p class=\"subtitle\">", text, "</p>\n");
}

static void heading(FILE *file, const char *text)
{
    put_element(file, "<h2>", text, "</h2>\n");
}

static void paragraph(FILE *file, const char *text)
{
    put_element(file, "<p>", text, "</p>\n");
}

static void list(FILE *file, bool begins)
{
    fputs(begins ? "<ul>\n" : "</ul>\n", file);
}

static void item(FILE *file, const char *term, const char *text)
{
    fputs("<li>", file);
    if (term)
        put_element(file, "<strong>", term, ":</strong> ");
    put_element(file, "", text, "</li>\n");
}

static void lines(FILE *file, const char *text)
{
    fputs("<pre>", file);
    for (const char *end; *text; text = *end ? end + 1 : end) {
        end = text + strcspn(text, "\n");
        put(file, text, (size_t)(end - text));
        fputs(*end ? "\n" : "", file);
    }
    fputs("</pre>\n", file);
}

static void caption(FILE *file, const char *text)
{
    put_element(file, "<table>\n<caption>", text, "</caption>\n");
}

static void row(FILE *file, const char *const *cells, const bool *numbers, size_t count, bool is_heading)
{
    fputs(is_heading ? "<thead>\n<tr>" : "<tr>", file);
    for (size_t i = 0; i < count; i++) {
        bool names = is_heading || i == 0;
        fprintf(file, "<%s%s%s>", names ? "th" : "td",
                !names       ? ""
                : is_heading ? " scope=\"col\""
                             : " scope=\"row\"",
                numbers[i] ? " class=\"n\"" : "");
        put_element(file, "", cells[i], names ? "</th>" : "</td>");
    }
    fputs(is_heading ? "</tr>\n</thead>\n<tbody>\n" : "</tr>\n", file);
}

static void end_table(FILE *file)
{
    fputs("</tbody>\n</table>\n", file);
}

/* An element that gnuplot writes about itself, whose place the words take; else the text itself. */
static const char *skip(const char *at, const char *element)
{
    size_t length = strlen(element);
    char close[16];
    if (at[0] != '<' || strncmp(at + 1, element, length) != 0 || at[1 + length] != '>')
        return at;
    snprintf(close, sizeof close, "</%s>", element);
    const char *end = strstr(at, close);
    return end ? end + strlen(close) : at;
}

/* Copies a picture; in its tags each identifier, and each reference to one, gets the number of the picture in front of
 * it, as a page may have each but once. */
static void put_svg(FILE *file, const char *at, size_t number)
{
    static const char *const before[] = {" id='", " id=\"", "href='#", "url(#"};
    bool in_tag = false;
    while (*at) {
        at = skip(skip(at, "title"), "desc");
        in_tag = *at == '<' || (in_tag && *at != '>');
        size_t i = 0, count = sizeof before / sizeof *before;
        while (i < count && (!in_tag || strncmp(at, before[i], strlen(before[i])) != 0))
            i++;
        if (i < count) {
            fprintf(file, "%sp%zu-", before[i], number);
            at += strlen(before[i]);
        } else if (*at)
            fputc(*at++, file);
    }
}

static void picture(FILE *file, const char *svg, size_t number, const char *words)
{
    const char *start = strstr(svg, "<svg");
    if (!start)
        return;
    put_element(file, "<figure>\n<svg role=\"img\" aria-label=\"", words, "\"");
    put_svg(file, start + strlen("<svg"), number);
    fputs("</figure>\n", file);
}

static void end(FILE *file)
{
    fputs("</main>\n</body>\n</html>\n", file);
}

const dr_brief_form dr_brief_html = {.begin = begin,
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
                                     .end = end,
                                     .pictures = true};
