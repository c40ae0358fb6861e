#!/bin/sh
# Prints fresh secrets for docker-compose.yml: sh deploy/make-env.sh > .env
set -eu
umask 077
for name in POSTGRES_PASSWORD IDENTITY_DATABASE_PASSWORD DOCUMENT_DATABASE_PASSWORD \
  CONTRACT_DATABASE_PASSWORD REGISTRY_DATABASE_PASSWORD S3_ACCESS_KEY S3_SECRET_KEY DOCUMENT_CLIENT_SECRET \
  CONTRACT_CLIENT_SECRET REGISTRY_CLIENT_SECRET EDGE_CLIENT_SECRET; do
  printf '%s=%s\n' "$name" "$(openssl rand -hex 20)"
done
printf 'KEY_ENCRYPTION_KEY=%s\n' "$(openssl rand -base64 32)"
printf 'DEMO=false\n'
