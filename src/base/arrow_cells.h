/* The cells of a column of an Arrow file. Used by arrow_file.c alone. */
#ifndef DR_BASE_ARROW_CELLS_H
#define DR_BASE_ARROW_CELLS_H

#include "base/arrow_message.h"

/* Types of columns that are read, by their numbers in Schema.fbs. */
typedef enum dr_arrow_type {
    DR_ARROW_NOTHING = 1,
    DR_ARROW_INTEGER = 2,
    DR_ARROW_FLOAT = 3,
    DR_ARROW_TEXT = 5,
    DR_ARROW_TRUTH = 6,
    DR_ARROW_LONG_TEXT = 20,
    DR_ARROW_VIEW = 24,
} dr_arrow_type;
enum { DR_ARROW_VIEW_SIZE = 16 };

/* The cells of a column, or of the categories that columns refer to. */
typedef struct dr_arrow_cells {
    int type; /* dr_arrow_type */
    bool is_signed;
    size_t width; /* bytes of a number, or of a text's offset */
    size_t rows;
    const unsigned char *valid; /* a bit for each cell; NULL: all have values */
    const unsigned char *first; /* numbers, offsets or views */
    const unsigned char *texts;
    const unsigned char **pieces; /* of views: where longer texts are */
} dr_arrow_cells;

/* Takes the next column's cells from a batch, whose bytes they refer to. Errors: DR_BAD_INPUT (damaged), DR_MACHINE.
 * Free with dr_arrow_cells_free. */
dr_status dr_arrow_cells_take(dr_arrow_cells *cells, dr_arrow_batch *batch);
void dr_arrow_cells_free(dr_arrow_cells *cells);

bool dr_arrow_cells_are_texts(const dr_arrow_cells *cells);

/* Whether a cell has a value, and the value. Texts are not terminated. */
bool dr_arrow_cells_has(const dr_arrow_cells *cells, size_t row);
double dr_arrow_cells_number(const dr_arrow_cells *cells, size_t row);
const char *dr_arrow_cells_text(const dr_arrow_cells *cells, size_t row, size_t *size);

/* The whole number of `width` bytes, little-endian. */
long long dr_arrow_integer(const unsigned char *bytes, size_t width, bool is_signed);

#endif
