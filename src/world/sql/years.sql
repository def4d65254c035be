-- Years of a world, and what is said of them.

-- name: years
SELECT year FROM year ORDER BY year;

-- name: is_stored
SELECT 1 FROM year WHERE year = {year};

-- name: unit
SELECT unit FROM year WHERE year = {year};

-- name: titles
SELECT coalesce(string_agg(DISTINCT title, '; ' ORDER BY title), '') FROM source WHERE year = {year};

-- name: licences
SELECT coalesce(string_agg(DISTINCT licence, '; ' ORDER BY licence), '') FROM source WHERE year = {year};

-- name: sources
SELECT id, title, publisher, licence, retrieved, url, file, sha256 FROM source WHERE year = {year};

-- name: has_rows
SELECT 1 FROM {table} WHERE year = {year} LIMIT 1;

-- The factors or accounts of a year.
-- name: items
SELECT {item} FROM {table} WHERE year = {year} GROUP BY {item} ORDER BY min(rowid);

-- The cells of a table in a year, of one factor or account, and of some sellers or buyers only: {conditions} has these after AND.
-- name: cells
SELECT {columns} FROM {table} WHERE year = {year} {conditions};

-- name: of_item
AND {column} = {item};

-- DuckDB looks for what is joined by AND while it reads, if the codes are of the column's own type.
-- name: of_regions
AND {column} IN ({codes});

-- name: region_code
{code}::region_code;

-- name: sums
SELECT origin, destination, cells, total, mixed FROM year_sum WHERE year = {year} AND numbers = {numbers};

-- name: drop_cells
DELETE FROM {table} WHERE year = {year};

-- Those of tables; product flows, accounts and tariffs are there beside them.
-- name: drop_sums
DELETE FROM year_sum
WHERE year = {year} AND numbers NOT IN ('product_flow', 'tariff') AND NOT starts_with(numbers, 'account_');

-- name: drop
DELETE FROM source WHERE year = {year};
DELETE FROM finding WHERE year = {year};
DELETE FROM year WHERE year = {year};
