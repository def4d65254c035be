#include "r_table.h"

#include <math.h>
#include <string.h>

static SEXP text_of(const char *text)
{
    return Rf_mkCharCE(text ? text : "", CE_UTF8);
}

static SEXP numbers_column(const double *numbers, size_t rows)
{
    SEXP column = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)rows));
    double *to = REAL(column);
    for (size_t i = 0; i < rows; i++)
        to[i] = isnan(numbers[i]) ? NA_REAL : numbers[i];
    UNPROTECT(1);
    return column;
}

/* Neighbouring cells are often the same text, which R would look up again. */
static SEXP texts_column(const char *const *texts, size_t rows)
{
    SEXP column = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)rows));
    for (size_t i = 0; i < rows; i++)
        SET_STRING_ELT(column, (R_xlen_t)i,
                       i > 0 && texts[i] == texts[i - 1] ? STRING_ELT(column, (R_xlen_t)i - 1) : text_of(texts[i]));
    UNPROTECT(1);
    return column;
}

static SEXP texts_of(const dr_table *table, size_t (*count)(const dr_table *),
                     const char *(*get)(const dr_table *, size_t))
{
    SEXP texts = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)count(table)));
    for (R_xlen_t i = 0; i < Rf_xlength(texts); i++)
        SET_STRING_ELT(texts, i, text_of(get(table, (size_t)i)));
    UNPROTECT(1);
    return texts;
}

static SEXP facts_of(const dr_table *table)
{
    SEXP names = PROTECT(texts_of(table, dr_table_facts, dr_table_fact_name));
    SEXP facts = PROTECT(Rf_allocVector(VECSXP, Rf_xlength(names)));
    for (R_xlen_t i = 0; i < Rf_xlength(names); i++) {
        const char *name = dr_table_fact_name(table, (size_t)i);
        if (dr_table_fact_is_text(table, (size_t)i))
            SET_VECTOR_ELT(facts, i, Rf_ScalarString(text_of(dr_table_fact_text(table, name))));
        else
            SET_VECTOR_ELT(facts, i, Rf_ScalarReal(dr_table_fact(table, name)));
    }
    Rf_setAttrib(facts, R_NamesSymbol, names);
    UNPROTECT(2);
    return facts;
}

static const char *description(const dr_table *table, size_t column)
{
    return dr_table_column_description((dr_table *)table, column);
}

static const char *heading(const dr_table *table, size_t column)
{
    return dr_table_column_heading((dr_table *)table, column);
}

static SEXP columns_of(const dr_table *table)
{
    static const char *const names[] = {"unit", "heading", "description", ""};
    SEXP columns = PROTECT(Rf_mkNamed(VECSXP, (const char **)names));
    SET_VECTOR_ELT(columns, 0, texts_of(table, dr_table_columns, dr_table_column_unit));
    SET_VECTOR_ELT(columns, 1, texts_of(table, dr_table_columns, heading));
    SET_VECTOR_ELT(columns, 2, texts_of(table, dr_table_columns, description));
    UNPROTECT(1);
    return columns;
}

static SEXP kinds_of(const dr_table *table)
{
    size_t rows = dr_table_rows(table);
    SEXP kinds = PROTECT(Rf_allocVector(INTSXP, (R_xlen_t)rows));
    for (size_t i = 0; i < rows; i++)
        INTEGER(kinds)[i] = (int)dr_table_row_kind(table, i);
    UNPROTECT(1);
    return kinds;
}

static SEXP about(SEXP handle, const dr_table *table)
{
    static const char *const names[] = {"table", "title", "unit", "answer", "notes", "facts", "columns", "kind", ""};
    SEXP list = PROTECT(Rf_mkNamed(VECSXP, (const char **)names));
    SET_VECTOR_ELT(list, 0, handle);
    SET_VECTOR_ELT(list, 1, Rf_ScalarString(text_of(dr_table_title(table))));
    SET_VECTOR_ELT(list, 2, Rf_ScalarString(text_of(dr_table_unit(table))));
    SET_VECTOR_ELT(list, 3, texts_of(table, dr_table_sentences, dr_table_sentence));
    SET_VECTOR_ELT(list, 4, texts_of(table, dr_table_notes, dr_table_note));
    SET_VECTOR_ELT(list, 5, facts_of(table));
    SET_VECTOR_ELT(list, 6, columns_of(table));
    SET_VECTOR_ELT(list, 7, kinds_of(table));
    UNPROTECT(1);
    return list;
}

/* Row names 1 to n as R keeps them: c(NA, -n). */
static SEXP row_names(size_t rows)
{
    SEXP names = PROTECT(Rf_allocVector(INTSXP, 2));
    INTEGER(names)[0] = NA_INTEGER;
    INTEGER(names)[1] = -(int)rows;
    UNPROTECT(1);
    return names;
}

static SEXP frame_class(void)
{
    SEXP class = PROTECT(Rf_allocVector(STRSXP, 2));
    SET_STRING_ELT(class, 0, Rf_mkChar("derisk_table"));
    SET_STRING_ELT(class, 1, Rf_mkChar("data.frame"));
    UNPROTECT(1);
    return class;
}

SEXP rd_table_frame(SEXP handle)
{
    const dr_table *table = rd_object_get(handle, RD_TABLE);
    size_t rows = dr_table_rows(table), columns = dr_table_columns(table);
    SEXP frame = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)columns));
    for (size_t c = 0; c < columns; c++) {
        const double *numbers = dr_table_numbers(table, c);
        SET_VECTOR_ELT(frame, (R_xlen_t)c,
                       numbers ? numbers_column(numbers, rows) : texts_column(dr_table_texts(table, c), rows));
    }
    SEXP names = PROTECT(texts_of(table, dr_table_columns, dr_table_column));
    Rf_setAttrib(frame, R_NamesSymbol, names);
    SEXP numbers_of_rows = PROTECT(row_names(rows));
    Rf_setAttrib(frame, R_RowNamesSymbol, numbers_of_rows);
    SEXP class = PROTECT(frame_class());
    Rf_setAttrib(frame, R_ClassSymbol, class);
    SEXP rest = PROTECT(about(handle, table));
    Rf_setAttrib(frame, Rf_install("derisk"), rest);
    UNPROTECT(5);
    return frame;
}

SEXP derisk_table_text(SEXP handle)
{
    const dr_table *table = rd_object_get(handle, RD_TABLE);
    char *bytes = NULL;
    size_t size = 0;
    if (!table || dr_table_write_memory(&bytes, &size, table, DR_FORMAT_TEXT) != DR_OK)
        return R_NilValue;
    char *text = R_alloc(size + 1, 1); /* R may leave the next line for good */
    memcpy(text, bytes, size);
    text[size] = '\0';
    dr_memory_free(bytes);
    return Rf_ScalarString(text_of(text));
}
