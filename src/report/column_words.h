/* What columns are in words: one source for JSON, the page, Arrow and the packages. */
#ifndef DR_REPORT_COLUMN_WORDS_H
#define DR_REPORT_COLUMN_WORDS_H

#include "base/table.h"

enum { DR_WORDS_SIZE = 256 };

/* The heading of a column for people, "real GDP", and what it is, "gross domestic product at base prices": those of its
 * own table (dr_table_word), else of its name. */
const char *dr_column_heading(char out[DR_WORDS_SIZE], const dr_column *column);
const char *dr_column_description(char out[DR_WORDS_SIZE], const dr_column *column);

#endif
