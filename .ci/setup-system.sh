#!/usr/bin/env bash
# Installs what the tests need beside npm packages. It can be run again at any time.
#   njs              JavaScript engine nearest to that of CloudFront Functions; runs the edge functions
#   valgrind         counts the instructions of an edge function, for its budget
#   chromium         plays through the local edge and looks at the demo page
#   ffmpeg           decodes the test stream, and made it (with the DejaVu fonts: generator/local/media/make.sh)
#   golang, openssl  run the issuers of docs/examples (python3 too, which comes with python3-venv)
#   python3-venv     for .venv, which holds cfn-lint, ministack, PyYAML and zizmor (test/requirements.txt)
#   actionlint       checks the workflows; built by Go into .venv/bin
set -euo pipefail
cd "$(dirname "$0")/.."

# `command -v` would not see python3-venv: ask the package manager.
wanted=(njs valgrind openssl python3-venv chromium ffmpeg fonts-dejavu-core)
# A Go that did not come as a package is as good.
command -v go >/dev/null || wanted+=(golang-go)
missing=()
for package in "${wanted[@]}"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done

if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing with apt: ${missing[*]}"
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
else
  echo "njs, valgrind, Go, openssl, python3-venv, Chromium and ffmpeg are installed."
fi

echo "Installing Python tools into .venv"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement test/requirements.txt
.venv/bin/cfn-lint --version
.venv/bin/python -m pip show ministack 2>/dev/null | sed -n 's/^Version:/ministack/p'

echo "Installing actionlint into .venv/bin"
GOBIN="$PWD/.venv/bin" go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.7
.venv/bin/actionlint -version
