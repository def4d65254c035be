-- Tariffs beside inter-country tables.

-- Of a year that is to be written anew.
-- name: drop
DELETE FROM tariff WHERE year = {year};
DELETE FROM year_sum WHERE year = {year} AND numbers = 'tariff';

-- Of sources that were written anew, and of findings that were made again, the last ones stay.
-- name: keep_last
DELETE FROM tariff_source s
WHERE rowid < (SELECT max(rowid) FROM tariff_source t WHERE t.id = s.id AND t.year = s.year);
DELETE FROM tariff_finding WHERE rowid NOT IN (SELECT max(rowid) FROM tariff_finding GROUP BY year, subject, place, found);

-- The sources of a year's tariffs.
-- name: sources
SELECT id, title, publisher, licence, retrieved, url, file, sha256 FROM tariff_source WHERE year = {year};
