#!/bin/sh
# Redmine answers an API key that it does not know with 200 and what the public may see: the list of issues is shorter and
# says nothing of it, total_count included. One would guess a 401, as for a wrong password; a client whose key was reset
# goes on with every private project gone, and takes its issues for deleted. Only an address that needs an account, as
# /users/current.json, says 401. Seen with Redmine 5.0.4 (Debian 12).
# Needs root and Debian's packages redmine, redmine-sqlite and puma (installed where they are missing), and curl; makes an
# instance of its own in a temporary folder, on loopback. Exits non-zero where it behaves otherwise.
set -eu
template=/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default
{ [ -e "$template" ] && command -v puma >/dev/null; } ||
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redmine redmine-sqlite puma >/dev/null
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
mkdir -p "$folder/config" "$folder/log" "$folder/tmp/cache" "$folder/files"
cp "$template" "$folder/redmine.db"
printf 'production:\n  adapter: sqlite3\n  database: %s\n' "$folder/redmine.db" >"$folder/config/database.yml"
printf '%064d\n' 5 >"$folder/config/secret_key.txt"
cat >"$folder/script.rb" <<'RUBY'
begin
  Redmine::DefaultData::Loader.load("en")
rescue Redmine::DefaultData::DataAlreadyLoaded
end
ActionMailer::Base.perform_deliveries = false
Setting.rest_api_enabled = "1"
admin = User.find_by_login("admin")
User.current = admin
{ "open" => true, "hidden" => false }.each do |name, is_public|
  project = Project.create!(name: name, identifier: name, is_public: is_public)
  project.trackers = Tracker.all.to_a
  Issue.create!(project: project, tracker: Tracker.first, subject: name, author: admin, priority: IssuePriority.first, status: IssueStatus.first)
end
puts admin.api_key
RUBY
cd /usr/share/redmine
export RAILS_ENV=production REDMINE_INSTANCE="../../../..$folder"
key=$(ruby bin/rails runner "$folder/script.rb")
port=$((20000 + $$ % 20000))
puma -e production -b "tcp://127.0.0.1:$port" -t 1:2 config.ru >"$folder/server.log" 2>&1 &
server=$!
for _ in $(seq 120); do curl -s -o /dev/null "http://127.0.0.1:$port/" && break || sleep 0.5; done
ask() { curl -s -o "$folder/answer" -w '%{http_code}' -H "X-Redmine-API-Key: $1" "http://127.0.0.1:$port$2"; }
count() { grep -o '"total_count":[0-9]*' "$folder/answer" | cut -d: -f2; }
right=$(ask "$key" /issues.json) all=$(count)
wrong=$(ask 0123456789012345678901234567890123456789 /issues.json) public=$(count)
who=$(ask 0123456789012345678901234567890123456789 /users/current.json)
printf 'the right key: %s, %s issues\na wrong key: %s, %s issue\na wrong key, /users/current.json: %s\n' "$right" "$all" "$wrong" "$public" "$who"
[ "$right $all $wrong $public $who" = "200 2 200 1 401" ]
