#!/bin/sh
# In Mercurial the release is never the version that is checked out: `hg tag v1.0` writes .hgtags and commits it, so
# right after it the tip is {latesttag}+{latesttagdistance} "v1.0+1", a commit more than was released. The release
# itself, `hg update v1.0` or `hg archive -r v1.0`, has no .hgtags that names it; a clone of it alone (`hg clone -r
# v1.0`) has no tag v1.0, and calls the very same commit v0.9+2, by the release before. One would guess that a tag is a
# mark on a commit, as in git, where `git describe` of the tip is v1.0 then. Builds that are made right after tagging
# bear a wrong number. Seen with Mercurial 6.3.2 (Debian 12).
# Needs apt-get; installs Debian's package mercurial where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v hg >/dev/null || apt-get install -y --no-install-recommends mercurial >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HGRCPATH=/dev/null HGUSER='Ada <ada@example.org>' HGPLAIN=1 TZ=UTC LC_ALL=C
hg --version -q
hg init repository
cd repository
echo one >file
hg commit -qAm one
hg tag v0.9
echo two >file
hg commit -qm two
hg tag v1.0
version() { hg log -R "$1" -r "$2" -T '{latesttag}+{latesttagdistance}'; }
cd ..
hg clone -q -r v1.0 repository released
printf 'the tip, right after the release: %s\n' "$(version repository tip)"
printf 'the released commit: %s\n' "$(version repository v1.0)"
printf 'the released commit, in a clone of it: %s, tags there: %s\n' "$(version released tip)" "$(hg tags -R released -q | tr '\n' ' ')"
hg archive -R repository -r v1.0 archive
printf '.hgtags of the archive of v1.0: %s\n' "$(cut -d ' ' -f 2 archive/.hgtags | tr '\n' ' ')"
[ "$(version repository tip)" = v1.0+1 ]
[ "$(version repository v1.0)" = v1.0+0 ]
[ "$(version released tip)" = v0.9+2 ]
if hg tags -R released -q | grep -q v1.0; then exit 1; fi
[ "$(hg log -R released -r tip -T '{node}')" = "$(hg log -R repository -r v1.0 -T '{node}')" ]
