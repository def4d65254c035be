/* The files of the page in the browser, as Vite builds them from web/, named as under its folder ("index.html"). */
#ifndef DR_SERVE_PAGE_H
#define DR_SERVE_PAGE_H

#include "base/embedded.h"

extern const dr_embedded dr_page_files[];
extern const size_t dr_page_count;

/* docs/openapi.yaml alone. */
extern const dr_embedded dr_openapi_files[];
extern const size_t dr_openapi_count;

/* The file of the page at a path ("/", "/index.html"), or NULL; and the media type of a file name. */
const dr_embedded *serve_page(const char *path);
const char *serve_page_type(const char *name);

#endif
