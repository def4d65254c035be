#include "import/xlsx.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/stream.h"

enum { BLOCK = 1 << 16, MOST_COLUMNS = 16384, LONGEST_CELL = 1 << 16 };

/* ---- Any part ---- */

/* A part being parsed. */
typedef struct parse {
    XML_Parser parser;
    const char *path; /* of the part */
    dr_status status;
    void *user;
} parse;

static void stop(parse *p, dr_status status)
{
    p->status = status;
    XML_StopParser(p->parser, XML_FALSE);
}

/* Workbooks have no document type; one could define entities that grow without end. */
static void refuse_doctype(void *user, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                           int internal)
{
    parse *p = user;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(p, dr_fail(DR_BAD_INPUT, "%s: has a document type, which no workbook has", p->path));
}

static dr_status feed(parse *p, dr_stream *stream)
{
    char block[BLOCK];
    size_t got = 1;
    while (got > 0) {
        dr_status status = dr_stream_read(stream, block, sizeof block, &got);
        if (status != DR_OK)
            return dr_fail_at(status, p->path);
        if (XML_Parse(p->parser, block, (int)got, got == 0) == XML_STATUS_OK)
            continue;
        enum XML_Error error = XML_GetErrorCode(p->parser);
        if (error == XML_ERROR_ABORTED) /* by a handler */
            return p->status;
        if (error == XML_ERROR_NO_MEMORY)
            return dr_fail_memory();
        return dr_fail(DR_BAD_INPUT, "%s:%lu: damaged workbook: %s", p->path,
                       (unsigned long)XML_GetCurrentLineNumber(p->parser), XML_ErrorString(error));
    }
    return DR_OK;
}

typedef struct handlers {
    XML_StartElementHandler start;
    XML_EndElementHandler end;
    XML_CharacterDataHandler text;
} handlers;

/* Parses a part of a workbook; handlers get a parse whose user is `user`. */
static dr_status parse_part(const char *workbook, const char *part, const handlers *on, void *user)
{
    char path[4096];
    dr_stream *stream = NULL;
    snprintf(path, sizeof path, "%s/%s", workbook, part);
    DR_TRY(dr_stream_open(&stream, path));
    parse p = {.parser = XML_ParserCreate(NULL), .path = path, .user = user};
    if (!p.parser) {
        dr_stream_close(stream);
        return dr_fail_memory();
    }
    XML_SetUserData(p.parser, &p);
    XML_SetElementHandler(p.parser, on->start, on->end);
    XML_SetCharacterDataHandler(p.parser, on->text);
    XML_SetStartDoctypeDeclHandler(p.parser, refuse_doctype);
    dr_status status = feed(&p, stream);
    XML_ParserFree(p.parser);
    dr_stream_close(stream);
    return status;
}

