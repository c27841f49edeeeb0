// A test for each row of docs/guide/review-rules.md: what the forge's interface says, read by the forge's reader, and
// whose turn the queue makes of it at several moments.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <model/queues/review.hpp>
#include <set>
#include <sources/archive/ietf_objects.hpp>
#include <sources/forge/github_objects.hpp>
#include <sources/gitea/gitea_objects.hpp>
#include <sources/gitlab/gitlab_objects.hpp>
#include <sstream>
#include <tests/analyses/gerrit_change.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

const std::string kOld(40, '1'), kHead(40, '2');

void fail(const std::string& place, const std::string& reason) {
  ADD_FAILURE() << place << ": " << reason;
}

// Written with ' for ", so that the texts below stay readable.
std::string json_text(std::string text) {
  for (char& c : text)
    if (c == '\'') c = '"';
  const auto put = [&](const std::string& name, const std::string& value) {
    for (std::size_t at; (at = text.find(name)) != std::string::npos;) text.replace(at, name.size(), value);
  };
  put("OLD", kOld);
  put("HEAD", kHead);
  return text;
}

std::string day(int number) {
  return "2024-01-" + std::string(number < 10 ? "0" : "") + std::to_string(number) + "T00:00:00Z";
}

// ---- GitHub

ItemRecord github_pull(const std::string& events, const std::string& comments = "", const std::string& more = "") {
  json::Parser parser;
  return github::metadata_file(
      json::parse(parser,
                  json_text(R"({'type': 'pull', 'pull': {'number': 1, 'title': 'One', 'user': {'login': 'ann', 'id': 1},
        'state': 'open', 'created_at': '2024-01-01T00:00:00Z', 'updated_at': '2024-01-20T00:00:00Z', 'head': {'sha': 'HEAD'})" +
                            more + "}, 'events': [" + events + "], 'comments': [" + comments + "]}")),
      fail);
}

std::string github_user(const std::string& login) {
  return "{'login': '" + login + "', 'id': " + std::to_string(100 + login[0]) + "}";
}

std::string github_review(int id, const std::string& login, const std::string& state, int on, const std::string& sha,
                          const std::string& association = "MEMBER") {
  return "{'event': 'reviewed', 'id': " + std::to_string(id) + ", 'user': " + github_user(login) + ", 'state': '" +
         state + "', 'submitted_at': '" + day(on) + "', 'commit_id': '" + sha + "', 'author_association': '" +
         association + "', 'body': ''}";
}

std::string github_push(int on, const std::string& sha) {
  return "{'event': 'head_ref_force_pushed', 'actor': {'login': 'ann', 'id': 1}, 'created_at': '" + day(on) +
         "', 'commit_id': '" + sha + "'}";
}

std::string github_dismissal(int review, const std::string& was, int on, const std::string& commit = "") {
  return "{'event': 'review_dismissed', 'actor': {'login': 'cyd', 'id': 199}, 'created_at': '" + day(on) +
         "', 'dismissed_review': {'state': '" + was + "', 'review_id': " + std::to_string(review) +
         (commit.empty() ? "" : ", 'dismissal_commit_id': '" + commit + "'") + "}}";
}

std::string github_request(const std::string& kind, const std::string& by, const std::string& whom, int on) {
  return "{'event': '" + kind + "', 'actor': " + github_user(by) + ", 'created_at': '" + day(on) + "', " + whom + "}";
}

// ---- GitLab

class Gitlab {
 public:
  explicit Gitlab(const std::string& more = "") {
    json::Parser parser;
    item_ = gitlab::item(
        json::Object(
            json::parse(
                parser,
                json_text(R"({'iid': 1, 'title': 'One', 'state': 'opened', 'author': {'username': 'ann', 'id': 1},
      'created_at': '2024-01-01T00:00:00Z', 'updated_at': '2024-01-20T00:00:00Z', 'sha': 'HEAD')" +
                          more + "}")),
            "merge request"),
        true, "gitlab:h", fail);
  }
  Gitlab& note(const std::string& author, int on, const std::string& text) {
    json::Parser parser;
    const std::string note =
        json_text("{'id': " + std::to_string(++id_) + ", 'system': true, 'author': {'username': '" + author +
                  "', 'id': " + std::to_string(author == "ann" ? 1 : 100 + author[0]) + "}, 'created_at': '" + day(on) +
                  "', 'body': '" + text + "'}");
    gitlab::note(json::Object(json::parse(parser, note), "note"), "gitlab:h", "", item_);
    return *this;
  }
  Gitlab& approvals(const std::string& json) {
    json::Parser parser;
    gitlab::approvals(json::Object(json::parse(parser, json_text(json)), "approvals"), "gitlab:h", item_);
    return *this;
  }
  ItemRecord done(const std::vector<std::string>& reviewers = {}) {
    std::vector<PersonRecord> people;
    for (const auto& login : reviewers) {
      PersonRecord person;
      person.provider = "gitlab:h";
      person.login = login;
      person.account_id = 100 + login[0];
      people.push_back(person);
    }
    gitlab::finish(item_, people);
    return item_;
  }

 private:
  ItemRecord item_;
  int id_ = 0;
};

