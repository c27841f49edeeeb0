#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/github/reader.hpp>
#include <sources/mail/decode.hpp>

namespace resident::github {

namespace {

constexpr int kBrokenAttempts = 4;
constexpr int kNotModified = 304;
constexpr std::size_t kLongestTag = 500;
constexpr std::int64_t kMostRuns = 1000;     // of workflow runs, newest first
constexpr int kMostJobRequests = 40;         // one a failed run
constexpr Timestamp kJobsSince = 14 * kDay;  // runs whose jobs are asked for
const http::Headers kHeaders{{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}};

std::string pull_number_of(const std::string& url) {
  return url.substr(url.rfind('/') + 1);
}

std::int64_t last_page_of(const http::Response& response) {
  static const RE2 last(R"([?&]page=(\d+)[^>]*>; rel="?last)");
  std::int64_t number = 0;
  const std::string link(response.header("link"));
  return RE2::PartialMatch(link, last, &number) ? number : 0;
}

}  // namespace

Reader::Reader(const SyncOptions& options, ForgeLocation location, http::Client& client, Writer& writer)
    : options_(options), location_(std::move(location)), client_(client), writer_(writer), set_aside_(writer) {}

std::string Reader::repository_url(const std::string& rest) const {
  return fmt::format("{}/repos/{}{}", location_.api_url, location_.path, rest);
}

// The same place in a list of smaller pages; "" where they cannot be smaller.
static std::string with_smaller_pages(const std::string& url) {
  static const RE2 size_pattern(R"([?&]per_page=(\d+))"), page_pattern(R"([?&]page=(\d+))");
  std::int64_t size = 0, number = 1;
  if (!RE2::PartialMatch(url, size_pattern, &size) || size <= 1) return {};
  RE2::PartialMatch(url, page_pattern, &number);
  const std::int64_t factor = size % 2 == 0 ? 2 : 5;  // 100, 50, 25, 5, 1
  if (size % factor != 0) return {};
  std::string smaller = url;
  RE2::Replace(&smaller, R"(per_page=\d+)", fmt::format("per_page={}", size / factor));
  const std::string page = fmt::format("page={}", (number - 1) * factor + 1);
  if (!RE2::Replace(&smaller, R"(([?&])page=\d+)", "\\1" + page)) smaller += "&" + page;
  return smaller;
}

Document Reader::document(const std::string& url, std::string_view key) {
  std::string trouble;
  for (int attempt = 0; attempt < kBrokenAttempts; ++attempt) {
    const http::Response response = client_.get(url, kHeaders);
    Document document;
    document.parser = std::make_unique<json::Parser>(std::size_t{1} << 30);
    document.permanent_url = response.permanent_url;
    document.status = response.status;
    if (response.status >= 400) return document;
    try {
      document.root = json::parse(*document.parser, response.body);
      if (document.object().has(key)) return document;
      trouble = fmt::format("no {} in it", key);
    } catch (const Error& error) {
      trouble = error.what();
    }
    client_.waiter().wait(attempt + 1, "an answer that is none");
  }
  throw http::ServerTrouble(fmt::format("an answer that is none: {}", one_line(trouble)), 0);
}

std::optional<Page> Reader::page(const std::string& url) {
  try {
    return page_of_size(url);
  } catch (const http::ServerTrouble&) {
    const std::string smaller = with_smaller_pages(url);
    if (smaller.empty()) throw;
    return page(smaller);
  }
}

std::optional<Page> Reader::page_of_size(const std::string& url, const std::string& etag) {
  std::string trouble;
  for (int attempt = 0; attempt < kBrokenAttempts; ++attempt) {
    http::Headers headers = kHeaders;
    if (!etag.empty()) headers.emplace_back("If-None-Match", etag);
    const http::Response response = client_.get(url, headers);
    if (response.status == kNotModified && !etag.empty()) {
      Page unchanged;
      unchanged.is_unchanged = true;
      return unchanged;
    }
    if (response.status >= 400) return std::nullopt;
    Page page;
    page.parser = std::make_unique<json::Parser>(std::size_t{1} << 30);
    try {
      json::Element root = json::parse(*page.parser, response.body);
      if (root.is_object()) {
        // Runs, jobs and search results stand in an object.
        const json::Object object(root, "list");
        for (const std::string_view key : {"workflow_runs", "jobs", "items"})
          if (const auto inner = object.element(key)) root = *inner;
      }
      if (root.get(page.items)) throw Error("not a list");
      page.next = response.next_page();
      page.last_page = last_page_of(response);
      page.etag = response.header("etag");
      return page;
    } catch (const Error& error) {
      trouble = error.what();
    }
    client_.waiter().wait(attempt + 1, "an answer that is none");
  }
  throw http::ServerTrouble(fmt::format("a page that is none: {}", one_line(trouble)), 0);
}

bool Reader::each(const std::string& url, const std::function<void(const json::Object&)>& read) {
  std::set<std::string> seen;
  for (std::string next = url; !next.empty();) {
    const auto list = page(next);
    if (!list) return false;
    // Some entries of a timeline have no number: the whole text tells them apart.
    for (const json::Element element : list->items)
      if (seen.insert(fingerprint(simdjson::minify(element))).second) read(json::Object(element, "element"));
    next = list->next;
  }
  return true;
}

void Reader::each_if_changed(const std::string& url, const std::function<void(const json::Object&)>& read) {
  const std::string known = writer_.database()
                                .text(
                                    "SELECT etag FROM http_validator WHERE project_id = :project AND source_id = "
                                    ":source AND url = :url",
                                    {{"project", writer_.project_id()}, {"source", writer_.source_id()}, {"url", url}})
                                .value_or("");
  std::optional<Page> first;
  try {
    first = page_of_size(url, known);
  } catch (const http::ServerTrouble&) {
    each(url, read);  // in smaller pages
    return;
  }
  if (!first || first->is_unchanged) return;
  for (const json::Element element : first->items) read(json::Object(element, "element"));
  if (first->next.empty()) {
    if (first->etag.size() < kLongestTag) validators_[url] = first->etag;
  } else {
    each(first->next, read);
  }
}

// After their rows were committed, so that a run that ends in between reads the list again.
void Reader::keep_validators() {
  for (const auto& [url, etag] : validators_)
    writer_.database().insert({"http_validator",
                               {"project_id", "source_id", "url", "etag", "last_modified"},
                               {"project_id", "source_id", "url"}},
                              {{writer_.project_id(), writer_.source_id(), url, text_or_null(etag), Value()}});
  validators_.clear();
}

std::string Reader::item_record(bool is_pull, std::int64_t number) {
  return fmt::format("{}/{}", is_pull ? "pull" : "issue", number);
}

void Reader::item(ItemRecord&& record, const std::string& print,
                  const std::vector<std::pair<std::string, std::string>>& problems) {
  const std::string name = item_record(record.is_pull, record.number);
  record.keeps_inline_comments = true;
  set_aside_.read(record.number);
  if (writer_.seen(name, print)) return;
  writer_.mark(name, print);
  for (const auto& [place, reason] : problems) writer_.quarantine(name + "#" + place, reason);
  writer_.item(record);
}

void Reader::inline_comment(const json::Object& object, std::set<std::int64_t>& unknown, std::set<std::string>* seen) {
  std::string name = "inline/?";
  try {
    const CommentRecord comment = inline_comment_object(object);
    name = "inline/" + comment.key;
    const std::int64_t number = std::strtoll(pull_number_of(object.text("pull_request_url")).c_str(), nullptr, 10);
    if (number < 1) throw Error("an inline comment of no pull request");
    if (seen) seen->insert(comment.key);
    const std::string print = fingerprint(fmt::format("{}/{}", object.text("updated_at"), object.text("body")));
    const std::int64_t item_id = number * 2 + 1;
    if (writer_.seen(name, print)) return;
    if (!writer_.inline_comment(item_id, comment)) {
      unknown.insert(number);
      return;
    }
    writer_.mark(name, print);
  } catch (const Error& error) {
    writer_.quarantine(name, error.what());
  }
}

std::set<std::int64_t> Reader::inline_comments() {
  std::set<std::int64_t> unknown;
  const std::string list = repository_url("/pulls/comments?sort=updated&direction=asc&per_page=100");
  const auto cursor = writer_.stream_cursor("inline");
  std::optional<Timestamp> newest = cursor ? parse_time(*cursor) : options_.since;
  std::string next = list + (newest ? "&since=" + format_time(*newest) : "");
  while (!next.empty()) {
    const auto found = page(next);
    if (!found) break;
    for (const json::Element element : found->items) {
      const json::Object object(element, "comment");
      inline_comment(object, unknown, nullptr);
      const auto updated = object.time("updated_at");
      if (updated && (!newest || *updated > *newest)) newest = updated;
    }
    next = found->next;
    // A comment of a pull request that is not there yet is asked for again the next time.
    if (newest && unknown.empty())
      writer_.set_stream("inline", format_time(*newest), next.empty() ? "current" : "filling");
    checkpoint();
  }
  if (unknown.empty() && !options_.since) all_inline_comments(unknown);
  return unknown;
}

// Where the forge counts another number than the store has, some were deleted, or missed: all are read again.
void Reader::all_inline_comments(std::set<std::int64_t>& unknown) {
  const auto first = page(repository_url("/pulls/comments?per_page=1"));
  if (!first) return;
  const std::int64_t there = first->last_page ? first->last_page : static_cast<std::int64_t>(first->items.size());
  writer_.flush();
  const Parameters source{{"project", writer_.project_id()}, {"source", writer_.source_id()}};
  const char* count =
      "SELECT count(*) FROM comment WHERE project_id = :project AND source_id = :source AND kind = 'inline'";
  const std::int64_t here = writer_.database().integer(count, source).value_or(0);
  if (writer_.stream_state("inline") == "new") writer_.set_stream("inline", format_time(now() - kOverlap), "current");
  writer_.stream_audit("inline", there, here, now());
  checkpoint();
  if (there == here) return;
  std::set<std::string> seen;
  each(repository_url("/pulls/comments?sort=created&direction=asc&per_page=100"),
       [&](const json::Object& object) { inline_comment(object, unknown, &seen); });
  std::vector<std::pair<std::int64_t, std::string>> gone;
  writer_.flush();
  for (const auto rows =
           writer_.database().query("SELECT item_id, comment_key FROM comment WHERE project_id = :project AND "
                                    "source_id = :source AND kind = 'inline'",
                                    source);
       rows->next();)
    if (!seen.contains(rows->string(1))) gone.emplace_back(rows->integer(0), rows->string(1));
  writer_.remove_inline_comments(gone);
  checkpoint();
}

void Reader::workflow_runs() {
  const auto known = writer_.stream_cursor("runs");
  std::string newest = known.value_or("");
  std::vector<std::string> failed;
  std::string next = repository_url("/actions/runs?per_page=100");
  bool reached = false;
  for (std::int64_t runs = 0; runs < kMostRuns && !next.empty() && !reached;) {
    const auto list = page(next);
    if (!list) return;
    for (const json::Element element : list->items) {
      ++runs;
      const json::Object object(element, "run");
      const std::string updated = object.text("updated_at");
      if (known && updated < *known) reached = true;
      CiRunRecord run;
      run.kind = "workflow_run";
      run.key = fmt::format("run/{}", object.integer("id").value_or(0));
      run.name = object.text("name");
      run.sha = object.text("head_sha");
      run.branch = object.text("head_branch");
      run.status = object.text("status").empty() ? "completed" : object.text("status");
      run.conclusion = object.text("conclusion");
      run.started_at = object.time("run_started_at");
      if (run.status == "completed") run.finished_at = object.time("updated_at");
      run.attempt = object.integer("run_attempt");
      run.trigger_event = object.text("event");
      run.url = object.text("html_url");
      const std::string print = fmt::format("{}/{}/{}", updated, run.status, run.conclusion);
      if (updated > newest) newest = updated;
      if (writer_.seen(run.key, print)) continue;
      writer_.ci_run(run);
      writer_.mark(run.key, print);
      if (run.conclusion == "failure" && run.started_at && *run.started_at > now() - kJobsSince)
        failed.push_back(run.key.substr(run.key.find('/') + 1));
    }
    next = list->next;
  }
  if (failed.size() > kMostJobRequests) failed.resize(kMostJobRequests);
  for (const auto& id : failed) {
    each(repository_url(fmt::format("/actions/runs/{}/jobs?per_page=100", id)), [&](const json::Object& object) {
      CiRunRecord job;
      job.kind = "job";
      job.key = fmt::format("job/{}", object.integer("id").value_or(0));
      job.parent_key = "run/" + id;
      job.name = object.text("name");
      job.sha = object.text("head_sha");
      job.branch = object.text("head_branch");
      job.status = object.text("status").empty() ? "completed" : object.text("status");
      job.conclusion = object.text("conclusion");
      job.started_at = object.time("started_at");
      job.finished_at = object.time("completed_at");
      job.attempt = object.integer("run_attempt");
      job.url = object.text("html_url");
      writer_.ci_run(job);
    });
  }
  if (!newest.empty()) writer_.set_stream("runs", newest, "current");
  checkpoint();
}

void Reader::owners(const std::string& text) {
  const std::string print = fingerprint(text);
  if (writer_.seen("codeowners", print)) return;
  std::vector<CodeownerRecord> list;
  std::int64_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    std::string_view rest = trim(line.substr(0, line.find('#')));
    if (rest.empty()) continue;
    CodeownerRecord record;
    record.line = number;
    for (const std::string_view word : split(rest, ' ')) {
      if (trim(word).empty()) continue;
      if (record.pattern.empty()) {
        record.pattern = trim(word);
      } else {
        record.owners.emplace_back(trim(word));
      }
    }
    list.push_back(std::move(record));
  }
  writer_.codeowners(list);
  writer_.mark("codeowners", print);
}

