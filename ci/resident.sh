#!/bin/sh
# One run of Resident in anybody's CI: the action (action.yml) and the template for GitLab (ci/gitlab.yml) call it; any
# other runner can. It brings the store up to date, asks the gates, looks at the pull request, writes one summary, makes
# the site. All it is told comes by environment, and nothing that stands in it is run: names of branches, titles and paths
# are arguments, never text of a script.
#
#   RESIDENT_CI_STORE          folder of the store, kept between runs by the runner's cache
#   RESIDENT_CI_PROJECT        the project's name in the store; the repository's without it
#   RESIDENT_CI_SOURCE         where issues and pull requests are read: the forge this runs at without it; "none"
#   RESIDENT_CI_RESULTS        reports of tests, one file or folder a line, for `resident gate results`
#   RESIDENT_CI_BUILDER        the configuration they are of; the job's name without it. The same test in several files
#                              (a matrix's, modules') is told apart by their paths
#   RESIDENT_CI_BENCH_BEFORE, RESIDENT_CI_BENCH_AFTER   reports of benchmarks, for `resident gate bench`
#   RESIDENT_CI_BENCH_SIZE     the difference that matters, in per cent (5)
#   RESIDENT_CI_SHADOW=true    gates say what they would do, and hold nothing up
#   RESIDENT_CI_REQUIRE_READY=true   a pull request with something left to do fails
#   RESIDENT_CI_CONFIG         a configuration in the repository; of a pull request, its base's version is taken
#   RESIDENT_CI_SITE           folder to write the site to
#   RESIDENT_CI_MAX_WAIT       seconds to wait for a limit of the forge before going on without (300)
#   RESIDENT_CI_SUMMARY        file that the summary is added to; $GITHUB_STEP_SUMMARY, else resident-summary.md
#   GITHUB_TOKEN, GITLAB_TOKEN, …   read the forge; without one only the clone and the store are asked
#
# Exit code: of the first gate that tripped or step that failed, as the program gave it (3: a gate); what cannot be read
# from the forge for now (4: no right, 5: incomplete) is said, and holds nothing up.
set -u
LC_ALL=C.UTF-8; export LC_ALL
unset RESIDENT_DB
resident=${RESIDENT_CI_BINARY:-resident}
checkout=$(pwd)
summary=${RESIDENT_CI_SUMMARY:-${GITHUB_STEP_SUMMARY:-$checkout/resident-summary.md}}
shadow=${RESIDENT_CI_SHADOW:-false}
worst=0

say() { printf '%s\n' "$*" >&2; }
# What programs print may begin with what a GitHub runner takes for a command; between these two it takes nothing.
fence=resident-$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
[ -z "${GITHUB_ACTIONS:-}" ] || printf '::stop-commands::%s\n' "$fence"
finish() { [ -z "${GITHUB_ACTIONS:-}" ] || printf '\n::%s::\n' "$fence"; exit "$worst"; }
# note CODE WHAT: a step that failed counts if none did before.
note() { say "resident: $2 (exit code $1)"; [ "$worst" != 0 ] || worst=$1; }
# tell LINE: to the summary; the text is our own.
tell() { printf '%s\n' "$*" >>"$summary" || { say "resident: $summary cannot be written"; worst=1; finish; }; }
# Only so much of what others chose: letters, digits, dots, dashes, underscores.
plain() { printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '-' | cut -c1-100; }
number_of() { case $1 in '' | *[!0-9]*) ;; *) printf '%s' "$1" ;; esac; }
tripped() { [ "$shadow" != true ] || [ "$1" != 3 ]; }

# Where this runs.
pull='' base='' branch='' sha='' forge='' repository=''
if [ -n "${GITHUB_ACTIONS:-}" ]; then
  repository=${GITHUB_REPOSITORY:-} sha=${GITHUB_SHA:-}
  forge="github:${repository}"
  [ "${GITHUB_SERVER_URL:-https://github.com}" = https://github.com ] || forge="github:$GITHUB_SERVER_URL/$repository"
  case ${GITHUB_EVENT_NAME:-} in
    pull_request_target)
      say 'resident: not on pull_request_target, where code of strangers would stand beside secrets; use pull_request'
      worst=2; finish ;;
    pull_request | pull_request_review)
      pull=${GITHUB_REF:-}; pull=${pull#refs/pull/}; pull=$(number_of "${pull%%/*}")
      base=${GITHUB_BASE_REF:-} ;;
    *) [ "${GITHUB_REF_TYPE:-branch}" != branch ] || branch=${GITHUB_REF_NAME:-} ;;
  esac
  builder=${RESIDENT_CI_BUILDER:-${GITHUB_JOB:-tests}}
