/* Eora26: matrices of bare numbers, T, FD and VA, beside each other, with labels in files of their own, which may be in
 * indices.zip. */
#ifndef DR_IMPORT_EORA_FILES_H
#define DR_IMPORT_EORA_FILES_H

#include "import/icio_file.h"

/* The path is that of T. Thousand US dollars become millions. The region of statistical discrepancies is no part of the
 * world: what sectors buy from it is added to their value added, what it buys becomes a final use DISC of the seller's
 * own region, and what final use buys from it is left out; output stays as it is. */
dr_table_reader dr_eora_read;

#endif
