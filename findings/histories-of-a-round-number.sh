#!/bin/sh
# Of a project with 131 commits gitlog has 10, ruby-git 30 and R's gert 100: each hands over the newest so many unless
# told a number, and none says that there are more. The three answer to a call that names no limit, gitlog({ repo,
# fields }), repository.log and git_log(); ruby-git's size and count of it are 30 as well. One would guess a history, as
# isomorphic-git, pygit2 and R's git2r hand over, or the lazy list of one. Counts of commits and of people look right in
# a small project and stand still in a large one: ten of its commits in all, by whoever worked last, and "the first
# commit" of last week. number: (gitlog), log(count) and max = ask for more. Seen with gitlog 5.1.0, ruby-git 1.13.0,
# gert 1.9.2 and git2r 0.31.0, R 4.2.2 (Debian 12).
# Needs git, node, npm and apt-get; fetches that package, and installs Debian's packages ruby-git, r-base-core,
# r-cran-gert and r-cran-git2r where they are missing. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_NOSYSTEM=1 # gert writes into the settings of whoever loads it
Rscript -e 'library(gert); library(git2r)' >"$folder/load.txt" 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-gert r-cran-git2r >/dev/null
/usr/bin/ruby -e 'require "git"' 2>"$folder/load.txt" || apt-get install -y --no-install-recommends ruby-git >/dev/null
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts gitlog@5.1.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git init -q -b main repository
number=0
while [ "$number" -lt 131 ]; do
    number=$((number + 1))
    git -C repository commit -q --allow-empty -m "Change $number"
done
echo "git: $(git -C repository rev-list --count HEAD)"
cat >show.mjs <<'JS'
import { readFileSync } from 'node:fs';
import found from 'gitlog';
const gitlog = typeof found === 'function' ? found : found.default;
const commits = await gitlog({ repo: 'repository', fields: ['hash', 'subject'] });
console.log('gitlog', JSON.parse(readFileSync('node_modules/gitlog/package.json')).version + ':', commits.length);
process.exit(commits.length === 10 ? 0 : 1);
JS
node show.mjs
/usr/bin/ruby -e 'require "git"; size = Git.open("repository").log.size; puts "ruby-git #{Git::VERSION}: #{size}"; exit(size == 30)'
Rscript --vanilla -e 'suppressMessages({library(gert); library(git2r)})
found <- c(nrow(git_log(repo = "repository")), length(commits(repository("repository"))))
cat("gert", format(packageVersion("gert")), ":", found[1], "\ngit2r", format(packageVersion("git2r")), ":", found[2], "\n")
quit(status = if (identical(as.numeric(found), c(100, 131))) 0 else 1)' 2>r.txt || { cat r.txt; exit 1; }
