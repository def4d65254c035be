/* Which of the kinds that derisk reads a file is of, by its content. */
#ifndef DR_IMPORT_RECOGNISE_H
#define DR_IMPORT_RECOGNISE_H

#include "import/kinds.h"

/* Reads the first row of a file. *out is its kind among those of the layout `word` (NULL: among all), and NULL where it
 * is of none; then `looks` gets what the file looks like and what to do ("an Excel workbook; ..."). Errors:
 * DR_BAD_INPUT (missing, damaged), DR_MACHINE. */
enum { DR_LOOKS_SIZE = 400 };
dr_status dr_recognise(const dr_kind **out, const char *path, const char *word, char looks[DR_LOOKS_SIZE]);

/* Among files, finds the tables that are several files each (of the layout `word`; NULL: of any). Of each one adds its
 * path and kind to `tables`, and sets taken[i] for the files that belong to one. */
dr_status dr_recognise_bundles(dr_finds *tables, const dr_names *files, bool *taken, const char *word);

/* Whether a file's name is one of such a table. */
bool dr_recognise_member(const char *path, const char *word);

#endif
