-- Accounts beside a world's tables: emissions, employment, use of energy.

-- Of an account and year that is to be written anew.
-- name: drop
DELETE FROM account_value WHERE account = {name} AND year = {year};
DELETE FROM account_final WHERE account = {name} AND year = {year};
DELETE FROM account WHERE name = {name} AND year = {year};
DELETE FROM year_sum WHERE year = {year} AND numbers IN ('account_value.' || {name}, 'account_final.' || {name});

-- name: is_stored
SELECT 1 FROM account WHERE name = {name} AND year = {year};

-- name: units
SELECT DISTINCT unit FROM account WHERE name = {name} ORDER BY unit;

-- Sources that were written anew since, and those whose accounts are there no more.
-- name: drop_sources
DELETE FROM account_source s
WHERE rowid < (SELECT max(rowid) FROM account_source t WHERE t.id = s.id AND t.year = s.year)
    OR NOT EXISTS (SELECT 1 FROM account a WHERE a.source = s.title AND a.year = s.year);

-- name: names
SELECT name FROM account GROUP BY name ORDER BY min(rowid);

-- name: years
SELECT coalesce(string_agg(year::VARCHAR, ', ' ORDER BY year), '') FROM account WHERE name = {name};

-- name: one
SELECT unit, source FROM account WHERE name = {name} AND year = {year};

-- name: of_year
SELECT name, unit, source FROM account WHERE year = {year} ORDER BY rowid;

-- The sources of a year's accounts.
-- name: sources
SELECT id, title, publisher, licence, retrieved, url, file, sha256 FROM account_source WHERE year = {year};

-- name: of_persons
SELECT name FROM account WHERE year = {year} AND unit = 'persons' ORDER BY rowid;

-- name: licence
SELECT licence FROM account_source WHERE title = {source} AND year = {year};
