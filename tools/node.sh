#!/bin/sh
# sh tools/node.sh PYTHON VENV COMMAND …: run a command with node and what package-lock.json says installed. Without a node of 20.19 or
# later on PATH, one is installed from PyPI into VENV (requirements-node.lock). Only the scripts of the map need it: to check, test and
# bundle them. Where there is no node and none can be had, that is said, and nothing is checked, but in CI that is a failure.
set -u
python=$1 venv=$2; shift 2

usable() {
    command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

if ! usable; then
    PATH=$PWD/$venv/bin:$PATH
    usable || "$python" tools/set_up.py "$venv" requirements-node.lock
fi
if ! usable; then
    echo "The scripts of the map are not checked: no node of 20.19 or later, nor npm, and neither can be installed here." >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
fi
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || { rm -f node_modules/.package-lock.json; exit 1; }
fi
exec "$@"
