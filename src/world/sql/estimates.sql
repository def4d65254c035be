-- Stored estimates of gravity, and sets of trade elasticities.

-- name: is_taken
SELECT 1 FROM {table} WHERE name = {name};

-- name: insert
INSERT INTO {table} BY NAME
SELECT {name} AS name, *, date_trunc('second', now()::TIMESTAMP) AS stored FROM incoming;
DROP TABLE incoming;

-- name: insert_part
INSERT INTO {table} BY NAME
SELECT {name} AS name, * FROM incoming;
DROP TABLE incoming;

-- name: covariances
SELECT name, variable, other, covariance FROM estimate_covariance;

-- name: names
SELECT DISTINCT name FROM estimate ORDER BY name;

-- name: fits
SELECT level, estimator, errors, observations, clusters, freedom, pseudo_r2, log_likelihood
FROM estimate_fit
WHERE name = {name}
ORDER BY rowid;

-- name: coefficients
SELECT variable, coefficient, standard_error, observations, formula, flows
FROM estimate
WHERE name = {name}
ORDER BY rowid;

-- name: rows
SELECT name, {of}, {value}, standard_error FROM {table};
