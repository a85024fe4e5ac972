#!/bin/sh
# Find Chromium for the browser tests, or install Debian's. Without one those tests are skipped, except in CI, where they fail.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Debian's chromium for the browser tests …"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null && exit 0
fi
echo "No Chromium here, so the browser tests are skipped. To run them: apt-get install chromium fonts-noto-cjk" >&2
