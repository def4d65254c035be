-- Stored estimates of gravity, and sets of trade elasticities.

-- name: is_taken
SELECT 1 FROM {table} WHERE name = {name};

-- name: insert
INSERT INTO {table} BY NAME
SELECT {name} AS name, *, date_trunc('second', now()::TIMESTAMP) AS stored FROM incoming;
DROP TABLE incoming;

-- name: rows
SELECT name, {of}, {value}, standard_error FROM {table};
