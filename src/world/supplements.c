#include "world/supplements.h"

#include <stdio.h>

#include "base/sql.h"
#include "world/world_sql.h"

dr_status dr_supplement_info(dr_table *table, const dr_world *world, const char *prefix, const char *kind,
                             const char *whole)
{
    char sources[64], findings[64];
    snprintf(sources, sizeof sources, "%s_source", prefix);
    snprintf(findings, sizeof findings, "%s_finding", prefix);
    DR_TRY(dr_sql_table(table, &world->duck, dr_world_sql.info.beside_sources,
                        DR_VALUES(dr_sql_text("kind", kind), dr_sql_name("sources", sources))));
    return dr_sql_table(table, &world->duck, dr_world_sql.info.beside_checks,
                        DR_VALUES(dr_sql_name("findings", findings), dr_sql_text("subject", whole)));
}
