-- Product flows of any source.

-- name: years
SELECT DISTINCT year FROM ({rows}) ORDER BY year;

-- name: years_stored
SELECT count(*) FROM product_year;

-- name: is_stored
SELECT 1 FROM product_year WHERE year = {year};

-- name: drop_sum
DELETE FROM year_sum WHERE year = {year} AND numbers = 'product_flow';

-- name: drop_year
DELETE FROM product_flow WHERE year = {year};
DELETE FROM product_source WHERE year = {year};
DELETE FROM product_finding WHERE year = {year};
DELETE FROM product_year WHERE year = {year};

-- The flows of the years in this import.
-- name: show_new
CREATE OR REPLACE TEMP VIEW product_flow_new AS SELECT * FROM product_flow WHERE year IN ({years});

-- name: create_places
CREATE OR REPLACE TEMP TABLE product_place (code VARCHAR, id USMALLINT);
CREATE OR REPLACE TEMP TABLE product_code AS {codes};

-- name: codes
SELECT * FROM product_code ORDER BY 1;

-- name: place_codes
SELECT code FROM product_place;

-- The numbers of economies that have no code in the world yet.
-- name: find_ids
CREATE OR REPLACE TEMP TABLE product_id AS
SELECT id
FROM (SELECT exporter AS id FROM product_flow_new UNION SELECT importer FROM product_flow_new)
WHERE id NOT IN (SELECT id FROM product_region)
ORDER BY id;

-- name: ids
SELECT id::INTEGER FROM product_id;

-- name: stored_ids
SELECT id, code FROM product_region WHERE id >= {first} ORDER BY id;

-- name: sums
SELECT
    count(*)::DOUBLE,
    sum(value),
    count(*) FILTER (quantity IS NULL)::DOUBLE,
    count(*) FILTER (value <= 0)::DOUBLE,
    count(*) FILTER (exporter = importer)::DOUBLE
FROM product_flow
WHERE year = {year};

-- name: insert_year
INSERT INTO product_year VALUES ({year}, {classification}, {unit}, 'tonnes', {whole});

-- name: other_classifications
SELECT DISTINCT classification FROM product_year WHERE classification <> {classification} ORDER BY 1;

-- name: flows_of_years
SELECT year, count(*) FROM product_flow_new GROUP BY year;

-- name: rows_of_year
SELECT * FROM ({rows}) WHERE left({period}::VARCHAR, 4) = '{year}';

-- name: any
SELECT 1 FROM ({rows}) LIMIT 1;

-- Names of products, which go in the place of those that the world has for the same code.
-- name: create_names
CREATE OR REPLACE TEMP TABLE product_name_new (classification VARCHAR, product VARCHAR, name VARCHAR);

-- name: insert_names
DELETE FROM product_name o
USING product_name_new n
WHERE n.classification = o.classification AND n.product = o.product;
INSERT INTO product_name SELECT * FROM product_name_new ORDER BY ALL;

-- name: drop_sectors
DELETE FROM product_sector;

-- Which years the rows are of, and whether they are of a part of one (a month).
-- name: add_periods
CREATE TEMP TABLE IF NOT EXISTS product_period (year INTEGER, part BOOLEAN);
INSERT INTO product_period SELECT DISTINCT * FROM ({rows});

-- A year of which there are months as well as the whole.
-- name: mixed_year
SELECT min(year)
FROM (SELECT year FROM product_period GROUP BY year HAVING bool_or(part) AND NOT bool_and(part));

-- Codes that are totals over other products of the table: TOTAL where there are others, and codes of digits that longer
-- ones begin with; with {longest} digits (0: any number of them) every shorter code. Chapters, headings and subheadings of the Harmonized
-- System have 2, 4 and 6 digits.
-- name: find_subtotals
CREATE OR REPLACE TEMP TABLE product_known AS SELECT DISTINCT product FROM {table};
CREATE OR REPLACE TEMP TABLE product_longer AS
SELECT DISTINCT left(product, n) AS product
FROM product_known, range(1, 12) r(n)
WHERE length(product) > n
    AND regexp_full_match(product, '[0-9].*')
    AND upper(product) <> 'TOTAL';
CREATE OR REPLACE TEMP TABLE product_subtotal AS
SELECT product
FROM product_known
WHERE (upper(product) = 'TOTAL' AND EXISTS (FROM product_known WHERE upper(product) <> 'TOTAL'))
    OR (
        regexp_full_match(product, '[0-9]+')
        AND (
            product IN (SELECT product FROM product_longer)
            OR (
                {longest} > 0
                AND length(product) < {longest}
                AND (SELECT max(length(product)) FROM product_known WHERE upper(product) <> 'TOTAL') = {longest}
            )
        )
    );

-- name: count_subtotals
SELECT coalesce(sum({rows}), 0) FROM {table} WHERE product IN (SELECT product FROM product_subtotal);

-- name: drop_subtotals
DELETE FROM {table} WHERE product IN (SELECT product FROM product_subtotal);
