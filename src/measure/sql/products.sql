-- Flows of products.

-- name: years_before
SELECT year FROM product_year WHERE year < {last} AND year > {last} - {window} ORDER BY year;

-- name: sectors
SELECT product, sector FROM product_sector;

-- name: names
SELECT product, name FROM product_name WHERE classification = {classification};

-- name: products_of_year
SELECT DISTINCT product FROM product_flow WHERE year = {year} ORDER BY product;

-- name: flows
SELECT exporter, importer, value, quantity
FROM product_trade
WHERE year = {year} AND product = {product} AND value > 0 AND exporter <> importer
ORDER BY value DESC, exporter, importer;

-- name: regions
SELECT code FROM product_region ORDER BY code;
