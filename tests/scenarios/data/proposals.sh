# A repository of proposals, as Python keeps them, with the traps that real ones hold: a bulk change of folder and
# ending, a word that is mended, a branch that waited to be merged. And a clone of the product that carries two out.
set -eu
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 TZ=UTC
export GIT_AUTHOR_NAME="Ada Example" GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME="Ada Example" GIT_COMMITTER_EMAIL=ada@example.org
day() { export GIT_AUTHOR_DATE="2023-$1T10:00:00+0000" GIT_COMMITTER_DATE="2023-$1T10:00:00+0000"; }
pep() { # PATH NUMBER STATUS TITLE MORE
  printf 'PEP: %s\nTitle: %s\nAuthor: Ada Example <ada at example.org>,\n        Bo Sample\nStatus: %s\nType: Standards Track\n%bCreated: 01-Jan-2023\n\nAbstract\n========\n\nText of %s.\n' "$2" "$4" "$3" "$5" "$2" >"$1"
}
save() { git add --all . && git commit --quiet -m "$1"; }
git init --quiet --template= --initial-branch=main peps
cd peps
day 01-02; pep pep-0101.txt 101 Draft "Faster loops" "Discussions-To: https://forum.example.org/t/faster-loops/12\nPython-Version: 3.13\n"
pep pep-0102.txt 102 Draft "Shorter names" "Requires: 101\nPython-Version: 3.13\n"; save "PEPs 101 and 102"
day 02-03; pep pep-0103.txt 103 Draft "Longer names" ""; save "PEP 103: Longer names (#7)"
git checkout --quiet -b accept
day 03-01; pep pep-0101.txt 101 Accepted "Faster loops" "Discussions-To: https://forum.example.org/t/faster-loops/12\nPython-Version: 3.13\n"; save "PEP 101: Accepted"
git checkout --quiet main
day 03-05; pep pep-0103.txt 103 Withdrawal "Longer names" ""; save "PEP 103: given up"
day 03-06; pep pep-0103.txt 103 Withdrawn "Longer names" ""; save "PEP 103: the word is Withdrawn"
day 04-01; git merge --quiet --no-ff -m "Merge pull request #9 from ada/accept" accept
day 05-01; mkdir peps; for n in 101 102 103; do git mv pep-0$n.txt peps/pep-0$n.rst; done; save "All PEPs move to peps/ and are .rst"
mkdir release_management
cat >release_management/python-releases.toml <<'END'
[metadata."3.13"]
pep = 719
feature-freeze = 2024-05-08

[[release."3.13"]]
stage = "3.13.0 alpha 1"
state = "actual"
date = 2023-10-13

[[release."3.13"]]
stage = "3.13.0 beta 1"
state = "expected"
date = 2024-05-08
END
day 11-01; save "Dates of releases"
cd ..
git init --quiet --template= --initial-branch=main product
cd product
day 06-01; echo 1 >loop; save "gh-5: Implement PEP 101, faster loops (#6)"
day 06-02; echo 2 >loop; save "Mention PEP 101 and PEP 999 in the docs"
cd ..
# A topic of the forum that PEP 101 names, as a sync of the forum would leave it in a store.
cat >topic.py <<'END'
import sqlite3
store = sqlite3.connect("proposals.db")
store.execute("INSERT INTO thread (project_id, thread_key, source_id, kind, channel, title, created_at, url) VALUES (1, 'discourse:forum.example.org/12', 1, 'topic', 'Ideas', 'Faster loops?', 1672653600, 'https://forum.example.org/t/12')")
for position, at in enumerate((1672653600, 1673000000, 2000000000)):
    store.execute("INSERT INTO post (project_id, thread_key, post_key, source_id, position, created_at) VALUES (1, 'discourse:forum.example.org/12', ?, 1, ?, ?)", (str(position), position, at))
store.commit()
END
