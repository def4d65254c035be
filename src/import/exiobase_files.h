/* Inter-country tables that are folders of matrices: EXIOBASE, and what pymrio saves. */
#ifndef DR_IMPORT_EXIOBASE_FILES_H
#define DR_IMPORT_EXIOBASE_FILES_H

#include "import/icio_file.h"

/* EXIOBASE 3 and pymrio, whose folder holds Z or A, Y, perhaps x and unit, and folders of accounts with F and unit. The
 * accounts in the table's own unit are value added: those of factor_inputs, of satellite, or of the first folder that
 * has any. */
dr_table_reader dr_exiobase_read;

/* EXIOBASE 1 and 2: coefficients mrIot, final use mrFinalDemand and factor inputs mrFactorInputs, beside each other. */
dr_table_reader dr_exiobase_old_read;

#endif
