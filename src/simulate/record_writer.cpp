#include "simulate/record_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

constexpr const char* kEventNames[] = {
    "commented", "reviewed",  "reviewed",         "reviewed", "committed",        "head_ref_force_pushed",
    "labeled",   "unlabeled", "milestoned",       "assigned", "review_requested", "closed",
    "reopened",  "merged",    "ready_for_review", "renamed",  "cross-referenced"};

const char* association(const Item& item, bool pull) {
  if (item.standing >= Standing::core || item.author == kBackportBot) return "MEMBER";
  if (item.contributed) return "CONTRIBUTOR";
  return pull && item.first_time ? "FIRST_TIME_CONTRIBUTOR" : "NONE";
}

bool is_review(EventKind kind) {
  return kind == EventKind::approved || kind == EventKind::changes_requested || kind == EventKind::reviewed;
}

}  // namespace

std::string title_of(const Issue& issue) {
  return issue_title(issue.topic, issue.type, issue.seed);
}

std::string original_title_of(const Pull& pull) {
  if (pull.type == PullType::backport)
    return fmt::format("[{}] {} (#{})", pull.base, pull.original_title, pull.original);
  return pull_title(pull.topic, pull.type, pull.seed);
}

std::string title_of(const Pull& pull) {
  const bool renamed = std::any_of(pull.events.begin(), pull.events.end(),
                                   [](const Event& event) { return event.kind == EventKind::renamed; });
  return renamed ? pull_title(pull.topic, pull.type, pull.seed + 1) : original_title_of(pull);
}

RecordWriter::RecordWriter(const std::filesystem::path& file, const People& people, const Names& labels,
                           const Names& milestones, Timestamp end)
    : path_(file), file_(file, std::ios::binary), people_(people), labels_(labels), milestones_(milestones), end_(end) {
  if (!file_) throw Error("cannot write " + file.string());
}

void RecordWriter::line() {
  json_.end_object();
  json_.new_line();
  file_ << json_.text();
  json_.clear();
}

void RecordWriter::finish() {
  file_.close();
  if (!file_) throw Error("cannot write " + path_.string(), "is the disk full?");
}

void RecordWriter::project(std::uint64_t seed) {
  json_.begin_object();
  json_.add("record", "project");
  json_.add("simulated", true);
  json_.add("seed", seed);
  time("data_until", end_);
  line();
}

void RecordWriter::label(const std::string& name) {
  json_.begin_object();
  json_.add("record", "label");
  json_.add("name", name);
  std::uint64_t hash = 0;
  for (char c : name) hash = mix(hash, static_cast<unsigned char>(c));
  json_.add("color", fmt::format("{:06x}", hash & 0xffffff));
  line();
}

void RecordWriter::milestone(const std::string& title, bool open, Timestamp due) {
  json_.begin_object();
  json_.add("record", "milestone");
  json_.add("title", title);
  json_.add("state", open ? "open" : "closed");
  time("due_at", due);
  line();
}

void RecordWriter::person(std::string_view key, PersonId id, bool with_name) {
  const Person& person = people_[id];
  if (person.deleted) return json_.add_null(key);
  const bool often = !with_name && (person.standing >= Standing::regular || person.standing == Standing::bot);
  if (often && known_.size() <= id) known_.resize(id + 1);
  if (often && !known_[id].empty()) return json_.add_json(key, known_[id]);
  const Identity who = people_.identity(id);
  JsonText json;
  json.begin_object();
  json.add("login", who.login);
  json.add("id", who.account);
  if (with_name && person.standing != Standing::bot && who.account % 10 < 7) json.add("name", who.name);
  // The backport bot is an ordinary account, as such bots often are.
  if (id == kDependencyBot || id == kLabelBot)
    json.add("type", "Bot");
  else if (with_name)
    json.add("type", "User");
  json.end_object();
  json_.add_json(key, json.text());
  if (often) known_[id] = json.text();
}

