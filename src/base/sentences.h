/* A page of sentences: a table with the columns about and says, a row for each sentence. */
#ifndef DR_BASE_SENTENCES_H
#define DR_BASE_SENTENCES_H

#include "base/table.h"

/* A page without sentences; text shows all of it. Errors: DR_MACHINE. */
dr_status dr_sentences_new(dr_table **out);

/* Adds a sentence, written as for dr_table_say. */
void dr_sentences_add(dr_table *page, const char *about, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Moves the answer of a table, which may be the page itself, to the page. */
void dr_sentences_move(dr_table *page, const char *about, dr_table *from);

#endif
