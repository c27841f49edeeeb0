#!/bin/sh
# `task project:Site` has the tasks of the project Sitemap, too, and `task project:Site delete` or `modify` changes
# them: a project's name is compared from its beginning, as far as what was asked goes. So is any part of a tree:
# project:Web.Api takes Web.Apidocs. One would guess equality, or that project and its subprojects, which a full stop
# parts, are taken, as the manual's examples have it. Counts, burn-downs and bulk changes by project take in namesakes.
# project.is:Site is Site alone, without subprojects. Seen with Taskwarrior 2.6.2 (Debian 12).
# Needs apt-get; installs Debian's package taskwarrior where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v task >/dev/null || apt-get install -y --no-install-recommends taskwarrior >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TZ=UTC HOME="$folder" TASKDATA="$folder" TASKRC="$folder/taskrc"
printf 'confirmation=off\nbulk=0\nverbose=nothing\n' >"$TASKRC"
printf 'Taskwarrior %s\n' "$(task --version)"
task add project:Site 'Fix the page'
task add project:Site.Style 'Choose colours'
task add project:Sitemap 'List all pages'
task add project:Web.Api 'Answer faster'
task add project:Web.Apidocs 'Write more'
for filter in project:Site project.is:Site project:Web.Api; do
    printf '%s: %s\n' $filter "$(task $filter count)"
done
[ "$(task project:Site count)" -eq 3 ]
[ "$(task project.is:Site count)" -eq 1 ]
[ "$(task project:Web.Api count)" -eq 2 ]
task project:Site modify +urgent >modify.txt
printf 'urgent after "task project:Site modify +urgent": %s\n' "$(task +urgent _unique project | sort | tr '\n' ' ')"
task +urgent _unique project | grep -qx Sitemap