// ---- Gitea

class Gitea {
 public:
  Gitea() {
    json::Parser parser;
    item_ = gitea::item(
        json::Object(
            json::parse(parser,
                        json_text(R"({'number': 1, 'title': 'One', 'state': 'open', 'user': {'login': 'ann', 'id': 1},
      'created_at': '2024-01-01T00:00:00Z', 'updated_at': '2024-01-20T00:00:00Z', 'pull_request': {}})")),
            "pull"),
        true, "gitea:h", fail);
    item_.head_sha = kHead;
  }
  Gitea& entry(const std::string& type, const std::string& by, int on, const std::string& more = "") {
    json::Parser parser;
    const std::string text = json_text("{'id': " + std::to_string(++id_) + ", 'type': '" + type +
                                       "', 'user': " + user(by) + ", 'created_at': '" + day(on) + "'" + more + "}");
    gitea::timeline_entry(json::Object(json::parse(parser, text), "entry"), "gitea:h", item_);
    return *this;
  }
  Gitea& review(int id, const std::string& by, const std::string& state, int begun, const std::string& more = "") {
    json::Parser parser;
    const std::string text =
        json_text("{'id': " + std::to_string(id) + ", 'user': " + user(by) + ", 'state': '" + state +
                  "', 'body': '', 'comments_count': 0, 'submitted_at': '" + day(begun) + "'" + more + "}");
    gitea::review(json::Object(json::parse(parser, text), "review"), "gitea:h", item_);
    return *this;
  }
  Gitea& sent(int id, const std::string& by, int on) {
    return entry("review", by, on, ", 'review_id': " + std::to_string(id));
  }
  ItemRecord done() {
    gitea::finish_reviews(item_);
    return item_;
  }

 private:
  static std::string user(const std::string& login) {
    return "{'login': '" + login + "', 'id': " + std::to_string(login == "ann" ? 1 : 100 + login[0]) + "}";
  }
  ItemRecord item_;
  int id_ = 0;
};

using Change = test::GerritChange;

// What the queue says of pull request 1 at the end of a day of January 2024: "reviewer bea", with whom it waits for.
std::string turn_at(const ItemRecord& item, int on, const std::string& push_dismisses = "yes") {
  auto database = Database::open(":memory:");
  test::History history;
  history.items = {item};
  test::write(*database, "p", history);
  Context context = open_context(*database, Config(), "p", test::at(day(on)) + kDay - 1, test::kForever);
  context.config.review.push_dismisses_approvals = push_dismisses;
  const ReviewQueue queue = review_queue(context);
  if (queue.entries.size() != 1) return "not open";
  const TurnDecision& turn = queue.entries.front().turn;
  std::set<std::string> names;
  for (const auto person : turn.people) names.insert(queue.people.name(person));
  for (const auto& team : turn.teams) names.insert("team " + team);
  std::string text = turn_name(turn.turn);
  for (const auto& name : names) text += " " + name;
  return text;
}

// Of pull request 1 beside others, on the fifth day.
Turn turn_of_one(Database& database) {
  const auto context = open_context(database, Config(), "p", test::at(day(5)), test::kForever);
  for (const auto& entry : review_queue(context).entries)
    if (entry.item.number == 1) return entry.turn.turn;
  ADD_FAILURE() << "it is not open";
  return Turn::nobody;
}

