# Makes the clone `history`: files that change together, a rename, a revert, a
# branch with backports and a merge. The same commits on every machine.
set -e
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=ada GIT_COMMITTER_EMAIL=ada@example.org
git init --quiet --initial-branch=main history
cd history
mkdir src
day=0
# at_next_day COMMAND…
at_next_day() {
  day=$((day + 1))
  export GIT_AUTHOR_DATE="$((1693526400 + day * 86400)) +0000" GIT_COMMITTER_DATE="$((1693526400 + day * 86400)) +0000"
  "$@" >/dev/null 2>&1
}
header=src/main.h
for step in 1 2 3 4 5 6; do
  printf 'int main() {\n  if (1) {\n    return %s;\n  }\n}\n' $step >src/main.c
  printf '#define STEP %s\n#define MAIN\n' $step >$header
  git add .
  at_next_day git commit -m "Step $step"
  if [ $step = 3 ]; then
    git mv src/main.h src/step.h
    at_next_day git commit -m "Rename the header"
    header=src/step.h
    git branch 1.0
  fi
done
echo more >README.md
git add .
at_next_day git commit -m "gh-1: Say more (#5)"
at_next_day git revert --no-edit HEAD
at_next_day git commit --allow-empty -m "Revert what nobody knows"
git checkout --quiet 1.0
GIT_COMMITTER_NAME=bea GIT_COMMITTER_EMAIL=bea@example.org at_next_day git cherry-pick -x main~2
echo 1.0 >VERSION
git add .
at_next_day git commit -m "[1.0] Step 6 (GH-7)"
git checkout --quiet main
GIT_COMMITTER_NAME=GitHub GIT_COMMITTER_EMAIL=noreply@github.com at_next_day git commit --allow-empty -m "Squashed (#8)"
git checkout --quiet -b side main
echo side >src/side.c
git add .
at_next_day git commit -m "Side"
git checkout --quiet main
GIT_COMMITTER_NAME=bea GIT_COMMITTER_EMAIL=bea@example.org at_next_day git merge --no-ff -m "Merge side" side
