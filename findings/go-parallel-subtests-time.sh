#!/bin/sh
# In `go test -json` a test takes no time while its parallel subtests run: a test whose two subtests sleep 0.3 s each has
# Elapsed 0; where they are not parallel it has their sum. One would guess that a whole takes no less than its longest
# part. A list of the slowest tests, or shards cut by the times of top-level tests, take the slowest (those that were worth
# being made parallel) for free. Seen with go 1.19 (Debian 12).
# Needs go, or apt-get and some 350 MB of disk: then it unpacks Debian's golang-1.19, and installs nothing. Exits non-zero
# where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
if ! command -v go >/dev/null; then
    echo 'APT::Sandbox::User "root";' >apt.conf
    APT_CONFIG="$folder/apt.conf" apt-get download golang-1.19-go golang-1.19-src >apt.log 2>&1 || { cat apt.log; exit 1; }
    for file in *.deb; do dpkg -x "$file" root; done
    export GOROOT="$folder/root/usr/lib/go-1.19"
    export PATH="$GOROOT/bin:$PATH"
fi
export GOFLAGS=-mod=mod GOCACHE="$folder/cache" GOPROXY=off CGO_ENABLED=0
go version
printf 'module example.org/times\n\ngo 1.19\n' >go.mod
cat >times_test.go <<'GO'
package times

import (
	"testing"
	"time"
)

func TestParallel(t *testing.T) {
	for _, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			time.Sleep(300 * time.Millisecond)
		})
	}
}

func TestInTurn(t *testing.T) {
	t.Run("only", func(t *testing.T) { time.Sleep(300 * time.Millisecond) })
}
GO
go test -json . >events.json
python3 - <<'PYTHON'
import json, sys
elapsed = {}
for line in open("events.json"):
    event = json.loads(line)
    if event["Action"] == "pass" and "Test" in event:
        elapsed[event["Test"]] = event["Elapsed"]
for name, seconds in sorted(elapsed.items()):
    print(f"{name:22} {seconds} s")
sys.exit(not (elapsed["TestParallel"] < 0.1 < 0.3 <= elapsed["TestParallel/first"] and elapsed["TestInTurn"] >= 0.3))
PYTHON
