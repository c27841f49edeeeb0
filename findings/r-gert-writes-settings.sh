#!/bin/sh
# library(gert), R's way to read git, changes the settings of whoever loads it: after that line alone ~/.gitconfig has
# "[credential] helper = cache", for all repositories and for git on the command line as well, where none was set
# before. It is written by `git config --global` and stays. One would guess that loading a package for reading histories
# writes nothing outside of the program. A report that is run on a build machine leaves it there for all later jobs,
# and a file that is kept under version control or is read-only shows up as changed, or fails. git2r leaves the file
# alone. Seen with gert 1.9.2, git2r 0.31.0, R 4.2.2 and git 2.39.5 (Debian 12).
# Needs git and apt-get; installs Debian's packages r-base-core, r-cran-gert and r-cran-git2r where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_NOSYSTEM=1
unset GIT_CONFIG_GLOBAL XDG_CONFIG_HOME
Rscript -e 'library(gert); library(git2r)' >"$folder/load.txt" 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-gert r-cran-git2r >/dev/null
for package in git2r gert; do
    rm -f "$folder/.gitconfig"
    Rscript --vanilla -e "library($package); cat('$package', format(packageVersion('$package')), '\n')" 2>"$folder/load.txt"
    [ ! -e "$folder/.gitconfig" ] || cp "$folder/.gitconfig" "$folder/$package.txt"
    cat "$folder/$package.txt" 2>"$folder/none.txt" || echo "no settings written"
done
[ ! -e "$folder/git2r.txt" ] && [ "$(git config -f "$folder/gert.txt" credential.helper)" = cache ]
