#!/bin/sh
# Makes a database and a role of the same name for each argument: `databases.sh NAME...`. The role
# owns its database and nothing else; its password stands in /secrets/NAME-database-password.
set -eu

PGPASSWORD="$(cat /secrets/postgres-password)"
export PGPASSWORD

for name in "$@"; do
  password="$(cat "/secrets/$name-database-password")"
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --dbname postgres \
    --set name="$name" --set password="$password" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', :'name', :'password') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'name') \gexec
SQL
  echo "database $name is there"
done
