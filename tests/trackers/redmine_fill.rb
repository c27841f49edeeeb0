# Fills an empty Redmine with a project that has lived: run by `rails runner`. Prints "LOGIN ID KEY" of each account.
require "active_support/testing/time_helpers"
include ActiveSupport::Testing::TimeHelpers
ActionMailer::Base.perform_deliveries = false
ActiveRecord::Base.connection.execute("PRAGMA synchronous = OFF")
begin
  Redmine::DefaultData::Loader.load("en")
rescue Redmine::DefaultData::DataAlreadyLoaded
end
Setting.rest_api_enabled = "1"
# Mails are sent by threads with connections of their own, which lock SQLite against us.
Setting.notified_events = []
ActiveJob::Base.queue_adapter = :inline
Setting.commit_ref_keywords = "refs"

def at(day, hour = 9, &block)
  travel_to(Time.utc(2024, 1, 1, hour) + day.days, &block)
end

def account(login, first, last)
  user = User.new(firstname: first, lastname: last, mail: "#{login}@example.org", language: "en")
  user.login = login
  user.password = "of-no-use-to-anybody-1"
  user.save!
  user
end

people = nil
at(0) do
  admin = User.find_by_login("admin")
  people = [account("ann", "Ann", "Arden"), account("bob", "Bob", "Berg"), account("eve", "Eve", "Ek"), account("cy", "Cy", "Cole")]
  $project = Project.create!(name: "Widget", identifier: "widget", is_public: true)
  $project.trackers = Tracker.all.to_a
  parts = Project.create!(name: "Widget parts", identifier: "widget-parts", is_public: true)
  parts.set_parent!($project)
  parts.trackers = Tracker.all.to_a
  other = Project.create!(name: "Other", identifier: "other", is_public: true)
  other.trackers = Tracker.all.to_a
  role = Role.givable.first
  [$project, parts, other].each { |project| people.first(2).push(people[3]).each { |user| Member.create!(project: project, principal: user, roles: [role]) } }
  $parts = parts
  $version = Version.create!(project: $project, name: "1.0")
  field = IssueCustomField.create!(name: "Severity", field_format: "list", possible_values: %w[S1 S2 S3], is_for_all: true, trackers: Tracker.all.to_a)
  $field = field
  puts ["admin", admin.id, admin.api_key].join(" ")
end
people.each { |user| puts [user.login, user.id, user.api_key].join(" ") }

open = IssueStatus.where(is_closed: false).to_a
closed = IssueStatus.where(is_closed: true).to_a
random = Random.new(7)
issues = (1..60).map do |number|
  at(number) do
    User.current = people[number % 4]
    Issue.create!(project: number % 10 == 0 ? $parts : $project, tracker: Tracker.all[number % 3], subject: "Thing #{number} breaks",
                  description: "It breaks in #{number} ways.\nWrite to somebody@example.org", author: people[number % 4], priority: IssuePriority.all[number % 4],
                  status: open.first, assigned_to: number % 4 == 1 ? people[1] : nil, custom_field_values: { $field.id.to_s => "S#{number % 3 + 1}" })
  end
end
issues.each_with_index do |issue, index|
  (1..random.rand(5)).each do |step|
    at(70 + index, 9 + step) do
      user = people[random.rand(3)]
      User.current = user
      issue.reload
      issue.init_journal(user, random.rand(3) > 0 ? "Note #{step} on ##{issue.id}\nwith a second line" : "")
      case random.rand(5)
      when 0 then issue.status = (random.rand(2) == 0 ? closed : open).sample(random: random)
      when 1 then issue.assigned_to = [nil, people[0], people[1], people[3]].sample(random: random)
      when 2 then issue.fixed_version = issue.project == $project ? $version : nil
      when 3 then issue.custom_field_values = { $field.id.to_s => "S#{random.rand(3) + 1}" }
      else issue.status = closed.sample(random: random)
      end
      issue.save!
    end
  end
end
at(140) do
  User.current = people[0]
  IssueRelation.create!(issue_from: issues[4], issue_to: issues[5], relation_type: "blocks")
  IssueRelation.create!(issue_from: issues[6], issue_to: issues[7], relation_type: "duplicates")
  [6, 7].each { |index| issues[index].reload.update!(status: open.first) }
end
at(141) do
  User.current = people[0]
  issues[7].reload.init_journal(people[0], "Closing the original.")
  issues[7].status = closed.first
  issues[7].save!
end
at(142) do
  User.current = people[0]
  issues[8].reload.init_journal(people[0], "Only for the team")
  issues[8].private_notes = true
  issues[8].save!
  TimeEntry.create!(project: issues[9].project, issue: issues[9], user: people[0], author: people[0], hours: 1.5, spent_on: Date.new(2024, 5, 1), activity: TimeEntryActivity.first)
end
