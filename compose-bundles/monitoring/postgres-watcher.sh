#!/bin/sh
# Makes the role `watcher`, which may read PostgreSQL's statistics and nothing of anybody's data.
set -eu

PGPASSWORD="$(cat /secrets/postgres-password)"
export PGPASSWORD

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --dbname postgres \
  --set password="$(cat /secrets/watcher-database-password)" <<'SQL'
SELECT 'CREATE ROLE watcher LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'watcher') \gexec
SELECT format('ALTER ROLE watcher NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', :'password') \gexec
GRANT pg_monitor TO watcher;
SQL
echo "role watcher is there"
