#!/bin/sh
# Redmine's "updated_on" stands still when a relation is added or taken away, when an attachment is deleted, when a note is
# edited, and when an account is deleted that the issue was assigned to: the issue has nobody then, and no journal says
# so. One would guess that whatever changes what the API answers of an issue moves it, and an incremental sync by
# updated_on >= the last time misses all of it for ever. A new description moves it. Seen with Redmine 5.0.4 (Debian 12).
# Needs root and Debian's packages redmine and redmine-sqlite (installed where they are missing); makes an instance of its
# own in a temporary folder. Exits non-zero where it behaves otherwise.
set -eu
template=/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default
[ -e "$template" ] || DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redmine redmine-sqlite >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/config" "$folder/log" "$folder/tmp/cache" "$folder/files"
cp "$template" "$folder/redmine.db"
printf 'production:\n  adapter: sqlite3\n  database: %s\n' "$folder/redmine.db" >"$folder/config/database.yml"
printf '%064d\n' 5 >"$folder/config/secret_key.txt"
cat >"$folder/script.rb" <<'RUBY'
require "active_support/testing/time_helpers"
include ActiveSupport::Testing::TimeHelpers
puts "Redmine #{Redmine::VERSION}"
ActionMailer::Base.perform_deliveries = false
begin
  Redmine::DefaultData::Loader.load("en")
rescue Redmine::DefaultData::DataAlreadyLoaded
end
user = User.new(firstname: "Ann", lastname: "Arden", mail: "ann@example.org", language: "en")
user.login = "ann"
user.password = "of-no-use-1"
user.save!
project = Project.create!(name: "Widget", identifier: "widget")
project.trackers = Tracker.all.to_a
Member.create!(project: project, principal: user, roles: [Role.givable.first])
User.current = User.find_by_login("admin")
$first, second = travel_to(Time.utc(2024, 1, 1)) do
  [1, 2].map { |n| Issue.create!(project: project, tracker: Tracker.first, subject: "Issue #{n}", author: User.current, priority: IssuePriority.first, status: IssueStatus.first, assigned_to: user) }
end
travel_to(Time.utc(2024, 1, 2)) { $first.reload.init_journal(User.current, "A note"); $first.save! }
travel_to(Time.utc(2024, 1, 3)) { Attachment.create!(container: $first, file: StringIO.new("x"), filename: "a.txt", author: User.current) }
$at = $first.reload.updated_on
$still = true
# As the controllers do it.
def related(from, to)
  relation = IssueRelation.new(issue_from: from, issue_to: to, relation_type: "blocks")
  relation.init_journals(User.current)
  relation.save!
  relation
end

def say(what, day)
  travel_to(Time.utc(2024, 1, day)) { yield }
  $first.reload
  moved = $first.updated_on != $at
  $at = $first.updated_on
  puts format("%-20s updated_on %s", what, moved ? "moves" : "stands still")
  moved
end
results = [
  say("a relation comes", 10) { $relation = related($first.reload, second.reload) },
  say("it goes again", 11) { relation = IssueRelation.find($relation.id); relation.init_journals(User.current); relation.destroy },
  say("a note is edited", 12) { $first.journals.where.not(notes: "").first.update!(notes: "Edited") },
  say("a file is deleted", 13) { $first.reload.init_journal(User.current); $first.attachments.delete($first.attachments.first) },
  say("an account goes", 14) { User.find_by_login("ann").destroy }
]
described = say("a new description", 15) { $first.reload.init_journal(User.current); $first.description = "New"; $first.save! }
puts "assigned to #{$first.reload.assigned_to.inspect} now"
exit(results.none? && described && $first.assigned_to.nil? ? 0 : 1)
RUBY
cd /usr/share/redmine
RAILS_ENV=production REDMINE_INSTANCE="../../../..$folder" ruby bin/rails runner "$folder/script.rb"
