/* Accounts of a table that an update brings to a later year: what they are per unit of output, and of final use, stays
 * that of the table's year. */
#ifndef DR_UPDATE_MOVED_ACCOUNTS_H
#define DR_UPDATE_MOVED_ACCOUNTS_H

#include "update/targets.h"
#include "world/accounts.h"

/* An account of the new year. */
typedef struct dr_moved_account {
    dr_account_year *account; /* with the new values */
    double before, after;     /* sums over sectors and final use */
    char *source;             /* a title that says what it is an estimate of */
    char *licence;            /* of the account that it was made from */
} dr_moved_account;

typedef struct dr_moved_accounts {
    dr_moved_account *list;
    size_t count, capacity;
} dr_moved_accounts;

/* Moves all accounts of the table's year, once the cells of the update are those of the new year. Errors: as
 * dr_account_load. Free with dr_moved_accounts_free, on failure too. */
dr_status dr_moved_accounts_make(dr_moved_accounts *out, const dr_update *update);
void dr_moved_accounts_free(dr_moved_accounts *moved);

/* Writes them to the new world, which has the year. Errors: DR_MACHINE. */
dr_status dr_moved_accounts_write(const dr_moved_accounts *moved, dr_writer *writer, int year);

#endif