elif [ -n "${GITLAB_CI:-}" ]; then
  repository=${CI_PROJECT_PATH:-} sha=${CI_COMMIT_SHA:-}
  forge="gitlab:${CI_SERVER_URL:-https://gitlab.com}/$repository"
  pull=$(number_of "${CI_MERGE_REQUEST_IID:-}")
  base=${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-} branch=${CI_COMMIT_BRANCH:-}
  builder=${RESIDENT_CI_BUILDER:-${CI_JOB_NAME:-tests}}
else
  sha=$(git rev-parse HEAD 2>/dev/null) || sha=''
  branch=$(git symbolic-ref -q --short HEAD 2>/dev/null) || branch=''
  repository=$(basename "$checkout")
  builder=${RESIDENT_CI_BUILDER:-tests}
fi
forge=${RESIDENT_CI_SOURCE:-$forge}
[ "$forge" != none ] || forge=''
project=$(plain "${RESIDENT_CI_PROJECT:-${repository##*/}}")
case $project in '' | -*) project=project ;; esac
store=${RESIDENT_CI_STORE:-$HOME/.cache/resident-ci/$project}
mkdir -p "$store" || { note 1 "$store cannot be made"; finish; }
store=$(cd "$store" && pwd)
db=$store/resident.db

# Nothing of the checkout is taken for our configuration by itself: a token_command in it would be run.
mkdir -p "$store/empty"
cd "$store/empty" || { note 1 "$store cannot be entered"; finish; }
XDG_CONFIG_HOME=$store/empty; export XDG_CONFIG_HOME
config=$store/config.toml
rm -f "$config"
if [ -n "${RESIDENT_CI_CONFIG:-}" ]; then
  if [ -z "$pull" ]; then
    cp "$checkout/$RESIDENT_CI_CONFIG" "$config" || { note 1 "there is no $RESIDENT_CI_CONFIG"; finish; }
  else
    # The merge that GitHub checks out has its base as first parent.
    from=${CI_MERGE_REQUEST_DIFF_BASE_SHA:-HEAD^1}
    git -C "$checkout" show "$from:$RESIDENT_CI_CONFIG" >"$config" 2>/dev/null ||
      { rm -f "$config"; say "resident: the base's $RESIDENT_CI_CONFIG is not at hand (fetch-depth: 0); going on without"; }
  fi
fi
# run COMMAND…: the program, on this store.
run() {
  command_name=$1; shift
  if [ -s "$config" ]; then set -- --config "$config" "$@"; fi
  "$resident" "$command_name" --db "$db" "$@" </dev/null
}
"$resident" --version || { note $? 'the program does not start; see "Installing" in docs/guide/in-ci.md'; finish; }

# 1. The store: the clone by a path that stays, the forge if there is a way to read it.
ln -sfn "$checkout" "$store/clone"
bring() {
  run add git "$store/clone" --project "$project"
}
# A store knows its clone by this path: one that was made under another begins anew.
if [ -f "$store/made-at" ] && [ "$(cat "$store/made-at")" != "$store" ]; then
  say 'resident: the store in the cache was made in another folder; beginning anew'
  rm -f "$db" "$db-wal" "$db-shm"
fi
printf '%s\n' "$store" >"$store/made-at"
bring; code=$?
case $code in 0) ;; 5) say 'resident: the clone was not read to its end; the next run goes on' ;; *) note $code 'the clone could not be read'; finish ;; esac
has_token=no
for name in GITHUB_TOKEN GH_TOKEN GH_ENTERPRISE_TOKEN GITLAB_TOKEN GITEA_TOKEN FORGEJO_TOKEN; do
  eval "[ -z \"\${$name:-}\" ]" || has_token=yes
