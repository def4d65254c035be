-- What a world holds, as rows of the table of dr_world_info: what it is, its name, its title, a detail.

-- name: years_icio
WITH o AS (SELECT year, sum(value) AS output FROM output GROUP BY year),
    v AS (SELECT year, sum(value) AS value_added FROM value_added GROUP BY year),
    f AS (
        SELECT year, sum(value) AS final, sum(value) FILTER (origin <> destination) AS abroad
        FROM final GROUP BY year
    ),
    i AS (SELECT year, sum(value) FILTER (origin <> destination) AS abroad FROM intermediate GROUP BY year),
    assumed AS (SELECT DISTINCT year FROM finding WHERE subject = 'unit' AND done LIKE 'assumed%')
SELECT
    'year',
    y.year::VARCHAR,
    y.unit || CASE WHEN y.year IN (SELECT year FROM assumed) THEN ' (assumed)' ELSE '' END,
    format(
        'output {:,}, value added {:,}, final use {:,}, trade between regions {:,}',
        coalesce(o.output, 0)::HUGEINT,
        coalesce(v.value_added, 0)::HUGEINT,
        coalesce(f.final, 0)::HUGEINT,
        (coalesce(f.abroad, 0) + coalesce(i.abroad, 0))::HUGEINT
    )
FROM year y
LEFT JOIN o USING (year)
LEFT JOIN v USING (year)
LEFT JOIN f USING (year)
LEFT JOIN i USING (year)
ORDER BY y.year;

-- name: years_long
WITH v AS (SELECT year, sum(value) AS value_added FROM value_added GROUP BY year),
    f AS (SELECT year, sum(value) AS final FROM final_demand GROUP BY year),
    t AS (
        SELECT year, sum(value) AS sales, sum(value) FILTER (exporter <> importer) AS abroad
        FROM flow GROUP BY year
    )
SELECT
    'year',
    y.year::VARCHAR,
    y.unit,
    CASE
        WHEN coalesce(f.final, 0) = 0 THEN format(
            'trade flows only: sales {:,}, trade between regions {:,}',
            coalesce(t.sales, 0)::HUGEINT,
            coalesce(t.abroad, 0)::HUGEINT
        )
        ELSE format(
            'sales {:,}, value added {:,}, final use {:,}, trade between regions {:,}',
            coalesce(t.sales, 0)::HUGEINT,
            coalesce(v.value_added, 0)::HUGEINT,
            coalesce(f.final, 0)::HUGEINT,
            coalesce(t.abroad, 0)::HUGEINT
        )
    END
FROM year y
LEFT JOIN v USING (year)
LEFT JOIN f USING (year)
LEFT JOIN t USING (year)
ORDER BY y.year;

-- name: regions
SELECT
    'region',
    code::VARCHAR,
    name,
    CASE
        WHEN parts = '' THEN 'no country of its own'
        WHEN parts = code::VARCHAR THEN ''
        ELSE replace(parts, '|', ' ')
    END
FROM region
ORDER BY code;

-- name: sectors
SELECT
    'sector',
    code::VARCHAR,
    name,
    concat_ws('; ', nullif(slug, ''), nullif(kind, ''), 'ISIC Rev. 3 ' || nullif(isic_rev3, ''))
FROM sector
ORDER BY code;

-- name: uses
SELECT 'final use', code::VARCHAR, '', '' FROM final_use ORDER BY code;

-- How many members of each group are in the world in its last year.
-- name: groups
WITH last AS (SELECT max(year) AS year FROM year),
    all_of AS (
        SELECT m.group_code, count(DISTINCT m.iso3) AS n
        FROM group_member m, last
        WHERE m.since <= make_date(last.year, 7, 1)
            AND (m.until IS NULL OR m.until >= make_date(last.year, 7, 1))
        GROUP BY ALL
    ),
    here AS (
        SELECT
            m.group_code,
            count(DISTINCT p.iso3) AS n,
            string_agg(DISTINCT m.region::VARCHAR, ' ' ORDER BY m.region::VARCHAR) AS regions
        FROM membership m
        JOIN last USING (year)
        JOIN region_part p ON p.region = m.region
        GROUP BY ALL
    )
SELECT
    'group',
    g.code,
    g.name,
    format('{} of {} members are in this world in {}', coalesce(h.n, 0), coalesce(a.n, 0), last.year)
        || coalesce(': ' || h.regions, '')
FROM last, region_group g
LEFT JOIN all_of a ON a.group_code = g.code
LEFT JOIN here h ON h.group_code = g.code
ORDER BY g.code;

-- Which of the world's countries joined and left groups within its years.
-- name: changes
WITH span AS (SELECT make_date(min(year), 1, 1) AS a, make_date(max(year), 12, 31) AS z FROM year),
    change AS (
        SELECT group_code, 'joined' AS what, since AS day, iso3 FROM group_member
        UNION ALL
        SELECT group_code, 'left after', until, iso3 FROM group_member WHERE until IS NOT NULL
    )
