/* The files of the page in the browser, as Vite builds them from web/, named as under its folder ("index.html"). */
#ifndef DR_SERVE_PAGE_H
#define DR_SERVE_PAGE_H

#include "base/embedded.h"

extern const dr_embedded dr_page_files[];
extern const size_t dr_page_count;

/* docs/openapi.yaml, the only one. */
extern const dr_embedded dr_openapi_files[];
extern const size_t dr_openapi_count;

#endif
