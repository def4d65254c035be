-- A table to a file.

-- name: rows
SELECT * FROM {table};

-- name: write
COPY (SELECT * FROM world_rows()) TO {path} ({format}, USE_TMP_FILE false);
