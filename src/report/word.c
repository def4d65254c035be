/* Tables as documents of Word: Office Open XML (ECMA-376, part 1), a zip archive of three files, of which
 * word/document.xml is the text and the table. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/number.h"
#include "report/table_write.h"

/* ---- The document ------------------------------------------------------------------------------------------------ */

static void put(FILE *file, const char *text)
{
    bool steers = false;
    text += strspn(text, " "); /* which align in other formats */
    for (size_t left = strlen(text), bytes; left > 0; text += bytes, left -= bytes) {
        bytes = dr_character(text, left, &steers);
        if (*text == '&')
            fputs("&amp;", file);
        else if (*text == '<')
            fputs("&lt;", file);
        else if (*text == '>')
            fputs("&gt;", file);
        else
            dr_print_clean(file, text, bytes);
    }
}

/* A paragraph, with properties of it and of its letters. */
static void put_paragraph(FILE *file, const char *of_it, const char *of_letters, const char *text)
{
    fprintf(file, "<w:p><w:pPr>%s</w:pPr><w:r><w:rPr>%s</w:rPr><w:t xml:space=\"preserve\">", of_it, of_letters);
    put(file, text);
    fputs("</w:t></w:r></w:p>", file);
}

static void put_cell(FILE *file, const char *text, bool right, bool ruled)
{
    fputs(ruled ? "<w:tc><w:tcPr><w:tcW w:w=\"0\" w:type=\"auto\"/><w:tcBorders><w:bottom w:val=\"single\" "
                  "w:sz=\"4\"/></w:tcBorders></w:tcPr>"
                : "<w:tc><w:tcPr><w:tcW w:w=\"0\" w:type=\"auto\"/></w:tcPr>",
          file);
    put_paragraph(file, right ? "<w:spacing w:after=\"0\"/><w:jc w:val=\"right\"/>" : "<w:spacing w:after=\"0\"/>",
                  "<w:sz w:val=\"20\"/>", text);
    fputs("</w:tc>", file);
}

/* Rules above and below, and under the heads, which every page repeats. */
static void put_table(FILE *file, const dr_table *table)
{
    char digits[DR_NUMBER_SIZE];
    fputs("<w:tbl><w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/><w:tblBorders><w:top w:val=\"single\" w:sz=\"12\"/>"
          "<w:bottom w:val=\"single\" w:sz=\"12\"/></w:tblBorders></w:tblPr><w:tblGrid>",
          file);
    for (size_t c = 0; c < table->column_count; c++)
        fputs("<w:gridCol/>", file);
    fputs("</w:tblGrid><w:tr><w:trPr><w:tblHeader/></w:trPr>", file);
    for (size_t c = 0; c < table->column_count; c++)
        put_cell(file, table->columns[c].name, dr_column_is_right(table, c), true);
    fputs("</w:tr>", file);
    for (size_t row = 0; row < table->rows; row++) {
        fputs("<w:tr><w:trPr><w:cantSplit/></w:trPr>", file);
        for (size_t c = 0; c < table->column_count; c++)
            put_cell(file, dr_cell_shown(digits, table, row, c), dr_column_is_right(table, c), false);
        fputs("</w:tr>", file);
    }
    fputs("</w:tbl>", file);
}

static void put_document(FILE *file, const dr_table *table)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document "
          "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>",
          file);
    put_paragraph(file, "<w:keepNext/>", "<w:b/><w:sz w:val=\"28\"/>", table->title);
    for (size_t i = 0; i < table->sentence_count; i++)
        put_paragraph(file, "", "", table->sentences[i]);
    put_table(file, table);
    if (*table->unit)
        put_paragraph(file, "<w:spacing w:before=\"60\" w:after=\"0\"/>", "<w:sz w:val=\"18\"/>", table->unit);
    for (size_t i = 0; i < table->note_count; i++)
        put_paragraph(file, "<w:spacing w:after=\"0\"/>", "<w:sz w:val=\"18\"/>", table->notes[i]);
    fputs("<w:sectPr/></w:body></w:document>", file);
}

/* ---- The archive ------------------------------------------------------------------------------------------------- */

static const char types[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Override PartName=\"/word/document.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";

static const char relations[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" "
    "Target=\"word/document.xml\"/></Relationships>";

static la_ssize_t take_bytes(struct archive *a, void *file, const void *bytes, size_t size)
{
    (void)a;
    return (la_ssize_t)fwrite(bytes, 1, size, file);
}

/* Without a time, which is the first that an archive knows, so that equal tables are equal bytes. */
static bool add_file(struct archive *a, const char *name, const char *bytes, size_t size)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry)
        return false;
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    bool done = archive_write_header(a, entry) == ARCHIVE_OK && archive_write_data(a, bytes, size) == (la_ssize_t)size;
    archive_entry_free(entry);
    return done;
}

dr_status dr_write_word(const dr_table *table, FILE *file)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&bytes, &size);
    if (!memory)
        return dr_fail_memory();
    put_document(memory, table);
    bool done = !ferror(memory);
    done = fclose(memory) == 0 && done;
    struct archive *a = done ? archive_write_new() : NULL;
    done = a && archive_write_set_format_zip(a) == ARCHIVE_OK &&
           archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK &&
           archive_write_open(a, file, NULL, take_bytes, NULL) == ARCHIVE_OK &&
           add_file(a, "[Content_Types].xml", types, sizeof types - 1) &&
           add_file(a, "_rels/.rels", relations, sizeof relations - 1) &&
           add_file(a, "word/document.xml", bytes, size) && archive_write_close(a) == ARCHIVE_OK;
    if (a)
        archive_write_free(a);
    free(bytes);
    return done || ferror(file) ? DR_OK : dr_fail_memory(); /* the caller checks the file */
}
