/* Long texts that the program prints: the files of src/cli/texts, named as there. */
#ifndef DR_CLI_TEXTS_H
#define DR_CLI_TEXTS_H

#include "base/embedded.h"

extern const dr_embedded cli_texts_files[];
extern const size_t cli_texts_count;

#endif
