#!/usr/bin/env bash
# Make the Python environment from the hashed lock. Called by make; needs PYTHON and VENV.
set -euo pipefail
cd "$(dirname "$0")/.."

"$PYTHON" - <<'PY' || { echo "Python 3.11 or newer is needed; '$PYTHON' is older or missing. Try: make PYTHON=python3.11"; exit 1; }
import sys
sys.exit(sys.version_info < (3, 11))
PY

if [ ! -x "$VENV/bin/python" ]; then
    echo "Creating the Python environment in $VENV"
    if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        package="$("$PYTHON" -c 'import sys; print(f"python3.{sys.version_info.minor}-venv")')"
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Installing the system package $package"
            apt-get update -qq
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
        else
            echo "Python's venv module is missing. Run once: sudo apt-get install $package"
            exit 1
        fi
    fi
    "$PYTHON" -m venv "$VENV"
fi

if ! "$VENV/bin/python" -c 'import uv' 2>/dev/null; then
    echo "Installing the installer (uv, hash-checked)"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
fi
echo "Installing the packages of requirements/dev.txt (hash-checked; a minute or two the first time)"
"$VENV/bin/uv" pip sync --quiet --compile-bytecode --require-hashes --python "$VENV/bin/python" requirements/dev.txt