/* An element's name without its prefix: some programs write "x:row". */
static const char *local(const XML_Char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

/* ---- The list of sheets ---- */

typedef struct sheets {
    dr_names names, ids; /* of the sheets */
    size_t wanted;
    char target[256]; /* the part of the wanted one */
} sheets;

static void XMLCALL start_workbook(void *user, const XML_Char *name, const XML_Char **attributes)
{
    parse *p = user;
    sheets *s = p->user;
    if (strcmp(local(name), "sheet") != 0)
        return;
    const char *id = attribute(attributes, "id"), *called = attribute(attributes, "name");
    if (id && called && (dr_names_add(&s->names, called) < 0 || dr_names_add(&s->ids, id) < 0))
        stop(p, dr_fail_memory());
}

static void XMLCALL start_relations(void *user, const XML_Char *name, const XML_Char **attributes)
{
    parse *p = user;
    sheets *s = p->user;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (strcmp(local(name), "Relationship") != 0 || !id || !target || strcmp(id, s->ids.names[s->wanted]) != 0)
        return;
    snprintf(s->target, sizeof s->target, "%s%s", target[0] == '/' ? "" : "xl/", target + (target[0] == '/'));
}

static void free_sheets(sheets *s)
{
    dr_names_free(&s->names);
    dr_names_free(&s->ids);
}

static dr_status list_sheets(sheets *s, const char *path)
{
    const handlers on = {.start = start_workbook};
    return parse_part(path, "xl/workbook.xml", &on, s);
}

dr_status dr_xlsx_sheets(dr_names *names, const char *path)
{
    sheets s = {0};
    dr_status status = list_sheets(&s, path);
    if (status == DR_OK)
        *names = s.names;
    else
        dr_names_free(&s.names);
    dr_names_free(&s.ids);
    return status;
}

/* The part in which a sheet is. */
static dr_status find_sheet(sheets *s, const char *path, size_t sheet)
{
    const handlers on = {.start = start_relations};
    s->wanted = sheet;
    DR_TRY(list_sheets(s, path));
    if (sheet >= s->names.count)
        return dr_fail(DR_BAD_INPUT, "%s: has no sheet %zu", path, sheet + 1);
    DR_TRY(parse_part(path, "xl/_rels/workbook.xml.rels", &on, s));
    return s->target[0] ? DR_OK : dr_fail(DR_BAD_INPUT, "%s: the sheet '%s' is not in it", path, s->names.names[sheet]);
}

/* ---- Shared texts ---- */

/* A growing text. */
typedef struct text {
    char *bytes;
    size_t size, capacity;
} text;

static bool add_text(text *t, const char *bytes, size_t size)
{
    if (!dr_grow((void **)&t->bytes, &t->capacity, t->size + size + 1, 1))
        return false;
    if (size)
        memcpy(t->bytes + t->size, bytes, size);
    t->size += size;
    t->bytes[t->size] = '\0';
    return true;
}

/* Texts that cells refer to by number. */
typedef struct shared {
    text all;       /* each with its zero */
    size_t *starts; /* of each in `all` */
    size_t count, capacity;
    bool in_text, in_hint; /* within <t>; within <rPh>, which says how a text is pronounced */
} shared;

static void XMLCALL start_shared(void *user, const XML_Char *name, const XML_Char **attributes)
{
    parse *p = user;
    shared *s = p->user;
    (void)attributes;
    if (strcmp(local(name), "si") == 0) {
        if (!dr_grow((void **)&s->starts, &s->capacity, s->count + 1, sizeof *s->starts))
            stop(p, dr_fail_memory());
        else
            s->starts[s->count++] = s->all.size;
    }
    s->in_hint |= strcmp(local(name), "rPh") == 0;
    s->in_text = strcmp(local(name), "t") == 0 && !s->in_hint;
}

static void XMLCALL end_shared(void *user, const XML_Char *name)
{
    parse *p = user;
    shared *s = p->user;
    s->in_text = false;
    if (strcmp(local(name), "rPh") == 0)
        s->in_hint = false;
    if (strcmp(local(name), "si") == 0 && !add_text(&s->all, "", 1))
        stop(p, dr_fail_memory());
}

static void XMLCALL text_shared(void *user, const XML_Char *bytes, int size)
{
    parse *p = user;
    shared *s = p->user;
    if (s->in_text && !add_text(&s->all, bytes, (size_t)size))
        stop(p, dr_fail_memory());
}

/* A workbook without texts has no such part. */
static dr_status read_shared(shared *s, const char *path)
{
    const handlers on = {start_shared, end_shared, text_shared};
    char part[4096];
    dr_stream *stream = NULL;
    snprintf(part, sizeof part, "%s/xl/sharedStrings.xml", path);
    if (dr_stream_open(&stream, part) != DR_OK)
        return DR_OK;
    dr_stream_close(stream);
    return parse_part(path, "xl/sharedStrings.xml", &on, s);
}

static const char *shared_text(const shared *s, const char *number)
{
    unsigned long i = strtoul(number, NULL, 10);
    return i < s->count && s->all.bytes ? s->all.bytes + s->starts[i] : "";
}

/* ---- Cells ---- */

/* A sheet being read. */
typedef struct reading {
    const shared *texts;
    dr_xlsx_row *take;
    void *user;
    size_t row;
    text cells;     /* of the row, each with its zero */
    size_t *starts; /* of each column in `cells`, from 1; 0: empty */
    size_t count, capacity;
    const char **row_cells;
    size_t row_capacity;
    size_t column; /* of the cell at hand, from 0 */
    text value;
    bool in_value, is_shared;
} reading;

/* The column of "AB12", from 0; `next` where a cell does not say where it is. */
static size_t column_of(const char *place, size_t next)
{
    size_t column = 0;
    if (!place)
        return next;
    for (; *place >= 'A' && *place <= 'Z' && column < 2 * MOST_COLUMNS; place++)
        column = 26 * column + (size_t)(*place - 'A' + 1);
    return column ? column - 1 : next;
}

static void start_row(parse *p, reading *r, const XML_Char **attributes)
{
    const char *number = attribute(attributes, "r");
    r->row = number ? strtoul(number, NULL, 10) : r->row + 1;
    r->count = 0;
    r->cells.size = 0;
    if (!add_text(&r->cells, "", 1)) /* what is empty begins here */
        stop(p, dr_fail_memory());
}

static void start_cell(parse *p, reading *r, const XML_Char **attributes)
{
    const char *type = attribute(attributes, "t");
    r->column = column_of(attribute(attributes, "r"), r->count);
    r->is_shared = type && strcmp(type, "s") == 0;
    r->value.size = 0;
    if (r->column >= MOST_COLUMNS)
        stop(p, dr_fail(DR_BAD_INPUT, "%s: row %zu has more than %d columns", p->path, r->row, MOST_COLUMNS));
}

static void XMLCALL start_sheet(void *user, const XML_Char *name, const XML_Char **attributes)
{
    parse *p = user;
    reading *r = p->user;
    if (strcmp(local(name), "row") == 0)
        start_row(p, r, attributes);
    else if (strcmp(local(name), "c") == 0)
        start_cell(p, r, attributes);
    r->in_value = strcmp(local(name), "v") == 0 || strcmp(local(name), "t") == 0;
}

static void XMLCALL text_sheet(void *user, const XML_Char *bytes, int size)
{
    parse *p = user;
    reading *r = p->user;
    if (!r->in_value)
        return;
    if (r->value.size + (size_t)size > LONGEST_CELL)
        stop(p, dr_fail(DR_BAD_INPUT, "%s: row %zu: a cell of more than %d bytes", p->path, r->row, LONGEST_CELL));
    else if (!add_text(&r->value, bytes, (size_t)size))
        stop(p, dr_fail_memory());
}

static bool keep_cell(reading *r)
{
    const char *value = r->value.size == 0 ? "" : r->is_shared ? shared_text(r->texts, r->value.bytes) : r->value.bytes;
    if (!dr_grow((void **)&r->starts, &r->capacity, r->column + 1, sizeof *r->starts))
        return false;
    while (r->count <= r->column)
        r->starts[r->count++] = 0;
    r->starts[r->column] = *value ? r->cells.size : 0;
    return !*value || add_text(&r->cells, value, strlen(value) + 1);
}

static void end_row(parse *p, reading *r)
{
    bool ends = false;
    if (!dr_grow((void **)&r->row_cells, &r->row_capacity, r->count + 1, sizeof *r->row_cells)) {
        stop(p, dr_fail_memory());
        return;
    }
    for (size_t i = 0; i < r->count; i++)
        r->row_cells[i] = r->cells.bytes + r->starts[i];
    dr_status status = r->take(r->user, r->row, r->row_cells, r->count, &ends);
    if (status != DR_OK || ends)
        stop(p, status);
}

static void XMLCALL end_sheet(void *user, const XML_Char *name)
{
    parse *p = user;
    reading *r = p->user;
    r->in_value = false;
    if (strcmp(local(name), "c") == 0 && !keep_cell(r))
        stop(p, dr_fail_memory());
    else if (strcmp(local(name), "row") == 0)
        end_row(p, r);
}

dr_status dr_xlsx_read(const char *path, size_t sheet, dr_xlsx_row *take, void *user)
{
    const handlers on = {start_sheet, end_sheet, text_sheet};
    sheets s = {0};
    shared texts = {0};
    reading r = {.texts = &texts, .take = take, .user = user};
    dr_status status = find_sheet(&s, path, sheet);
    if (status == DR_OK)
        status = read_shared(&texts, path);
    if (status == DR_OK)
        status = parse_part(path, s.target, &on, &r);
    free(texts.all.bytes);
    free(texts.starts);
    free(r.cells.bytes);
    free(r.starts);
    free((void *)r.row_cells);
    free(r.value.bytes);
    free_sheets(&s);
    return status;
}
