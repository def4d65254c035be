/* The tables of a solution, as options name them. */
#ifndef DR_OPTIONS_RESULT_ROWS_H
#define DR_OPTIONS_RESULT_ROWS_H

/* The tables that a stored run has, in the order of dr_result_tables; NULL at the end. */
extern const char *const option_stored_tables[];

#endif
