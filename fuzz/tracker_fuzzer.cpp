// What Redmine, Trac, Bugzilla, Jira, Launchpad and Gerrit answer: the first byte says which of their forms the rest
// is.
#include <sources/bugzilla/bugzilla_objects.hpp>
#include <sources/gerrit/gerrit_objects.hpp>
#include <sources/jira/jira_objects.hpp>
#include <sources/jira/jira_table.hpp>
#include <sources/jira/jira_text.hpp>
#include <sources/launchpad/launchpad_objects.hpp>
#include <sources/redmine/redmine_objects.hpp>
#include <sources/trac/trac_feed.hpp>

#include "fuzz.hpp"

namespace {

using namespace resident;

void require(bool is_so) {
  if (!is_so) __builtin_trap();
}

// What a Writer relies on.
void look_at(const ItemRecord& item) {
  require(item.number > 0);
  require(item.state == "open" || item.state == "closed");
  for (const auto& event : item.events) require(!event.kind.empty());
  for (const auto& label : item.labels) require(!label.empty());
}

void redmine_issue(std::string_view text) {
  json::Parser parser;
  const json::Object object(json::parse(parser, text), "issue");
  redmine::Names names;
  names.project = 1;
  names.statuses = {{1, {"New", false}}, {3, {"Resolved", true}}, {5, {"Closed", true}}};
  names.fields = {{1, {"Field", "user", true, {}}}};
  const auto problem = [](const std::string&, const std::string&) {};
  redmine::accounts_of(object, names);
  const auto item = redmine::issue(object, names, redmine::copied_notes(object, object), problem);
  redmine::originals(object);
  redmine::commits(object, item);
  look_at(item);
}

void bugzilla_bug(std::string_view text) {
  json::Parser parser;
  const json::Object object(json::parse(parser, text), "bug");
  const auto problem = [](const std::string&, const std::string&) {};
  look_at(bugzilla::bug(object, object.array("history"), object.array("comments"), object.array("attachments"),
                        {"bugzilla:x", "http://x", bugzilla::statuses(object)}, problem));
}

void trac_ticket(std::string_view text) {
  constexpr std::string_view kBetween = "\n----\n";
  const std::size_t end = text.find(kBetween);
  if (end == std::string_view::npos) return;
  trac::TracTicket ticket = trac::ticket_fields(text.substr(0, end + 1));
  trac::ticket_history(text.substr(end + kBetween.size()), ticket, [](const std::string&, const std::string&) {});
  require(!trac::text_of(ticket).empty());
  trac::commits(ticket);
  look_at(trac::item(ticket, "trac:x", "http://x", {}));
}

// A change's detail, with its remarks as a member of it.
void gerrit_change(std::string_view text) {
  json::Parser parser;
  const json::Object object(json::parse(parser, text), "change");
  gerrit::Settings settings;
  settings.provider = "gerrit:x";
  settings.origin = "http://x";
  settings.vote_labels = {"Code-Review"};
  settings.check_labels = {"Verified"};
  if (const auto labels = object.array("rules")) settings.rules = gerrit::label_rules(*labels);
  look_at(
      gerrit::change(object, object.object("comments"), settings, [](const std::string&, const std::string&) {}).item);
}

void gerrit_message(std::string_view text) {
  for (const auto& vote : gerrit::parts_of(text).votes) require(!vote.label.empty());
  for (const auto& each : gerrit::carried_votes(text).copied) require(each.vote.value != 0 || !each.vote.label.empty());
  gerrit::removed_votes(text);
  gerrit::topic_change(text);
  for (const auto& [is_new, name] : gerrit::hashtag_changes(text)) require(!name.empty());
  gerrit::copies({-2, 2, std::string(text)}, 1, "REWORK");
}

void jira_issue(std::string_view text) {
  json::Parser parser;
  const json::Object object(json::parse(parser, text), "issue");
  const jira::Settings settings{
      "jira:x", "http://x", "DEMO", {{"1", true}, {"5", false}}, {{"customfield_1", "Sprint"}}};
  look_at(jira::issue(object, {}, {}, settings, [](const std::string&, const std::string&) {}));
}

// {"bug": …, "tasks": […], "activity": […], "messages": […]}
void launchpad_bug(std::string_view text) {
  json::Parser parser;
  const json::Object object(json::parse(parser, text), "parts");
  const auto bug = object.object("bug");
  if (!bug) return;
  launchpad::BugParts parts{*bug};
  if (const auto list = object.array("tasks")) parts.tasks.push_back(*list);
  if (const auto list = object.array("activity")) parts.activity.push_back(*list);
  if (const auto list = object.array("messages")) parts.messages.push_back(*list);
  const launchpad::Settings settings{"demo", [](const std::string& login) {
                                       launchpad::Account account;
                                       account.person.login = account.person.name = login;
                                       account.is_team = login == "team";
                                       return account;
                                     }};
  look_at(launchpad::bug(parts, settings, [](const std::string&, const std::string&) {}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view text) {
    if (text.empty()) return;
    const char kind = text.front();
    text.remove_prefix(1);
    switch (kind) {
      case 'r':
        return redmine_issue(text);
      case 'b':
        return bugzilla_bug(text);
      case 't':
        return trac_ticket(text);
      case 'g':
        return gerrit_change(text);
      case 'm':
        return gerrit_message(text);
      case 'j':
        return jira_issue(text);
      case 'l':
        return launchpad_bug(text);
      case 'w':
        jira::text_of_wiki(text);
        return;
      case 'c':
        for (const auto& each : jira::table_issues(text)) require(!each.key.empty());
        return;
      case 'q':
        for (const auto& row : trac::query_rows(text).entries) require(row.number > 0);
        return;
      case 'o':
        for (const auto& [number, at] : trac::opening_times(text)) require(number > 0);
        return;
      case 'd':
        trac::parse_http_date(text);
        return;
      case 'f':
        for (const auto& flag : bugzilla::flags_in(text)) require(!flag.name.empty());
        return;
      default:
        trac::person(std::string(text), "trac:x", {});
    }
  });
}
