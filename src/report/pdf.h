/* PDF files whose bytes depend on their content alone. */
#ifndef DR_REPORT_PDF_H
#define DR_REPORT_PDF_H

#include <stddef.h>

/* Puts blanks in place of the dates on which a PDF was made and changed, so that no byte of it moves. */
void dr_pdf_undate(char *bytes, size_t size);

#endif
