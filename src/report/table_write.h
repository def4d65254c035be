/* The formats in which dr_table_write writes a table; each to an open file, whose errors the caller checks. */
#ifndef DR_REPORT_TABLE_WRITE_H
#define DR_REPORT_TABLE_WRITE_H

#include <stdio.h>

#include "base/output.h"
#include "base/table.h"

/* The device for text: a terminal has a width in characters and maybe colour; elsewhere lines are as long as they need
 * be. */
typedef struct dr_text_device {
    size_t width; /* 0: no limit */
    bool colour;
} dr_text_device;

/* For readers: title, unit, aligned columns, certificate and settings in a line each, notes. Errors: DR_MACHINE. */
dr_status dr_write_text(const dr_table *table, FILE *file, dr_text_device device);

/* RFC 4180, lines ended by a line feed, empty cells for what is not there. */
void dr_write_csv(const dr_table *table, FILE *file);

/* Its two parts: the names of the columns, and the rows. */
void dr_write_csv_header(const dr_table *table, FILE *file);
void dr_write_csv_rows(const dr_table *table, FILE *file);

/* One object: facts (nested at their dots), unit, notes, what the columns are, and rows. Errors: DR_BAD_INPUT (text
 * that is not UTF-8), DR_MACHINE. */
dr_status dr_write_json(const dr_table *table, FILE *file);

/* A booktabs table: its name, a rule where a row is empty, notes as comments. */
void dr_write_latex(const dr_table *table, FILE *file);
void dr_write_markdown(const dr_table *table, FILE *file);
void dr_write_html(const dr_table *table, FILE *file);

/* A document of Word (.docx). Errors: DR_MACHINE. */
dr_status dr_write_word(const dr_table *table, FILE *file);

/* One row group of the rows. Errors: DR_MACHINE. */
dr_status dr_write_parquet(const dr_table *table, const dr_output *output);

#endif
