/* The files of product flows in what was given: files, folders and archives, with the names that lie beside them. */
#ifndef DR_IMPORT_PRODUCT_OPEN_H
#define DR_IMPORT_PRODUCT_OPEN_H

#include "import/product_files.h"

/* A zeroed struct has none. */
typedef struct dr_product_paths {
    dr_names flows;
    dr_names beside; /* names of products and economies */
    size_t others;   /* files of flows of other years than the one that is wanted */
    size_t left_out; /* other files of folders and archives */
    char example[256];
} dr_product_paths;

/* Opens up the paths. A file that is named itself and holds no names is taken for flows, whatever it has; those of
 * folders and archives are flows if they have the format's columns. With a year, files whose names say another one are
 * left alone. Errors: DR_BAD_INPUT (nothing there; no flows in a folder or an archive), DR_MACHINE. */
dr_status dr_product_paths_find(dr_product_paths *out, const dr_product_format *format, const char *const *paths,
                                size_t count, int year);
void dr_product_paths_free(dr_product_paths *paths);

#endif
