#!/bin/sh
# Runs once in the postgres container: a database for each service, each with a role of its own.
set -eu
for service in identity document contract registry; do
  password=$(printenv "$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD")
  psql -v ON_ERROR_STOP=1 -v service="$service" -v password="$password" -U postgres <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