void Reader::labels_milestones_releases_owners() {
  each_if_changed(repository_url("/labels?per_page=100"), [&](const json::Object& object) {
    const LabelRecord label{object.required_text("name"), object.text("color"), object.text("description")};
    const std::string print = fingerprint(label.color + "\n" + label.description);
    if (writer_.seen("label/" + label.name, print)) return;
    writer_.label(label);
    writer_.mark("label/" + label.name, print);
  });
  each_if_changed(repository_url("/milestones?state=all&per_page=100"), [&](const json::Object& object) {
    const MilestoneRecord milestone{object.required_text("title"), object.text("state"), object.time("due_on")};
    const std::string print = fmt::format("{}/{}", milestone.state, milestone.due_at.value_or(0));
    if (writer_.seen("milestone/" + milestone.title, print)) return;
    writer_.milestone(milestone);
    writer_.mark("milestone/" + milestone.title, print);
  });
  each_if_changed(repository_url("/releases?per_page=100"), [&](const json::Object& object) {
    ReleaseRecord release;
    release.key = fmt::format("{}", object.integer("id").value_or(0));
    release.tag = object.required_text("tag_name");
    release.name = object.text("name");
    release.body = object.text("body");
    release.url = object.text("html_url");
    release.author = person(object, "author");
    release.is_draft = object.boolean("draft");
    release.is_prerelease = object.boolean("prerelease");
    release.created_at = object.time("created_at");
    release.published_at = object.time("published_at");
    const std::string print = fingerprint(release.tag + "\n" + release.name + "\n" + release.body);
    if (writer_.seen("release/" + release.key, print)) return;
    writer_.release(release);
    writer_.mark("release/" + release.key, print);
  });
  for (const char* place : {"/.github/CODEOWNERS", "/CODEOWNERS", "/docs/CODEOWNERS"}) {
    // As JSON rather than raw: a text that was cut short does not say so.
    const Document file = document(repository_url(fmt::format("/contents{}", place)), "content");
    if (!file.is_there()) continue;
    owners(mail::decode_base64(file.object().text("content")));
    break;
  }
  checkpoint();
  keep_validators();
}

