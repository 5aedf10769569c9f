#!/bin/sh
# PostgreSQL's image runs this once, while its data volume is still empty. Temporal and the program get a role each and
# can't reach the other's databases: who can read histories can't read the applicants' personal data.
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv mente_password MENTE_DB_PASSWORD

create role temporal login password :'temporal_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke connect, temporary on database temporal, temporal_visibility from public;

create role mente login password :'mente_password';
create database mente owner mente;
revoke connect, temporary on database mente from public;
SQL
