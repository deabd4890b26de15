#!/bin/sh
# A client that retries, with curl. Usage: client.sh URL. CA_FILE names a certificate to trust.
# --retry alone does not repeat a request after a reset: --retry-all-errors does. The answer goes to a file,
# because what a broken one has left there is overwritten by the next try.
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
curl --silent --show-error --fail --max-time 20 --retry 20 --retry-all-errors --retry-delay 1 \
    ${CA_FILE:+--cacert "$CA_FILE"} --output "$answer" "$1" && cat "$answer"