done
live=no
if [ -n "$forge" ] && [ "$has_token" = yes ]; then
  run add "$forge" --project "$project" --max-wait "${RESIDENT_CI_MAX_WAIT:-300}"; code=$?
  case $code in
    0) live=yes ;;
    5) live=yes; say 'resident: the forge was not read to its end; the next run goes on' ;;
    *) say "resident: the forge could not be read (exit code $code)" ;;
  esac
fi

tell "# Resident: $project"
tell ''
[ "$live" = yes ] || [ -z "$forge" ] || { tell "The forge was not asked ($([ "$has_token" = yes ] && echo "it refused, see the log" || echo "no token here, as for a fork")): what is said of it is as old as the store."; tell ''; }

# 2. Reports of tests: judged, and those of a branch kept, as what is known from then on.
if [ -n "${RESIDENT_CI_RESULTS:-}" ]; then
  set --
  while IFS= read -r each; do
    case $each in '') continue ;; /*) ;; *) each=$checkout/$each ;; esac
    set -- "$@" "$each"
  done <<EOF
$RESIDENT_CI_RESULTS
EOF
  [ -z "$sha" ] || set -- "$@" --sha "$sha"
  [ -z "$pull" ] || set -- "$@" --pull "$pull"
  [ -n "$pull" ] || [ -z "$branch" ] || set -- "$@" "--branch=$branch"
  run gate results "$@" --project "$project" "--builder=$builder" --summary "$summary" \
    "--against=${base:-$branch}" $([ "$shadow" != true ] || echo --shadow); code=$?
  [ "$code" = 0 ] || note $code 'the gate for tests'
  tell ''
  if [ -z "$pull" ]; then
    run add results "$@" --project "$project" "--builder=$builder" || note $? 'the reports could not be kept'
  fi
fi

# 3. Benchmarks.
if [ -n "${RESIDENT_CI_BENCH_BEFORE:-}" ] && [ -n "${RESIDENT_CI_BENCH_AFTER:-}" ]; then
  before=$RESIDENT_CI_BENCH_BEFORE after=$RESIDENT_CI_BENCH_AFTER
  case $before in /*) ;; *) before=$checkout/$before ;; esac
  case $after in /*) ;; *) after=$checkout/$after ;; esac
  set -- bench "$before" "$after" --size "${RESIDENT_CI_BENCH_SIZE:-5}"
  [ "$shadow" != true ] || set -- "$@" --shadow
  run gate "$@" >"$store/bench.txt" 2>&1; code=$?
  cat "$store/bench.txt"
  tell '## Benchmarks'; tell ''
  # As code, in a fence that is longer than any in it.
  tell '``````````'; sed 's/``````````*/`/g' "$store/bench.txt" >>"$summary"; tell '``````````'; tell ''
  [ "$code" = 0 ] || note $code 'the gate for benchmarks'
fi

# 4. This pull request.
if [ -n "$pull" ]; then
  run review show "$pull" --project "$project" --json >"$store/review.json" 2>"$store/review.txt"; code=$?
  if [ "$code" = 0 ]; then
    run review show "$pull" --project "$project" --format md >>"$summary"
    tell ''
    # "state":"to do" can stand nowhere else: quotes within texts are escaped.
    if grep -q '"state":"to do"' "$store/review.json"; then
      say "resident: #$pull has something left to do"
      [ "${RESIDENT_CI_REQUIRE_READY:-false}" != true ] || note 3 "#$pull is not ready"
    fi
  else
    cat "$store/review.txt" >&2
    tell "#$pull is not in the store yet, so nothing is said of whether it is ready."; tell ''
    [ "${RESIDENT_CI_REQUIRE_READY:-false}" != true ] || note "$code" "whether #$pull is ready is not known"
  fi
fi

# 5. The site.
if [ -n "${RESIDENT_CI_SITE:-}" ]; then
  site=$RESIDENT_CI_SITE
  case $site in /*) ;; *) site=$checkout/$site ;; esac
  if "$resident" man site >/dev/null 2>&1; then
    run site "$site" --project "$project"; code=$?
  else
    # A version before `site`: all pages as one file.
    mkdir -p "$site" && run page --project "$project" --output "$site/index.html"; code=$?
  fi
  [ "$code" = 0 ] || note $code 'the site'
  [ -z "${GITHUB_OUTPUT:-}" ] || [ "$code" != 0 ] || printf 'site-made=true\n' >>"$GITHUB_OUTPUT"
fi
finish
