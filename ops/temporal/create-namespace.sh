#!/bin/sh
# Makes sure that the namespace exists and can be used: a frontend learns of a new one only after a few seconds, and a
# worker that came earlier would be refused. Address and name come from TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.
set -eu

retention=30d # how long a closed case's history stays readable; the case itself stays in our own database
attempts=60

exists() { temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE"; }
create() { temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"; }
usable() { temporal workflow count --namespace "$TEMPORAL_NAMESPACE"; }

until { exists || create; } >/dev/null 2>&1 && usable >/dev/null 2>&1; do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then
    echo "The namespace $TEMPORAL_NAMESPACE can't be made ready at $TEMPORAL_ADDRESS:" >&2
    exists || create && usable
    exit 1
  fi
  sleep 1
done
echo "The namespace $TEMPORAL_NAMESPACE is ready."
