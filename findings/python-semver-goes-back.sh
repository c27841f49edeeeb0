#!/bin/sh
# Python's semver makes the next pre-release of 1.2.3 the version 1.2.3-rc.1, which is older than 1.2.3 by its own compare():
# bump_prerelease() adds the suffix and counts nothing up. Of 1.2.3-alpha.4 with the token "beta" it makes alpha.5, of
# 1.2.3-rc, without a number, 1.2.3-rc again; and the patch release of 1.2.3-rc.1 is 1.2.4 by bump_patch(), so what the
# candidates were for never comes, and 1.2.3 by next_version("patch"). One would guess that a bumped version is greater and
# that a token names it, as with npm's semver: 1.2.4-rc.0, 1.2.3-beta.0, 1.2.3-rc.0, 1.2.3. Published from a script, the
# candidates are never offered to whoever has 1.2.3, and an upload of the same version again is refused. Seen with semver
# 2.10.2 (Debian 12) of Python and 7.8.6 of npm.
# Needs node, npm and apt-get; fetches the one package, installs Debian's python3-semver where it is missing. Exits non-zero
# where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import semver' 2>/dev/null || apt-get install -y --no-install-recommends python3-semver >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts semver@7.8.6 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const semver = require("semver");
console.log([
  semver.inc("1.2.3", "prerelease", "rc"), semver.inc("1.2.3-alpha.4", "prerelease", "beta"),
  semver.inc("1.2.3-rc", "prerelease"), semver.inc("1.2.3-rc.1", "patch"),
].join(" "));
JS
cat >show.py <<'PY'
import semver

print(
    semver.bump_prerelease("1.2.3"),
    semver.bump_prerelease("1.2.3-alpha.4", "beta"),
    semver.bump_prerelease("1.2.3-rc"),
    semver.bump_patch("1.2.3-rc.1"),
    semver.VersionInfo.parse("1.2.3-rc.1").next_version("patch"),
    semver.compare(semver.bump_prerelease("1.2.3"), "1.2.3"),
)
PY
/usr/bin/python3 -c 'import semver; print("semver of Python", semver.__version__)'
node -p '"semver of npm " + require("semver/package.json").version'
python=$(/usr/bin/python3 show.py)
npm=$(node show.cjs)
echo "asked for: the pre-release after 1.2.3; beta after 1.2.3-alpha.4; the one after 1.2.3-rc; patch of 1.2.3-rc.1"
echo "Python: $python (next_version; compared with 1.2.3)"
echo "npm:    $npm"
[ "$python" = '1.2.3-rc.1 1.2.3-alpha.5 1.2.3-rc 1.2.4 1.2.3 -1' ]
[ "$npm" = '1.2.4-rc.0 1.2.3-beta.0 1.2.3-rc.0 1.2.3' ]
