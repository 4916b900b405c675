#!/bin/sh
# Makes a database and a role of the same name for each argument: `databases.sh NAME...`. The role
# owns its database and nothing else; its password stands in /secrets/NAME-database-password. Where
# there is a /secrets/NAME-reader-password, a role NAME_reader may read what it keeps there.
set -eu

PGPASSWORD="$(cat /secrets/postgres-password)"
export PGPASSWORD

as_superuser() {
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 "$@"
}

for name in "$@"; do
  as_superuser --dbname postgres --set name="$name" \
    --set password="$(cat "/secrets/$name-database-password")" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', :'name', :'password') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'name') \gexec
SQL
  echo "database $name is there"

  if [ -e "/secrets/$name-reader-password" ]; then
    as_superuser --dbname "$name" --set name="$name" --set reader="${name}_reader" \
      --set password="$(cat "/secrets/$name-reader-password")" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'reader')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'reader') \gexec
SELECT format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', :'reader', :'password') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', :'name', :'reader') \gexec
SELECT format('GRANT USAGE ON SCHEMA public TO %I', :'reader') \gexec
SELECT format('GRANT SELECT ON ALL TABLES IN SCHEMA public TO %I', :'reader') \gexec
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT SELECT ON TABLES TO %I', :'name', :'reader') \gexec
SQL
    echo "role ${name}_reader is there"
  fi
done
