#!/bin/sh
# Brings both of Temporal's databases to the schema of this admin-tools version; what is already there stays as it is,
# so it runs at every start and is also the schema's half of an upgrade.
# The connection comes from SQL_PLUGIN, SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD.
set -eu

bring_up_to_date() { # database, schema
  temporal-sql-tool --db "$1" setup-schema --version 0.0
  temporal-sql-tool --db "$1" update-schema --schema-name "postgresql/v12/$2"
}

bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
