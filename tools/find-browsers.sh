#!/bin/sh
# sh tools/find-browsers.sh chromium [firefox]: find these browsers for the tests, or install Debian's. Without one its tests are
# skipped, except in CI, where they fail.
set -eu
missing=
for browser in "$@"; do
    case $browser in
        chromium) names="chromium chromium-browser google-chrome"; package=chromium ;;
        firefox) names="firefox-esr firefox"; package=firefox-esr ;;
        *) echo "no such browser: $browser" >&2; exit 2 ;;
    esac
    found=
    for name in $names; do
        if command -v "$name" >/dev/null; then found=$name; break; fi
    done
    if [ -z "$found" ]; then missing="$missing $package"; fi
done
if [ -z "$missing" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Debian's$missing for the browser tests …"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fonts-noto-cjk >/dev/null && exit 0
fi
echo "A browser is missing here, so its tests are skipped. To run them: apt-get install$missing fonts-noto-cjk" >&2