SELECT
    'group change',
    c.group_code,
    c.what || ' ' || c.day::VARCHAR,
    string_agg(DISTINCT p.region::VARCHAR, ' ' ORDER BY p.region::VARCHAR)
FROM change c
JOIN region_part p ON p.iso3 = c.iso3, span
WHERE c.day BETWEEN span.a AND span.z
GROUP BY c.group_code, c.what, c.day
ORDER BY c.group_code, c.day, c.what;

-- The sources of the years, and of the groups those that are about countries of this world.
-- name: sources
SELECT
    'source',
    s.id,
    s.title,
    concat_ws(
        '; ',
        nullif(s.publisher, ''),
        nullif(s.licence, ''),
        'year ' || s.year::VARCHAR,
        'retrieved ' || nullif(s.retrieved, ''),
        'SHA-256 ' || left(s.sha256, 16)
    )
FROM source s
WHERE s.year IS NOT NULL
    OR s.id IN (
        SELECT source_id FROM region_group
        UNION
        SELECT m.source_id FROM group_member m JOIN region_part p USING (iso3)
    )
ORDER BY s.year NULLS LAST, s.id;

-- name: checks
SELECT 'check', year::VARCHAR, concat_ws(': ', subject, nullif(place, '')), found || '; ' || done
FROM finding
WHERE subject <> 'shape' AND done NOT LIKE 'nothing%'
ORDER BY ALL;

-- name: runs
SELECT 'run', name, title, 'stored ' || stored::VARCHAR FROM run ORDER BY stored, name;

-- name: estimates
SELECT
    'estimate',
    name,
    any_value(formula),
    string_agg(format('{} {:.4f} ({:.4f})', variable, coefficient, standard_error), '; ')
        || '; stored ' || max(stored)::VARCHAR
FROM estimate
GROUP BY name
ORDER BY name;

-- name: elasticities
SELECT
    'elasticities',
    name,
    any_value(method),
    format('{} sectors, from {}; stored {}', count(*), any_value(flows), max(stored)::VARCHAR)
FROM elasticity
GROUP BY name
ORDER BY name;

-- name: product_years
SELECT
    'product flows',
    y.year::VARCHAR,
    y.unit,
    format(
        '{:,} flows of {:,} products between {:,} economies, in all {:,}; {}{}',
        count(*),
        count(DISTINCT f.product),
        (
            SELECT count(DISTINCT id) FROM (
                SELECT exporter AS id FROM product_flow g WHERE g.year = y.year
                UNION
                SELECT importer FROM product_flow g WHERE g.year = y.year
            )
        ),
        sum(f.value)::HUGEINT,
        y.classification,
        CASE WHEN y.whole THEN '' ELSE '; as some economies report them' END
    )
FROM product_year y
JOIN product_flow f ON f.year = y.year
GROUP BY y.year, y.unit, y.classification, y.whole
ORDER BY y.year;

-- name: accounts
WITH v AS (
        SELECT account, year, sum(value) AS value, count(DISTINCT region) AS regions
        FROM account_value GROUP BY ALL
    ),
    f AS (SELECT account, year, sum(value) AS value FROM account_final GROUP BY ALL)
SELECT
    'account',
    a.name,
    a.year::VARCHAR,
    format(
        '{:.6g} {} of the sectors of {} regions{}; {}',
        coalesce(v.value, 0),
        a.unit,
        coalesce(v.regions, 0),
        coalesce(format(', {:.6g} of final use', f.value), ''),
        a.source
    )
FROM account a
LEFT JOIN v ON v.account = a.name AND v.year = a.year
LEFT JOIN f ON f.account = a.name AND f.year = a.year
ORDER BY a.name, a.year;

-- name: tariffs
SELECT
    'tariffs',
    year::VARCHAR,
    format('{} importers', count(DISTINCT importer)),
    format(
        '{} rates above zero of {}; the highest {:.2f}%',
        count(*) FILTER (WHERE rate > 0),
        count(*),
        100 * max(rate)
    )
FROM tariff
GROUP BY year
ORDER BY year;

-- name: beside_sources
SELECT
    'source',
    s.id,
    s.title,
    concat_ws(
        '; ',
        nullif(s.publisher, ''),
        nullif(s.licence, ''),
        {kind} || ', year ' || s.year::VARCHAR,
        'retrieved ' || nullif(s.retrieved, ''),
        'SHA-256 ' || left(s.sha256, 16)
    )
FROM {sources} s
ORDER BY s.year, s.id;

-- name: beside_checks
SELECT 'check', year::VARCHAR, concat_ws(': ', subject, nullif(place, '')), found || '; ' || done
FROM {findings}
WHERE subject <> {subject} AND done NOT LIKE 'nothing%'
ORDER BY ALL;
