#!/usr/bin/env bash
# Resolve pyproject.toml into hashed locks that name no package index.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
options=(--quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11)

"$uv" pip compile pyproject.toml --group dev "${options[@]}" "$@" -o requirements/dev.txt
# The functions get the very versions the tests ran with.
"$uv" pip compile pyproject.toml "${options[@]}" -c requirements/dev.txt -o requirements/lambda.txt
installer="$(grep -o 'uv==[0-9.]*' pyproject.toml)"
echo "$installer" | "$uv" pip compile - "${options[@]}" --no-annotate -o requirements/bootstrap.txt
