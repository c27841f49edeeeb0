#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/archive/jsonl_objects.hpp>
#include <sources/forge/item_parts.hpp>

namespace resident::jsonl {

namespace {

using json::Object;

std::string key_of(const Object& object, std::string_view key, std::string_view fallback, std::size_t position) {
  const auto element = object.element(key);
  if (!element) return fmt::format("{}/{}", fallback, position);
  std::string_view text;
  if (!element->get(text)) return std::string(text);
  return std::to_string(object.required_integer(key));
}

class ItemReader {
 public:
  ItemReader(ItemRecord& item, const std::string& provider, const github::Problem& problem)
      : item_(item), provider_(provider), problem_(problem) {}

  PersonRecord person_at(const Object& object, std::string_view key) const {
    const auto element = object.element(key);
    return element ? person(*element, provider_, fmt::format("{}.{}", object.name(), key)) : PersonRecord{};
  }

  std::vector<PersonRecord> persons(const Object& object, std::string_view key) const {
    std::vector<PersonRecord> result;
    if (const auto array = object.array(key))
      for (const json::Element element : *array)
        if (!element.is_null())  // null: a deleted account
          if (PersonRecord record = person(element, provider_, std::string(key)); record.known())
            result.push_back(std::move(record));
    return result;
  }

  template <class Read>
  void each(const Object& object, std::string_view key, const Read& read) const {
    json::each_object(object, key, problem_, read);
  }

  void event(const Object& object) const {
    EventRecord record;
    record.kind = object.required_text("event");
    record.occurred_at = object.required_time("at");
    record.actor = person_at(object, "actor");
    record.subject = person_at(object, "subject");
    record.label = object.text("label");
    record.sha = object.text("sha");
    record.detail = object.text("detail");
    if (object.has("milestone")) record.detail = object.text("milestone");
    if (record.kind == "renamed") record.detail = fmt::format("{} → {}", object.text("from"), object.text("to"));
    if (record.kind == "commented") {
      CommentRecord comment;
      comment.key = key_of(object, "id", "comment", item_.comments.size());
      comment.author = record.actor;
      comment.created_at = *record.occurred_at;
      comment.updated_at = object.time("updated_at");
      comment.body = object.text("body");
      record.key = "comment/" + comment.key;
      item_.comments.push_back(std::move(comment));
    } else if (record.kind == "reviewed") {
      review(object, record);
    } else if (record.kind == "review_dismissed") {
      dismissal(object, record);
    } else if (object.has("team")) {
      record.detail = object.text("team");
    }
    item_.events.push_back(std::move(record));
  }

 private:
  void review(const Object& object, EventRecord& record) const {
    ReviewRecord review;
    review.key = key_of(object, "id", "review", item_.reviews.size());
    review.author = record.actor;
    if (object.has("state")) review.state = to_lower(object.text("state"));
    review.submitted_at = record.occurred_at;
    review.body = object.text("body");
    review.sha = record.sha;
    if (object.has("official")) review.is_official = object.boolean("official");
    record.key = "review/" + review.key;
    each(object, "comments", [&](const Object& comment) {
      CommentRecord inline_comment;
      inline_comment.kind = "inline";
      inline_comment.key = key_of(comment, "id", "inline", item_.comments.size());
      inline_comment.review_key = review.key;
      inline_comment.author = comment.has("author") ? person_at(comment, "author") : review.author;
      inline_comment.created_at = comment.has("at") ? comment.required_time("at") : *record.occurred_at;
      inline_comment.body = comment.text("body");
      inline_comment.path = comment.text("path");
      inline_comment.line = comment.integer("line");
      if (comment.has("reply_to")) inline_comment.reply_to = key_of(comment, "reply_to", "", 0);
      item_.comments.push_back(std::move(inline_comment));
    });
    item_.reviews.push_back(std::move(review));
  }

