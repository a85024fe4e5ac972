#!/bin/sh
# sh tools/find-browsers.sh PYTHON chromium [firefox]: find what the tests of the map need beside the libraries of PYTHON, namely these
# browsers, a font with Chinese, and what Playwright's own node is linked against; or install Debian's, as root. What is missing after
# that is named before the first test, and the tests that need it are skipped, except in CI, where they fail.
set -u
python=$1; shift

wanted() {  # the packages that are missing, on one line
    for browser in "$@"; do
        case $browser in
            chromium) names="chromium chromium-browser google-chrome"; package=chromium ;;
            firefox) names="firefox-esr firefox"; package=firefox-esr ;;
            *) echo "no such browser: $browser" >&2; exit 2 ;;
        esac
        found=
        for name in $names; do
            if command -v "$name" >/dev/null; then found=yes; break; fi
        done
        if [ -z "$found" ]; then printf ' %s' "$package"; fi
    done
    if [ -z "$(find -L /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" -iname '*cjk*' 2>/dev/null | head -n 1)" ]; then
        printf ' fonts-noto-cjk'
    fi
    if ! "$python" -m playwright --version >/dev/null 2>&1; then printf ' libatomic1'; fi
}

missing=$(wanted "$@") || exit 2
if [ -z "$missing" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Debian's$missing for the tests of the map …"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    missing=$(wanted "$@")
    if [ -z "$missing" ]; then exit 0; fi
fi
echo "Missing here:$missing. The tests that need it are skipped. To run them too: sudo apt-get install$missing" >&2
if [ "$missing" != "${missing% libatomic1}" ]; then "$python" -m playwright --version 2>&1 | tail -n 2 >&2; fi
exit 0
