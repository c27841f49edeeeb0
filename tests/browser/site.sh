#!/usr/bin/env bash
# Writes the site of a simulated project and of one with hostile names, and looks at both from the disk: nothing is served.
set -u
resident=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RESIDENT_NOW=2026-10-02T00:00:00Z
cd "$work" || exit 1
"$resident" simulate demo --seed 1 --issues 300 --years 3 &&
  "$resident" add git demo/repository.git --project demo &&
  "$resident" add jsonl demo/project.jsonl --project demo &&
  python3 "$here/hostile.py" hostile &&
  "$resident" add git hostile/repository.git --project hostile &&
  "$resident" add jsonl hostile/project.jsonl --project hostile &&
  "$resident" site site --project demo --weeks 3 --base-url https://people.example/demo/ &&
  "$resident" site hostile-site --project hostile --weeks 3 || exit 1
node "$here/site.mjs" "$work/site" "$work/hostile-site"
