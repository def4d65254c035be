/* GLORIA: the supply-use table T, final use Y and value added V, matrices of bare numbers beside each other, with
 * labels in GLORIA's ReadMe, a workbook. */
#ifndef DR_IMPORT_GLORIA_FILES_H
#define DR_IMPORT_GLORIA_FILES_H

#include "import/icio_file.h"

/* The path is that of T at basic prices (Markup001). Thousand US dollars become millions. The table is made industry by
 * industry with fixed product sales structures (model D, Eurostat 2008, Manual of Supply, Use and Input-Output Tables,
 * chapter 11): with supply V[i, p] of product p by industry i of a region and q[p] its sum over industries,
 *
 *     Z[i, .] = sum over p of V[i, p] / q[p] * U[p, .]
 *
 * and final use likewise, so that no cell is negative which was not so before. T is read row by row and not held.
 * Regions whose rows and columns are all zero are left out. */
dr_table_reader dr_gloria_read;

#endif
