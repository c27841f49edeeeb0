#!/bin/sh
# In R's git2r the author of a commit is who committed it: of one that Bob wrote in April and Ada took in in May,
# commits(repository)[[1]]$author is Ada, in May, $committer is NULL, and so as.data.frame() has Ada in its column
# "author", and summary() counts one contributor of two. contributions(by = "author") of the same package has Bob, in
# April, by his address. One would guess what git calls the author, and R's gert has Bob. In projects that take patches,
# rebase or squash, all work is that of those who merge, and newcomers do not exist. Seen with R 4.2.2, git2r 0.31.0 and
# gert 1.9.2 (Debian 12).
# Needs git and apt-get; installs Debian's packages r-base-core, r-cran-git2r and r-cran-gert where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder"
Rscript -e 'library(git2r)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-git2r >/dev/null
Rscript -e 'library(gert)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-cran-gert >/dev/null
cd "$folder"
export GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C TZ=UTC
git init -q -b main repository
cd repository
echo one >reader.c
git add .
GIT_AUTHOR_NAME=Bob GIT_AUTHOR_EMAIL=bob@example.org GIT_AUTHOR_DATE=2026-04-03T10:00:00Z \
    GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org GIT_COMMITTER_DATE=2026-05-03T10:00:00Z git commit -qm 'Check bounds'
git log -1 --format='git: author %an, %ad, committer %cn, %cd' --date=short
cat >../show.R <<'R'
cat(R.version.string, "git2r", as.character(packageVersion("git2r")), "gert", as.character(packageVersion("gert")), "\n")
commit <- git2r::commits(git2r::repository("."))[[1]]
row <- as.data.frame(commit)
counted <- git2r::contributions(git2r::repository("."), by = "author")
gert <- gert::git_log(repo = ".")
cat("git2r, author:", commit$author$name, format(git2r::when(commit)), "committer:", if (is.null(commit$committer)) "NULL" else commit$committer$name, "\n")
cat("as.data.frame():", row$author, row$email, "contributions():", counted$author, format(counted$when), "gert:", gert$author, "\n")
quit(status = if (commit$author$name == "Ada" && is.null(commit$committer) && row$author == "Ada" && counted$author == "bob@example.org" && grepl("^Bob", gert$author)) 0 else 1)
R
Rscript ../show.R
