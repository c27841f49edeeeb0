# A repository whose commit 11 of 16 breaks `state`; commit 6 cannot be tested. Also the commands that are run in it.
set -eu
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 TZ=UTC
export GIT_AUTHOR_NAME="Ada Example" GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME="Ada Example" GIT_COMMITTER_EMAIL=ada@example.org
git init --quiet --template= --initial-branch=main noisy
cd noisy
for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
  [ "$i" -ge 11 ] && echo bad >state || echo good >state
  [ "$i" = 6 ] && echo broken >build || echo ok >build
  echo "$i" >number
  git add .
  GIT_AUTHOR_DATE="2024-01-01T00:00:$i+0000" GIT_COMMITTER_DATE="2024-01-01T00:00:$i+0000" git commit --quiet -m "Change $i"
  [ "$i" = 0 ] && git tag start
  [ "$i" = 10 ] && git tag before
done
cd ..
# Fails on each fifth run where it is good, passes on each fifth where it is bad: counted over all runs.
cat >flaky.sh <<'END'
grep -q broken build && exit 125
n=$(cat "$COUNT" 2>/dev/null || echo 0); n=$((n + 1)); echo $n >"$COUNT"
[ $((n % 5)) = 0 ] && turned=1 || turned=0
grep -q good state && exit $turned
exit $((1 - turned))
END
# A number that is 8 % higher from commit 11 on, and varies by 2 %.
cat >benchmark.sh <<'END'
grep -q broken build && exit 1
n=$(cat "$COUNT" 2>/dev/null || echo 0); n=$((n + 1)); echo $n >"$COUNT"
grep -q good state && level=1000 || level=1080
echo "took $((level + n * 7 % 20)) ms"
END