  // `review`: the id of the one that was dismissed; without it, the last standing decision of `subject`. `was`: what it
  // had been, where the review itself says "dismissed".
  void dismissal(const Object& object, EventRecord& record) const {
    record.detail = to_lower(object.text("was"));
    const std::string key = object.has("review") ? key_of(object, "review", "", 0) : std::string();
    for (auto each = item_.reviews.rbegin(); each != item_.reviews.rend(); ++each) {
      const bool is_it = key.empty() ? each->author.known() && each->author.login == record.subject.login &&
                                           each->author.email == record.subject.email && each->state != "commented"
                                     : each->key == key;
      if (!is_it || each->dismissed_at) continue;
      each->dismissed_at = record.occurred_at;
      if (each->state == "dismissed" && !record.detail.empty()) each->state = record.detail;
      if (each->state != "dismissed") record.detail = each->state;
      record.subject = each->author;
      return;
    }
  }

  ItemRecord& item_;
  const std::string& provider_;
  const github::Problem& problem_;
};

}  // namespace

namespace {

// GitHub's and Gitea's stand-in for accounts that were deleted: nobody in particular (docs/adr/0004).
bool is_stand_in(const PersonRecord& record) {
  constexpr std::int64_t kGitHubs = 10137;
  const std::int64_t id = record.account_id.value_or(kGitHubs);
  return to_lower(record.login) == "ghost" && (id == kGitHubs || id < 1);
}

// `gh` writes GitHub's apps as "app/dependabot"; everywhere else they are "dependabot[bot]".
void name_app(PersonRecord& record) {
  constexpr std::string_view kApp = "app/";
  if (record.provider != "github" || !record.login.starts_with(kApp) || record.login.size() == kApp.size()) return;
  record.login = record.login.substr(kApp.size()) + "[bot]";
  record.account_type = "Bot";
}

}  // namespace

PersonRecord person(json::Element element, const std::string& provider, const std::string& name) {
  PersonRecord record;
  record.provider = provider;
  std::string_view login;
  if (!element.get(login)) {
    record.login = login;
    name_app(record);
    return is_stand_in(record) ? PersonRecord{} : record;
  }
  const Object object(element, name);
  record.login = object.text("login");
  record.account_id = object.integer("id");
  record.name = object.text("name");
  record.email = object.text("email");
  record.account_type = object.text("type");
  name_app(record);
  if (record.login.empty() && record.email.empty())
    throw Error(fmt::format("{}: a person needs a login or an e-mail", name));
  if (record.login.empty()) record.provider = "git";
  if (is_stand_in(record)) return {};
  return record;
}

ItemRecord item(const Object& object, const std::string& provider, const github::Problem& problem) {
  ItemRecord item;
  const ItemReader reader(item, provider, problem);
  item.is_pull = object.required_text("record") == "pull";
  item.number = json::item_number(object);
  item.title = object.required_text("title");
  item.body = object.text("body");
  item.author = reader.person_at(object, "author");
  item.author_association = object.text("author_association");
  item.created_at = object.required_time("created_at");
  item.updated_at = object.time("updated_at");
  item.closed_at = object.time("closed_at");
  item.merged_at = object.time("merged_at");
  item.state = object.has("state") ? to_lower(object.text("state")) : item.closed_at ? "closed" : "open";
  if (item.state != "open" && item.state != "closed")
    throw Error(fmt::format("the state is neither open nor closed: {}", one_line(item.state.substr(0, 100))));
  for (const auto& end : {item.closed_at, item.merged_at})
    if (end && *end < item.created_at)
      throw Error(
          fmt::format("it ended on {}, before it began on {}", format_time(*end), format_time(item.created_at)));
  if (item.merged_at && item.state == "open") throw Error("it is open and was merged: one of both is wrong");
  item.state_reason = object.text("state_reason");
  item.merged_by = reader.person_at(object, "merged_by");
  item.is_draft = object.boolean("draft");
  item.is_locked = object.boolean("locked");
  item.milestone = object.text("milestone");
  item.head_sha = object.text("head_sha");
  item.base_ref = object.text("base_ref");
  item.merge_sha = object.text("merge_sha");
  const auto count = [&](const Object& of, const char* name) {
    const auto number = of.integer(name);
    if (!number || *number >= 0) return number;
    problem(name, fmt::format("{} is less than 0: {}", name, *number));
    return std::optional<std::int64_t>();
  };
  item.additions = count(object, "additions");
  item.deletions = count(object, "deletions");
  item.changed_files = count(object, "changed_files");
  item.commit_count = count(object, "commits");
  item.url = object.text("url");
  if (const auto labels = object.array("labels"))
    for (const json::Element label : *labels) item.labels.push_back(json::text_of(label, "labels"));
  item.assignees = reader.persons(object, "assignees");
  item.requested_reviewers = reader.persons(object, "requested_reviewers");
  if (const auto teams = object.array("requested_teams"))
    for (const json::Element team : *teams) item.requested_teams.push_back(json::text_of(team, "requested_teams"));
  reader.each(object, "files", [&](const Object& file) {
    item.files.push_back({file.required_text("path"), count(file, "additions"), count(file, "deletions")});
  });
  reader.each(object, "timeline", [&](const Object& event) { reader.event(event); });
  if (const auto original = object.integer("duplicate_of")) {
    EventRecord event;
    event.kind = "marked_as_duplicate";
    event.detail = fmt::format("#{}", *original);
    event.occurred_at = item.closed_at ? item.closed_at : item.updated_at ? item.updated_at : item.created_at;
    event.is_derived = true;
    item.events.push_back(std::move(event));
  }
  json::derive_ends(item);  // what a timeline leaves out, too
  return item;
}

namespace {

ci::Outcome outcome(const std::string& word) {
  const auto known = ci::outcome_of_word(word);
  if (!known) throw Error(fmt::format("tests: there is no outcome called {}", one_line(word.substr(0, 60))));
  return *known;
}

ci::TestResult test_result(const Object& object) {
  ci::TestResult result;
  result.suite = object.text("suite");
  result.name = object.required_text("name");
  result.seconds = object.number("seconds");
  result.message = object.text("message");
  if (const auto attempts = object.array("attempts"))
    for (const json::Element each : *attempts) {
      std::string_view word;
      if (each.get(word)) throw Error("tests.attempts: expected text");
      result.attempts.push_back(outcome(std::string(word)));
    }
  result.outcome = result.attempts.empty() ? outcome(object.required_text("outcome")) : ci::outcome_of(result.attempts);
  if (result.attempts.empty()) result.attempts = {result.outcome};
  return result;
}

}  // namespace

CiRunRecord ci_run(const Object& object) {
  CiRunRecord record;
  record.key = key_of(object, "id", "run", 0);
  if (!object.has("id")) throw Error("ci_run.id: expected text or a number, found nothing");
  record.name = object.required_text("name");
  record.status = object.required_text("status");
  record.sha = object.text("sha");
  record.branch = object.text("branch");
  record.conclusion = object.text("conclusion");
  record.started_at = object.time("started_at");
  record.finished_at = object.time("finished_at");
  if (const auto pull = object.integer("pull")) record.item_id = *pull * 2 + 1;
  return record;
}

std::optional<TestRunRecord> test_run(const Object& object, const CiRunRecord& run) {
  TestRunRecord record;
  record.incomplete = object.text("incomplete");
  if (const auto tests = object.array("tests"))
    for (const json::Element element : *tests) record.results.push_back(test_result(Object(element, "tests")));
  if (record.results.empty() && record.incomplete.empty()) return std::nullopt;
  record.key = run.key, record.configuration = run.name;
  record.sha = run.sha, record.branch = run.branch;
  record.item_id = run.item_id;
  record.at = run.finished_at ? *run.finished_at : run.started_at.value_or(0);
  return record;
}

BenchmarkRecord benchmark(const Object& object) {
  BenchmarkRecord record;
  record.name = object.required_text("name");
  record.sha = object.required_text("sha");
  record.machine = object.text("machine");
  record.unit = object.required_text("unit");
  record.at = object.required_time("at");
  if (!object.has("value")) throw Error("benchmark.value: expected a number, found nothing");
  record.value = *object.number("value");
  return record;
}

}  // namespace resident::jsonl
