-- Physical imports of energy. The table energy_report holds the rows of a file.

-- Months add up to years; how many there were is kept.
-- name: read
CREATE OR REPLACE TEMP TABLE energy_report AS
SELECT
    TRY_CAST(left(period, 4) AS INTEGER) AS year,
    importer,
    partner,
    fuel,
    coalesce(unit, '') AS unit,
    sum(value) AS value,
    CASE WHEN max(length(period)) > 4 THEN count(DISTINCT period) ELSE 12 END AS months,
    count(*) FILTER (
        importer IS NULL OR partner IS NULL OR fuel IS NULL OR period IS NULL OR isnan(value) OR isinf(value)
    ) AS wrong
FROM ({rows})
GROUP BY year, importer, partner, fuel, unit
HAVING count(value) > 0 OR wrong > 0;

-- name: wrong
SELECT coalesce(sum(wrong), 0) + count(*) FILTER (year IS NULL) FROM energy_report;

-- name: first_year
SELECT coalesce(min(year), 0) FROM energy_report;

-- name: last_year
SELECT max(year) FROM energy_report;

-- name: rows
SELECT count(*) FROM energy_report;

-- name: negative
SELECT count(*) FROM energy_report WHERE value < 0;

-- name: short_years
SELECT count(*) FROM (SELECT year, fuel, unit FROM energy_report GROUP BY ALL HAVING max(months) < 12);

-- name: places
SELECT code, count(*)
FROM (
    SELECT importer AS code FROM energy_report
    UNION ALL
    SELECT partner FROM energy_report WHERE upper(partner) <> 'TOTAL'
)
GROUP BY code;

-- Every name in the rows, to be followed by the ISO code for it; a total of all partners is TOTAL.
-- name: create_places
CREATE OR REPLACE TEMP TABLE energy_place (code VARCHAR, name VARCHAR);
INSERT INTO energy_place SELECT DISTINCT partner, 'TOTAL' FROM energy_report WHERE upper(partner) = 'TOTAL';

-- name: insert
DELETE FROM energy_flow WHERE (year, fuel, unit) IN (SELECT DISTINCT year, fuel, unit FROM energy_report);
INSERT INTO energy_flow
SELECT year, n.name, p.name, fuel, unit, sum(value), max(months)
FROM energy_report
JOIN energy_place n ON n.code = importer
JOIN energy_place p ON p.code = partner
GROUP BY ALL
ORDER BY ALL;