std::map<std::int64_t, std::string> Reader::stored(bool is_pull) {
  checkpoint();
  std::map<std::int64_t, std::string> found;
  for (const auto rows = writer_.database().query(
           "SELECT i.number, i.state FROM item i WHERE i.project_id = :project AND i.source_id = :source AND i.kind = "
           ":kind AND "
           "NOT EXISTS (SELECT 1 FROM item_tombstone t WHERE t.project_id = i.project_id AND t.item_id = i.item_id)",
           {{"project", writer_.project_id()},
            {"source", writer_.source_id()},
            {"kind", std::string(is_pull ? "pull" : "issue")}});
       rows->next();)
    found.emplace(rows->integer(0), rows->string(1));
  return found;
}

void Reader::check_gone(std::int64_t item_id) {
  const std::int64_t number = item_id / 2;
  const Document answer = document(repository_url(fmt::format("/issues/{}", number)), "number");
  TombstoneRecord tombstone;
  tombstone.item_id = item_id;
  tombstone.noticed_at = now();
  const std::string own = fmt::format("/repos/{}/issues/{}", location_.path, number);
  const bool has_moved = !answer.permanent_url.empty() && !answer.permanent_url.ends_with(own);
  // A repository that was renamed answers with its number in the address; its items have not moved.
  const bool is_same = answer.is_there() && answer.object().integer("number") == number && !has_moved;
  if (is_same) return;  // it is there: the lists were behind
  if (has_moved) {
    tombstone.reason = "transferred";
    // Where people find it, rather than where programs do; a private place does not say.
    tombstone.target = answer.is_there() ? answer.object().text("html_url") : answer.permanent_url;
  } else {
    const auto converted = writer_.database().integer(
        "SELECT count(*) FROM event WHERE project_id = :project AND item_id = :item AND kind = "
        "'converted_to_discussion'",
        {{"project", writer_.project_id()}, {"item", item_id}});
    tombstone.reason = converted.value_or(0) > 0 ? "converted" : "deleted";
  }
  writer_.tombstone(tombstone);
  checkpoint();
}

void Reader::after_items(const std::vector<std::int64_t>& numbers, const std::set<std::int64_t>& missing) {
  const auto issues = stored(false), pulls = stored(true);
  for (const auto number : missing) {
    if (issues.contains(number)) check_gone(number * 2);
    if (pulls.contains(number)) check_gone(number * 2 + 1);
  }
  const bool has_pull =
      std::any_of(numbers.begin(), numbers.end(), [&](std::int64_t number) { return pulls.contains(number); });
  // Before the first sync is through, it is for that to read them all.
  if (has_pull && writer_.stream_cursor("inline")) inline_comments();
  checkpoint();
}

void Reader::begin_progress(std::int64_t total) {
  progress_ = std::make_unique<Progress>(location_.path, static_cast<std::uint64_t>(total));
}

void Reader::advance() {
  if (!progress_) return;
  for (const char* resource : {"graphql", "core"}) {
    const http::Budget budget = client_.budget(resource);
    if (!budget.remaining) continue;
    progress_->set_note(fmt::format("{} of {} {} left", *budget.remaining, budget.limit.value_or(0),
                                    std::string_view(resource) == "graphql" ? "points" : "requests"));
    break;
  }
  progress_->advance();
}

}  // namespace resident::github
