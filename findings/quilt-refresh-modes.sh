#!/bin/sh
# `quilt refresh` of a patch in which nothing was changed takes modes out of it: of one made by git, which adds an
# executable script, "new file mode 100755" is gone, so the same `quilt push` makes the script executable before, and
# not after; a file whose mode it changes alone is in it no more. One would guess that a refresh without an edit leaves
# a patch as it was, or says what it cannot write. A distribution's package whose patches are refreshed for a new
# release lacks the right to run its hooks and tests, and nobody touched them. Seen with quilt 0.66 (Debian 12) and GNU
# patch 2.7.6.
# Needs patch, diffutils and apt-get; installs Debian's package quilt where it is missing. Exits non-zero where it
# behaves otherwise.
set -eu
command -v quilt >/dev/null || apt-get install -y --no-install-recommends quilt >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" LC_ALL=C QUILT_PC=.pc QUILT_PATCHES=patches
printf 'quilt %s\n' "$(quilt --version)"
patch --version | head -n 1
mkdir source source/patches
cd source
echo 'exit 0' >hook
cat >patches/tool.patch <<'PATCH'
diff --git a/tool b/tool
new file mode 100755
--- /dev/null
+++ b/tool
@@ -0,0 +1,2 @@
+#!/bin/sh
+echo works
diff --git a/hook b/hook
old mode 100644
new mode 100755
PATCH
echo tool.patch >patches/series
state() { # what is there after a push
    quilt push -q >../push.log 2>&1 || { cat ../push.log; exit 1; }
    found=
    for file in tool hook; do [ ! -x $file ] || found="$found $file"; done
    printf 'executable %s:%s\n' "$1" "${found:- none}"
}
state before
before=$found
quilt refresh
quilt pop -q >../pop.log
cat patches/tool.patch
state after
[ "$before" = ' tool hook' ] && [ -z "$found" ]