void RecordWriter::begin(std::string_view record, Item& item, const std::string& title, const std::string& body) {
  std::erase_if(item.events, [&](const Event& event) {
    return event.at >= end_ ||
           (item.closed && event.kind == EventKind::commented && event.at > *item.closed + 10 * kDay);
  });
  std::stable_sort(item.events.begin(), item.events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  json_.begin_object();
  json_.add("record", record);
  json_.add("number", item.number);
  json_.add("title", title);
  json_.add("body", body);
  person("author", item.author, true);
  json_.add("author_association", association(item, record == "pull"));
  time("created_at", item.created);
  time("updated_at", item.events.empty() ? item.created : std::max(item.created, item.events.back().at));
  json_.add("state", item.closed ? "closed" : "open");
  if (item.closed) time("closed_at", *item.closed);
}

void RecordWriter::state(const Item& item, const Names& labels) {
  std::vector<std::int32_t> current;
  std::vector<PersonId> assigned;
  for (const Event& event : item.events) {
    if (event.kind == EventKind::unlabeled || event.kind == EventKind::labeled) std::erase(current, event.reference);
    if (event.kind == EventKind::labeled) current.push_back(event.reference);
    if (event.kind == EventKind::assigned) assigned.push_back(static_cast<PersonId>(event.reference));
  }
  json_.begin_array("labels");
  for (std::int32_t label : current) json_.add("", labels[label]);
  json_.end_array();
  std::erase_if(assigned, [&](PersonId id) { return people_[id].deleted; });
  if (!assigned.empty()) {
    json_.begin_array("assignees");
    for (PersonId id : assigned) person("", id);
    json_.end_array();
  }
  const bool milestoned = std::any_of(item.events.begin(), item.events.end(),
                                      [](const Event& event) { return event.kind == EventKind::milestoned; });
  if (milestoned) json_.add("milestone", milestones_[item.milestone]);
}

void RecordWriter::issue(Issue& issue) {
  begin("issue", issue, title_of(issue), issue_body(issue.topic, issue.type, issue.seed));
  if (issue.closed) json_.add("state_reason", issue.completed ? "completed" : "not_planned");
  state(issue, labels_);
  timeline(issue, nullptr, &issue);
  line();
  ++counts_.issues;
}

void RecordWriter::pull(Pull& pull) {
  std::string body;
  if (pull.type == PullType::backport) {
    const Identity original = people_.identity(pull.co_author);
    body = fmt::format("Backport of #{} to {}.\n(cherry picked from commit {})\n\nCo-authored-by: {} <{}>",
                       pull.original, pull.base, pull.original_id, original.name, original.emails[0]);
  } else {
    body = pull_body(pull.topic, pull.type, pull.fixes, pull.first_time, pull.seed);
  }
  begin("pull", pull, title_of(pull), body);
  state(pull, labels_);
  if (pull.merged) {
    time("merged_at", *pull.merged);
    person("merged_by", pull.merged_by);
    json_.add("merge_sha", pull.merge_id);
  }
  json_.add("draft", pull.draft);
  json_.add("head_sha", pull.head_id);
  json_.add("base_ref", pull.base);
  LineCount total;
  for (const TouchedFile& file : pull.touched) {
    total.added += file.lines.added;
    total.deleted += file.lines.deleted;
  }
  json_.add("additions", total.added);
  json_.add("deletions", total.deleted);
  json_.add("changed_files", pull.touched.size());
  std::size_t commits = 0;
  for (std::size_t i = 0; i < pull.pushed; ++i) commits = pull.pushes[i].forced ? 1 : commits + 1;
  json_.add("commits", commits);
  std::vector<PersonId> requested;
  for (const Event& event : pull.events) {
    if (event.kind == EventKind::review_requested) requested.push_back(static_cast<PersonId>(event.reference));
    if (is_review(event.kind)) std::erase(requested, event.actor);
  }
  std::erase_if(requested, [&](PersonId id) { return people_[id].deleted; });
  if (!requested.empty()) {
    json_.begin_array("requested_reviewers");
    for (PersonId id : requested) person("", id);
    json_.end_array();
  }
  json_.begin_array("files");
  for (const TouchedFile& file : pull.touched) {
    json_.begin_object();
    json_.add("path", file.path);
    json_.add("additions", file.lines.added);
    json_.add("deletions", file.lines.deleted);
    json_.end_object();
  }
  json_.end_array();
  timeline(pull, &pull, nullptr);
  line();
  ++counts_.pulls;
}

void RecordWriter::review(const Event& event, const Pull& pull, const std::string& commit) {
  json_.add("id", ++last_comment_);
  json_.add("state", event.kind == EventKind::approved            ? "approved"
                     : event.kind == EventKind::changes_requested ? "changes_requested"
                                                                  : "commented");
  json_.add("body", comment_text(event.comment, pull.topic, 0, event.seed));
  if (!commit.empty()) json_.add("sha", commit);
  ++counts_.reviews;
  if (event.inline_comments == 0 || pull.touched.empty()) return;
  Random random(event.seed + 1);
  json_.begin_array("comments");
  for (int i = 0; i < event.inline_comments; ++i) {
    const std::string& path = random.pick(pull.touched).path;
    const std::int64_t line = random.between(1, 120), note = ++last_comment_;
    const auto comment = [&](std::int64_t id, Timestamp at, PersonId author, Comment kind, std::int64_t reply_to) {
      if (at >= end_) return;
      json_.begin_object();
      json_.add("id", id);
      time("at", at);
      person("author", author);
      json_.add("body", comment_text(kind, pull.topic, 0, random.next()));
      json_.add("path", path);
      json_.add("line", line);
      if (reply_to != 0) json_.add("reply_to", reply_to);
      json_.end_object();
      ++counts_.comments;
    };
    comment(note, event.at, event.actor, Comment::inline_note, 0);
    if (random.chance(0.45))
      comment(++last_comment_, event.at + random.between(kHour, 3 * kDay), pull.author, Comment::inline_reply, note);
  }
  json_.end_array();
}

void RecordWriter::timeline(const Item& item, const Pull* pull, const Issue* issue) {
  json_.begin_array("timeline");
  std::string commit;  // the newest on the branch
  for (const Event& event : item.events) {
    json_.begin_object();
    json_.add("event", kEventNames[static_cast<std::size_t>(event.kind)]);
    time("at", event.at);
    person("actor", event.actor);
    ++counts_.events;
    switch (event.kind) {
      case EventKind::commented:
        json_.add("id", ++last_comment_);
        json_.add("body", comment_text(event.comment, item.topic, event.reference, event.seed));
        ++counts_.comments;
        break;
      case EventKind::approved:
      case EventKind::changes_requested:
      case EventKind::reviewed:
        review(event, *pull, commit);
        break;
      case EventKind::committed:
      case EventKind::force_pushed:
        commit = pull->pushes[static_cast<std::size_t>(event.reference)].id;
        json_.add("sha", commit);
        break;
      case EventKind::labeled:
      case EventKind::unlabeled:
        json_.add("label", labels_[event.reference]);
        break;
      case EventKind::milestoned:
        json_.add("milestone", milestones_[event.reference]);
        break;
      case EventKind::assigned:
      case EventKind::review_requested:
        person("subject", static_cast<PersonId>(event.reference));
        break;
      case EventKind::merged:
        json_.add("sha", pull->merge_id);
        break;
      case EventKind::closed:
        if (issue != nullptr && event.reference != 0) {
          json_.add("sha", issue->closing_commit);
          json_.add("detail", fmt::format("#{}", event.reference));
        }
        break;
      case EventKind::renamed:
        json_.add("from", original_title_of(*pull));
        json_.add("to", title_of(*pull));
        break;
      case EventKind::cross_referenced:
        json_.add("detail", fmt::format("#{}", event.reference));
        break;
      default:
        break;
    }
    json_.end_object();
  }
  json_.end_array();
}

std::int64_t RecordWriter::ci_run(const CiRun& run) {
  json_.begin_object();
  json_.add("record", "ci_run");
  json_.add("id", ++last_run_);
  json_.add("name", run.builder);
  json_.add("sha", run.id);
  if (run.pull != 0) json_.add("pull", run.pull);
  json_.add("branch", run.branch);
  json_.add("status", !run.started ? "queued" : run.finished ? "completed" : "in_progress");
  if (run.started) time("started_at", run.start);
  if (run.finished) {
    json_.add("conclusion", run.failed ? "failure" : "success");
    time("finished_at", run.end);
    json_.begin_array("tests");
    for (const TestOutcome& test : run.tests) {
      json_.begin_object();
      json_.add("name", test.name);
      if (test.tries.size() > 1) {
        json_.begin_array("attempts");
        for (const bool failed : test.tries) json_.add("", failed ? "fail" : "pass");
        json_.end_array();
      } else {
        json_.add("outcome", test.failed ? "failed" : "passed");
      }
      if (!test.message.empty()) json_.add("message", test.message);
      if (test.seconds > 0) json_.add("seconds", test.seconds);
      json_.end_object();
    }
    json_.end_array();
  }
  line();
  ++counts_.ci_runs;
  return last_run_;
}

void RecordWriter::benchmark(const std::string& name, const std::string& commit, double value, const std::string& unit,
                             Timestamp at, const std::string& machine) {
  json_.begin_object();
  json_.add("record", "benchmark");
  json_.add("name", name);
  json_.add("sha", commit);
  json_.add("value", value, 6);
  json_.add("unit", unit);
  time("at", at);
  json_.add("machine", machine);
  line();
  ++counts_.benchmarks;
}

}  // namespace resident::simulation
