#!/usr/bin/env bash
# A Chromium for browser tests and measurements. The site itself needs none.
set -euo pipefail
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium and a Chinese font for the browser tests"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
else
    echo "The browser tests need Chromium. Run once: sudo apt-get install chromium fonts-noto-cjk"
    exit 1
fi
