#!/usr/bin/env bash
# Serves a simulated project and runs the browser tests on it and on its report file.
set -u
resident=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
export RESIDENT_NOW=2026-10-02T00:00:00Z
cd "$work" || exit 1
"$resident" simulate demo --seed 1 --issues 550 --years 3 &&
  "$resident" add git demo/repository.git --project demo &&
  "$resident" add jsonl demo/project.jsonl --project demo &&
  printf 'From x Mon Sep 28 10:00:00 2026\nFrom: Nia New <nia@example.org>\nDate: Mon, 28 Sep 2026 10:00:00 +0000\nMessage-ID: <1@example.org>\nSubject: How do I build it?\n\nIt does not build here. How can I do that? <script>alert(1)</script>\n\nI wrote:\n\n```\nmake  all\n```\n\nFrom y Tue Sep 29 10:00:00 2026\nFrom: Nia New <nia@example.org>\nDate: Tue, 29 Sep 2026 10:00:00 +0000\nMessage-ID: <2@example.org>\nIn-Reply-To: <1@example.org>\nSubject: Re: How do I build it?\n\nI wrote:\n> It does not build here.\n> > <b>Never</b> did.\n\nWhich compiler? See https://example.org/build\n' >users.mbox &&
  "$resident" add mbox users.mbox --project demo &&
  "$resident" simulate second --seed 2 --issues 60 --years 2 --no-repository &&
  "$resident" add jsonl second/project.jsonl --project second &&
  python3 "$here/hostile.py" hostile &&
  "$resident" add git hostile/repository.git --project hostile &&
  "$resident" add jsonl hostile/project.jsonl --project hostile &&
  "$resident" page --project demo --output report.html || exit 1
"$resident" serve --port 0 --patience 600000 2>serve.log &
server=$!
for _ in $(seq 100); do
  address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+/' serve.log | head -n 1)
  [ -n "$address" ] && break
  sleep 0.1
done
[ -n "$address" ] || { cat serve.log; exit 1; }
node "$here/run.mjs" "$address" "$work/report.html"