const std::map<std::string, std::function<void()>>& rows() {
  static const std::map<std::string, std::function<void()>> list{
      {"GH1",
       [] {
         const auto item = github_pull(github_review(11, "bea", "APPROVED", 2, kHead) + "," +
                                       github_review(12, "bea", "COMMENTED", 3, kHead));
         EXPECT_EQ(turn_at(item, 4), "committer");
         const auto changed = github_pull(github_review(11, "bea", "APPROVED", 2, kHead) + "," +
                                          github_review(12, "bea", "CHANGES_REQUESTED", 3, kHead));
         EXPECT_EQ(turn_at(changed, 2), "committer");
         EXPECT_EQ(turn_at(changed, 4), "author");
       }},
      {"GH2",
       [] {
         const std::string start =
             github_push(1, kOld) + "," + github_review(11, "bea", "CHANGES_REQUESTED", 2, kOld) + ",";
         EXPECT_EQ(turn_at(github_pull(start + github_review(12, "cyd", "APPROVED", 3, kOld)), 4), "author");
         const std::string pushed =
             start + github_push(3, kHead) + "," + github_review(12, "cyd", "APPROVED", 4, kHead);
         EXPECT_EQ(turn_at(github_pull(pushed), 5), "reviewer bea");
         EXPECT_EQ(turn_at(github_pull(pushed + "," + github_review(13, "bea", "APPROVED", 6, kHead)), 7), "committer");
       }},
      {"GH3",
       [] {
         const auto item = github_pull(github_review(11, "bea", "APPROVED", 2, kHead) + "," +
                                       github_review(12, "bea", "DISMISSED", 3, kHead) + "," +
                                       github_dismissal(12, "changes_requested", 5));
         ASSERT_EQ(item.reviews.size(), 2U);
         EXPECT_EQ(item.reviews[1].state, "changes_requested");
         EXPECT_EQ(item.reviews[1].dismissed_at, test::at(day(5)));
         EXPECT_EQ(turn_at(item, 2), "committer");
         EXPECT_EQ(turn_at(item, 4), "author");
         EXPECT_EQ(turn_at(item, 6), "reviewer bea") << "no approval stands";
         // Nobody tells what it had been: no decision.
         EXPECT_EQ(turn_at(github_pull(github_review(11, "bea", "DISMISSED", 2, kHead)), 3), "reviewer");
       }},
      {"GH4",
       [] {
         const std::string start =
             github_push(1, kOld) + "," + github_review(11, "bea", "APPROVED", 2, kOld) + "," + github_push(3, kHead);
         EXPECT_EQ(turn_at(github_pull(start), 2, "no"), "committer");
         EXPECT_EQ(turn_at(github_pull(start), 4, "no"), "committer");
         EXPECT_EQ(turn_at(github_pull(start), 4, "yes"), "reviewer bea");
         const auto dismissed =
             github_pull(github_push(1, kOld) + "," + github_review(11, "bea", "DISMISSED", 2, kOld) + "," +
                         github_push(3, kHead) + "," + github_dismissal(11, "approved", 3, kHead));
         EXPECT_EQ(turn_at(dismissed, 2, "no"), "committer");
         EXPECT_EQ(turn_at(dismissed, 4, "no"), "reviewer bea");
       }},
      {"GH5",
       [] {
         auto merged = github_pull("{'event': 'merged', 'actor': " + github_user("cyd") + ", 'created_at': '" + day(2) +
                                   "', 'commit_id': 'OLD'}");
         merged.number = 9;
         const auto with = [&](const std::string& association) {
           auto database = Database::open(":memory:");
           test::History history;
           history.items = {github_pull(github_review(11, "bea", "APPROVED", 2, kHead, association)), merged};
           test::write(*database, "p", history);
           return turn_of_one(*database);
         };
         EXPECT_EQ(with("MEMBER"), Turn::committer);
         EXPECT_EQ(with("NONE"), Turn::reviewer);
       }},
      {"GH6",
       [] {
         const std::string bea = "'requested_reviewer': " + github_user("bea");
         const auto asked = github_pull(github_request("review_requested", "ann", bea, 2) + "," +
                                        github_request("review_request_removed", "ann", bea, 4));
         EXPECT_EQ(turn_at(asked, 1), "reviewer");
         EXPECT_EQ(turn_at(asked, 3), "reviewer bea") << "the author asked";
         EXPECT_EQ(turn_at(asked, 5), "reviewer");
         const auto again = github_pull(github_review(11, "bea", "CHANGES_REQUESTED", 2, kHead) + "," +
                                        github_request("review_requested", "ann", bea, 4));
         EXPECT_EQ(turn_at(again, 3), "author");
         EXPECT_EQ(turn_at(again, 5), "reviewer bea") << "asked to look again";
         const auto answered = github_pull(github_request("review_requested", "ann", bea, 2) + "," +
                                           github_review(11, "bea", "COMMENTED", 4, kHead));
         EXPECT_EQ(turn_at(answered, 3), "reviewer bea");
         // Removed after the moment: it stood then. Asked before anything was told: by the item alone.
         const auto silent = github_pull("", "", ", 'requested_reviewers': [" + github_user("bea") + "]");
         EXPECT_EQ(turn_at(silent, 2), "reviewer bea");
       }},
      {"GH7",
       [] {
         const std::string core = "'requested_team': {'slug': 'core', 'name': 'Core'}";
         const auto asked = github_pull(github_request("review_requested", "ann", core, 2) + "," +
                                        github_request("review_request_removed", "ann", core, 4));
         EXPECT_EQ(turn_at(asked, 3), "reviewer team core");
         EXPECT_EQ(turn_at(asked, 5), "reviewer");
         const auto open = github_pull(github_request("review_requested", "ann", core, 2), "",
                                       ", 'requested_teams': [{'slug': 'core', 'name': 'Core'}]");
         EXPECT_EQ(turn_at(open, 5), "reviewer team core");
         const auto answered = github_pull(github_request("review_requested", "ann", core, 2) + "," +
                                           github_review(11, "bea", "APPROVED", 4, kHead));
         EXPECT_EQ(turn_at(answered, 3), "reviewer team core");
         EXPECT_EQ(turn_at(answered, 5), "committer");
       }},
      {"GH8",
       [] {
         const auto item = github_pull(
             github_review(11, "bea", "COMMENTED", 5, kHead),
             "{'id': 51, 'pull_request_review_id': 11, 'user': " + github_user("bea") + ", 'created_at': '" + day(2) +
                 "', 'body': 'Why is this needed?', 'path': 'a.c'}, {'id': 52, 'pull_request_review_id': 12, 'user': " +
                 github_user("cyd") + ", 'created_at': '" + day(7) + "', 'body': 'So is this.', 'path': 'a.c'}");
         EXPECT_EQ(turn_at(item, 3), "reviewer") << "drafted, seen by nobody";
         EXPECT_EQ(turn_at(item, 6), "author");
       }},
      {"GH9",
       [] {
         const auto event = [](const char* kind, int on) {
           return std::string(", {'event': '") + kind + "', 'actor': " + github_user("bea") + ", 'created_at': '" +
                  day(on) + "'}";
         };
         const std::string approved = github_review(11, "bea", "APPROVED", 2, kHead);
         const auto armed = github_pull(approved + event("auto_squash_enabled", 3) + event("auto_merge_disabled", 5));
         EXPECT_EQ(turn_at(armed, 4), "nobody");
         EXPECT_EQ(turn_at(armed, 6), "committer");
         const auto queued = github_pull(approved + event("auto_merge_enabled", 3) + event("added_to_merge_queue", 3) +
                                         event("removed_from_merge_queue", 5));
         EXPECT_EQ(turn_at(queued, 4), "nobody");
         EXPECT_EQ(turn_at(queued, 6), "committer");
         EXPECT_EQ(turn_at(github_pull(approved + event("auto_merge_enabled", 3)), 12), "committer")
             << "a week is over";
       }},
      {"GL1",
       [] {
         const auto item = Gitlab()
                               .note("bea", 2, "approved this merge request")
                               .note("bea", 4, "unapproved this merge request")
                               .done();
         EXPECT_EQ(turn_at(item, 3), "committer");
         EXPECT_EQ(turn_at(item, 5), "reviewer bea");
       }},
      {"GL2",
       [] {
         const auto item = Gitlab()
                               .note("bea", 2, "approved this merge request")
                               .note("bea", 3, "requested changes")
                               .note("cyd", 4, "approved this merge request")
                               .note("bea", 6, "approved this merge request")
                               .done();
         EXPECT_EQ(turn_at(item, 2), "committer");
         EXPECT_EQ(turn_at(item, 5), "author");
         EXPECT_EQ(turn_at(item, 7), "committer");
       }},
      {"GL3",
       [] {
         const auto item = Gitlab()
                               .note("bea", 2, "requested changes")
                               .note("cyd", 3, "approved this merge request")
                               .note("dan", 5, "bypassed reviews on this merge request")
                               .done();
         EXPECT_EQ(turn_at(item, 4), "author");
         EXPECT_EQ(turn_at(item, 6), "committer");
       }},
      {"GL4",
       [] {
         const auto item = Gitlab()
                               .note("bea", 2, "approved this merge request")
                               .note("cyd", 2, "approved this merge request")
                               .note("ann", 4, "reset approvals from @bea and @cyd by pushing to the branch")
                               .done();
         EXPECT_EQ(turn_at(item, 3, "no"), "committer");
         EXPECT_EQ(turn_at(item, 5, "no").substr(0, 8), "reviewer");
         // No note, and gone from the list: with the next push.
         const auto silent = Gitlab()
                                 .note("bea", 2, "approved this merge request")
                                 .note("ann", 4, "added 1 commit")
                                 .approvals("{'approved_by': []}")
                                 .done();
         EXPECT_EQ(turn_at(silent, 3, "no"), "committer");
         EXPECT_EQ(turn_at(silent, 5, "no"), "reviewer bea");
       }},
      {"GL6",
       [] {
         const auto item = Gitlab()
                               .note("bea", 2, "approved this merge request")
                               .note("bea", 3, "enabled an automatic merge when all merge checks for 1234abcd pass")
                               .note("bea", 5, "canceled the automatic merge")
                               .note("bea", 6, "added this merge request to the merge train at position 2")
                               .note("bea", 8, "removed this merge request from the merge train because it conflicts")
                               .done();
         EXPECT_EQ(turn_at(item, 4), "nobody");
         EXPECT_EQ(turn_at(item, 5), "committer");
         EXPECT_EQ(turn_at(item, 7), "nobody");
         EXPECT_EQ(turn_at(item, 9), "committer");
       }},
      {"GL5", [] { EXPECT_EQ(turn_at(Gitlab().done({"bea"}), 2), "reviewer bea"); }},
      {"GT1",
       [] {
         const auto with = [](const std::string& official) {
           auto merged = Gitea().entry("merge_pull", "cyd", 2).done();
           merged.number = 9;
           auto database = Database::open(":memory:");
           test::History history;
           history.items = {
               Gitea().review(11, "bea", "APPROVED", 2, ", 'official': " + official).sent(11, "bea", 2).done(), merged};
           test::write(*database, "p", history);
           return turn_of_one(*database);
         };
         EXPECT_EQ(with("true"), Turn::committer);
         EXPECT_EQ(with("false"), Turn::reviewer);
       }},
      {"GT2",
       [] {
         const auto item = Gitea()
                               .review(11, "bea", "REQUEST_CHANGES", 2,
                                       ", 'official': false, 'dismissed': true, 'updated_at': '2024-01-09T00:00:00Z'")
                               .sent(11, "bea", 2)
                               .review(12, "bea", "APPROVED", 5, ", 'official': true")
                               .sent(12, "bea", 5)
                               .done();
         EXPECT_EQ(turn_at(item, 3), "author") << "it was official until it was overtaken";
         EXPECT_EQ(turn_at(item, 6), "committer");
       }},
      {"GT3",
       [] {
         const auto item = Gitea()
                               .review(11, "bea", "REQUEST_CHANGES", 2, ", 'official': true, 'dismissed': true")
                               .sent(11, "bea", 2)
                               .entry("dismiss_review", "cyd", 5, ", 'review_id': 11")
                               .done();
         EXPECT_EQ(turn_at(item, 4), "author");
         EXPECT_EQ(turn_at(item, 6), "reviewer bea");
       }},
      {"GT4",
       [] {
         Gitea pull;
         pull.review(11, "bea", "APPROVED", 2, ", 'official': true, 'stale': true, 'commit_id': 'OLD'")
             .sent(11, "bea", 2);
         ItemRecord item = pull.done();
         EventRecord push;
         push.kind = "committed";
         push.sha = kHead;
         push.actor = item.author;
         push.occurred_at = test::at(day(4));
         item.events.push_back(push);
         EXPECT_EQ(turn_at(item, 3, "no"), "committer");
         EXPECT_EQ(turn_at(item, 5, "no"), "committer");
         EXPECT_EQ(turn_at(item, 5, "yes"), "reviewer bea");
       }},
      {"GT5",
       [] {
         const auto item = Gitea()
                               .review(11, "bea", "REQUEST_CHANGES", 2, ", 'official': true")
                               .sent(11, "bea", 2)
                               .review(12, "cyd", "APPROVED", 4, ", 'official': true")
                               .sent(12, "cyd", 4)
                               .done();
         EXPECT_EQ(turn_at(item, 5), "author");
       }},
      {"GT6",
       [] {
         const auto item = Gitea().review(11, "bea", "APPROVED", 2, ", 'official': true").sent(11, "bea", 6).done();
         EXPECT_EQ(turn_at(item, 4), "reviewer");
         EXPECT_EQ(turn_at(item, 7), "committer");
       }},
      {"GT7",
       [] {
         const auto item =
             Gitea()
                 .entry("review_request", "ann", 2,
                        ", 'assignee': null, 'assignee_team': {'name': 'core'}, 'removed_assignee': false")
                 .review(11, "", "REQUEST_REVIEW", 2, ", 'team': {'name': 'core'}")
                 .done();
         EXPECT_EQ(turn_at(item, 3), "reviewer team core");
       }},
      {"GT8",
       [] {
         const auto item = Gitea()
                               .review(11, "bea", "APPROVED", 2, ", 'official': true")
                               .sent(11, "bea", 2)
                               .entry("pull_scheduled_merge", "bea", 3)
                               .entry("pull_cancel_scheduled_merge", "bea", 5)
                               .done();
         EXPECT_EQ(turn_at(item, 4), "nobody");
         EXPECT_EQ(turn_at(item, 6), "committer");
       }},
      {"GR1",
       [] {
         EXPECT_EQ(turn_at(Change().votes("bea", 2, "Code-Review+2").done(), 3), "committer");
         EXPECT_EQ(turn_at(Change().votes("bea", 2, "Code-Review-1").done(), 3), "author");
         EXPECT_EQ(turn_at(Change().votes("bea", 2, "Code-Review+1").done(), 3), "reviewer");
         EXPECT_EQ(Change().votes("bea", 2, "Code-Review+1").done().labels, std::vector<std::string>{"Code-Review+1"});
         // Only the lowest stands in the way of another's approval.
         const auto veto = Change().votes("bea", 2, "Code-Review-2").done().reviews.at(0);
         const auto doubt = Change().votes("bea", 2, "Code-Review-1").done().reviews.at(0);
         EXPECT_TRUE(veto.is_official.value() && !doubt.is_official.value());
         // Another label of the project's votes only where the settings say so.
         EXPECT_TRUE(Change().votes("bea", 2, "API-Review-1").done().reviews.empty());
         EXPECT_EQ(Change().votes("bea", 2, "API-Review-1").done().labels, std::vector<std::string>{"API-Review-1"});
       }},
      {"GR2",
       [] {
         const auto after = [](const std::string& kind, const std::string& told = "") {
           return Change().votes("bea", 2, "Code-Review+2").patch_set(4, kind, told).done();
         };
         EXPECT_EQ(turn_at(after("REWORK"), 3), "committer");
         EXPECT_EQ(turn_at(after("REWORK"), 5), "reviewer bea");
         EXPECT_EQ(turn_at(after("TRIVIAL_REBASE"), 5), "committer");
         // Whatever the setting for pushes is: Gerrit has told of each vote.
         EXPECT_EQ(turn_at(after("REWORK"), 5, "no"), "reviewer bea");
         // The upload's own word counts before the rule's.
         EXPECT_EQ(turn_at(after("REWORK", "\n\nCopied Votes:\n* Code-Review+2 (copy condition: **is:MAX**)\n"), 5),
                   "committer");
         EXPECT_EQ(turn_at(after("TRIVIAL_REBASE", "\n\nOutdated Votes:\n* Code-Review+2\n"), 5), "reviewer bea");
         // Without a condition nothing goes along, and what stands in the end stood all along.
         Change plain;
         plain.settings.rules["Code-Review"].copy_condition = "";
         plain.votes("bea", 2, "Code-Review+2").silent_set(4, "NO_CHANGE");
         EXPECT_EQ(turn_at(plain.done(), 5), "reviewer bea");
         EXPECT_EQ(turn_at(plain.standing("bea", "Code-Review", 2).done(), 5), "committer");
       }},
      {"GR3",
       [] {
         const auto goes = [](const char* condition, const char* kind, int value = 1) {
           return gerrit::copies({-2, 2, condition}, value, kind);
         };
         EXPECT_EQ(goes("changekind:REWORK", "REWORK"), true);
         EXPECT_EQ(goes("changekind:TRIVIAL_REBASE", "NO_CHANGE"), true);
         EXPECT_EQ(goes("changekind:TRIVIAL_REBASE", "NO_CODE_CHANGE"), false);
         EXPECT_EQ(goes("changekind:TRIVIAL_REBASE_WITH_MESSAGE_UPDATE", "NO_CODE_CHANGE"), true);
         EXPECT_EQ(goes("is:MIN OR is:MAX", "REWORK", -2), true);
         EXPECT_EQ(goes("is:MIN OR (is:MAX AND NOT changekind:REWORK)", "NO_CODE_CHANGE", 2), false);
         EXPECT_EQ(goes("is:ANY -is:MAX", "REWORK", 2), false);
         EXPECT_EQ(goes("approverin:core", "REWORK"), std::nullopt);
         EXPECT_EQ(goes("approverin:core OR is:ANY", "REWORK"), true);
         EXPECT_EQ(goes("has:unchanged-files AND is:MAX", "REWORK", 1), false);
         EXPECT_EQ(goes("", "NO_CHANGE"), false);
         EXPECT_EQ(goes("is:", "NO_CHANGE"), std::nullopt);
         EXPECT_EQ(goes("((is:ANY", "NO_CHANGE"), std::nullopt);
       }},
      {"GR4",
       [] {
         const auto change = Change()
                                 .votes("bea", 2, "Code-Review-2")
                                 .patch_set(4, "REWORK")
                                 .message("ann", 6, "Patch Set 2: Done.")
                                 .votes("cyd", 8, "Code-Review+2")
                                 .votes("bea", 10, "Code-Review+2")
                                 .done();
         EXPECT_EQ(turn_at(change, 3), "author");
         EXPECT_EQ(turn_at(change, 5), "author") << "uploading alone hands nothing over";
         EXPECT_EQ(turn_at(change, 7), "reviewer bea");
         EXPECT_EQ(turn_at(change, 9), "reviewer bea") << "another approved";
         EXPECT_EQ(turn_at(change, 11), "committer");
       }},
      {"GR5",
       [] {
         EXPECT_EQ(turn_at(Change().votes("bea", 2, "Code-Review+2").votes("bea", 4, "-Code-Review").done(), 5),
                   "reviewer bea");
         const auto removed = [](const std::string& text, const std::string& tag) {
           return Change().votes("bea", 2, "Code-Review+2").message("cyd", 4, text, tag).done();
         };
         EXPECT_EQ(turn_at(removed("Removed Code-Review+2 by <GERRIT_ACCOUNT_198>\n", "gerrit:deleteVote"), 5),
                   "reviewer bea");
         EXPECT_EQ(turn_at(removed("Removed Code-Review+2 by bea <b@x>\n", "gerrit:deleteVote"), 5), "reviewer bea");
         EXPECT_EQ(turn_at(removed("Removed Code-Review+2 by <GERRIT_ACCOUNT_199>\n", "gerrit:deleteVote"), 5),
                   "committer")
             << "another's";
         EXPECT_EQ(turn_at(removed("Removed reviewer bea with the following votes:\n\n* Code-Review+2 by bea\n",
                                   "gerrit:deleteReviewer"),
                           5),
                   "reviewer bea");
         // Lowered to what decides nothing.
         EXPECT_EQ(turn_at(Change().votes("bea", 2, "Code-Review+2").votes("bea", 4, "Code-Review+1").done(), 5),
                   "reviewer bea");
       }},
      {"GR6",
       [] {
         Change change;
         change.votes("bea", 2, "Code-Review+2").silent_set(4, "REWORK", "bea");
         change.message("bea", 4, "Change has been successfully cherry-picked as 2", "gerrit:merged");
         change.status = "MERGED";
         const auto item = change.done();
         EXPECT_EQ(item.head_sha, Change::sha(1));
         EXPECT_EQ(item.merge_sha, Change::sha(2));
         EXPECT_EQ(item.merged_at, test::at(day(4)));
         for (const auto& event : item.events) EXPECT_NE(event.kind, "head_ref_force_pushed");
         EXPECT_FALSE(item.reviews.at(0).dismissed_at);
         EXPECT_EQ(turn_at(item, 3), "committer");
         EXPECT_EQ(turn_at(item, 5), "not open");
       }},
      {"GR7",
       [] {
         Change change;
         change.votes("bea", 2, "Code-Review-1").attention("ann", 2).attention("cyd", 1).attention("bea", 2, false);
         EXPECT_EQ(turn_at(change.done(), 3), "author");
         EXPECT_EQ(turn_at(Change(change).patch_set(5, "REWORK").done(), 6), "author") << "uploading alone is no turn";
         EXPECT_EQ(turn_at(Change().attention("cyd", 3).attention("ann", 2).done(), 4), "reviewer cyd");
         // Our own: a push alone hands nothing over, words answer what does not block, but no veto.
         const auto doubted = [](const std::string& vote) { return Change().votes("bea", 2, vote); };
         EXPECT_EQ(
             turn_at(Change().message("bea", 2, "Patch Set 1:\n\nCould you add a test?").patch_set(3, "REWORK").done(),
                     4),
             "author");
         EXPECT_EQ(turn_at(doubted("Code-Review-1").message("ann", 3, "Patch Set 1:\n\nI would keep it.").done(), 4),
                   "reviewer bea");
         EXPECT_EQ(turn_at(doubted("Code-Review-2").message("ann", 3, "Patch Set 1:\n\nI would keep it.").done(), 4),
                   "author");
         // Nobody in it: as it was written.
         EXPECT_EQ(turn_at(Change().votes("bea", 2, "Code-Review-1").attention("ann", 4, false).done(), 5), "author");
         EXPECT_EQ(turn_at(Change().patch_set(2, "REWORK", "", "ann", true).attention("ann", 2, false).done(), 5),
                   "author");
       }},
      {"GR8",
       [] {
         const auto answer = Change()
                                 .message("zoe", 2, "Patch Set 1: Verified-1\n\nBuild failed", "zuul:check")
                                 .patch_set(3, "REWORK")
                                 .message("zoe", 4, "Patch Set 2: Verified+1", "zuul:check")
                                 .message("zoe", 5, "Patch Set 2: -Verified", "zuul:check")
                                 .message("yan", 6, "Starting", "other:ci")
                                 .answer();
         ASSERT_EQ(answer.runs.size(), 3U);
         EXPECT_EQ(answer.runs[0].conclusion, "failure");
         EXPECT_EQ(answer.runs[0].sha, Change::sha(1));
         EXPECT_EQ(answer.runs[1].conclusion, "success");
         EXPECT_EQ(answer.runs[2].status, "in_progress");
         EXPECT_EQ(answer.runs[2].name, "Verified (zoe)");
         std::set<std::string> bots;
         for (const auto& comment : answer.item.comments)
           if (comment.author.account_type == "Bot") bots.insert(comment.author.login);
         EXPECT_EQ(bots, (std::set<std::string>{"yan", "zoe"}));
       }},
      {"GR9",
       [] {
         // Bea's last coming is of the 6th: whether she was in it on the 4th is not known.
         const auto change = Change().attention("ann", 2).attention("bea", 6).done();
         EXPECT_EQ(turn_at(change, 4), "reviewer") << "by what was written";
         EXPECT_EQ(turn_at(change, 7), "reviewer bea");
         auto kept = change;
         EventRecord earlier = kept.events.front();
         for (const auto& event : change.events)
           if (event.kind == "attention_added" && event.subject.login == "bea") earlier = event;
         earlier.kind = "attention_removed";
         earlier.key = "earlier";
         earlier.occurred_at = test::at(day(3));
         kept.events.push_back(earlier);
         EXPECT_EQ(turn_at(kept, 4), "author") << "an earlier reading saw her leave";
       }},
      {"IA1",
       [] {
         json::Parser parser;
         const auto item =
             ietf::item(json::parse(parser, json_text(R"({'number': 1, 'title': 'One', 'state': 'OPEN', 'author': 'ann',
           'createdAt': '2024-01-01T00:00:00Z', 'updatedAt': '2024-01-20T00:00:00Z', 'headRefOid': 'HEAD', 'comments': [],
           'reviews': [{'id': 'r', 'author': 'bea', 'authorAssociation': 'MEMBER', 'state': 'CHANGES_REQUESTED', 'body': 'No.',
             'createdAt': '2024-01-02T00:00:00Z', 'updatedAt': '2024-01-05T00:00:00Z', 'commit': {'abbreviatedOid': '2222222'},
             'comments': [{'body': 'Why?', 'createdAt': '2024-01-02T00:00:00Z', 'updatedAt': '2024-01-05T00:00:00Z'},
                          {'body': 'And this?', 'createdAt': '2024-01-04T00:00:00Z', 'updatedAt': '2024-01-09T00:00:00Z'}]},
            {'id': 's', 'author': 'cyd', 'authorAssociation': 'MEMBER', 'state': 'COMMENTED', 'body': 'Fine.',
             'createdAt': '2024-01-03T00:00:00Z', 'updatedAt': '2024-01-19T00:00:00Z', 'comments': []}]})")),
                        true, fail);
         ASSERT_EQ(item.reviews.size(), 2U);
         EXPECT_EQ(item.reviews[0].submitted_at, test::at(day(5)));
         EXPECT_EQ(item.reviews[1].submitted_at, test::at(day(3))) << "a text alone is sent as it is written";
         EXPECT_EQ(turn_at(item, 2), "reviewer");
         EXPECT_EQ(turn_at(item, 5), "author");
       }},
  };
  return list;
}

TEST(ReviewRules, EachRowOfTheTableHolds) {
  for (const auto& [id, check] : rows()) {
    SCOPED_TRACE(id);
    check();
  }
}

TEST(ReviewRules, EachRowOfTheGuideHasATestAndTheOtherWayRound) {
  std::ifstream file(std::string(RESIDENT_SOURCE_DIR) + "/docs/guide/review-rules.md");
  ASSERT_TRUE(file);
  std::set<std::string> in_guide, in_tests;
  for (std::string line; std::getline(file, line);)
    if (line.size() > 5 && line.starts_with("| ") && std::isdigit(static_cast<unsigned char>(line[4])))
      in_guide.insert(line.substr(2, 3));
  for (const auto& [id, check] : rows()) in_tests.insert(id);
  EXPECT_EQ(in_guide, in_tests);
}

}  // namespace
}  // namespace resident
