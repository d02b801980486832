#!/usr/bin/env bash
# Puts everything of a release into a folder: package, generated templates, checksums. The output is there already.
set -euo pipefail
folder=$1
mkdir -p "$folder"
npm pack --ignore-scripts --pack-destination "$folder" > /dev/null
# The same input gives the same bytes: no time, no user, sorted names.
tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner out | gzip --no-name > "$folder/templates.tar.gz"
cd "$folder"
sha256sum -- *.tgz *.tar.gz > SHA256SUMS
