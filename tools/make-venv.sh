#!/bin/sh
# Make a virtual environment with pip in it: sh tools/make-venv.sh PYTHON VENV
#
# Debian splits venv and pip off its python3. Without them, root gets them from Debian's packages; anybody else
# takes pip out of Debian's package python3-pip-whl, which can be downloaded and unpacked without being root.
set -eu
python=$1 venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "This needs Python 3.11 or later; $python is $("$python" --version 2>&1). Pass another: make PYTHON=…" >&2
    exit 1
}
rm -rf "$venv"
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    exec "$python" -m venv "$venv"
fi
if [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    exec "$python" -m venv "$venv"
fi
"$python" -m venv --without-pip "$venv"
if "$python" -m pip --version >/dev/null 2>&1; then
    exec "$python" -m pip --python "$venv/bin/python" install --quiet pip
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if (cd "$scratch" && apt-get download -qq python3-pip-whl && dpkg-deb -x python3-pip-whl_*.deb .); then
    wheel=$(find "$scratch" -name 'pip-*.whl' | head -n 1)
    "$venv/bin/python" "$wheel/pip" install --quiet --no-index "$wheel"
else
    rm -rf "$venv"
    echo "python3 here has neither venv nor pip. Have it installed: apt-get install python3-venv; then run make again." >&2
    exit 1
fi
