#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/github/list_walk.hpp>
#include <sources/github/reader.hpp>
#include <store/read/stored_items.hpp>

namespace resident::github {

namespace {

constexpr int kBrokenAttempts = 4;
constexpr int kNotModified = 304;
constexpr std::size_t kLongestTag = 500;
const http::Headers kHeaders{{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}};

std::int64_t last_page_of(const http::Response& response) {
  static const Pattern last(R"([?&]page=(\d+)[^>]*>; rel="?last)");
  std::int64_t number = 0;
  const std::string link(response.header("link"));
  return last.found_in(link, &number) ? number : 0;
}

}  // namespace

Reader::Reader(const SyncOptions& options, ForgeLocation location, http::Client& client, Writer& writer)
    : options_(options), location_(std::move(location)), client_(client), writer_(writer), set_aside_(writer) {}

std::string Reader::repository_url(const std::string& rest) const {
  return fmt::format("{}/repos/{}{}", location_.api_url, location_.path, rest);
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

void Reader::look_whether_it_answers() {
  document(repository_url(), "full_name");
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
        for (const std::string_view key : {"workflow_runs", "jobs", "artifacts", "items"})
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
  ListWalk walk(*this, url, true);
  while (const auto list = walk.next())
    // Some entries of a timeline have no number: the whole text tells them apart.
    for (const json::Element element : list->items)
      if (seen.insert(fingerprint(simdjson::minify(element))).second) read(json::Object(element, "element"));
  return walk.is_there();
}

bool Reader::each_past_gaps(const std::string& url, const std::string& name,
                            const std::function<void(const json::Object&)>& read, std::optional<Page> first) {
  ListWalk walk(*this, first ? first->next : url);
  for (auto list = first ? std::move(first) : walk.next(); list; list = walk.next()) {
    std::size_t entry = 0;
    for (const json::Element element : list->items) {
      try {
        read(json::Object(element, "entry"));
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::failed) throw;
        walk.add_gap(entry, error.what());
      }
      ++entry;
    }
  }
  set_aside_.places(name, walk.gaps());
  return walk.gaps().empty();
}

void Reader::each_if_changed(const std::string& url, const std::string& name,
                             const std::function<void(const json::Object&)>& read) {
  const std::string known = validator_of(writer_, url);
  std::optional<Page> first;
  try {
    first = page_of_size(url, known);
    if (!first) return;
  } catch (const http::ServerTrouble&) {
    // In smaller pages, below.
  }
  if (first && first->is_unchanged) return set_aside_.places(name, {});
  const std::string etag = first && first->next.empty() ? first->etag : std::string();
  if (each_past_gaps(url, name, read, std::move(first)) && !etag.empty() && etag.size() < kLongestTag)
    validators_[url] = etag;
}

// After their rows were committed, so that a run that ends in between reads the list again.
void Reader::keep_validators() {
  resident::keep_validators(writer_, validators_);
  validators_.clear();
}

std::string Reader::place_of(const std::string& name) const {
  const std::string& web = location_.web_url;
  return location_.host == "github.com" ? name : web.substr(0, web.size() - location_.path.size()) + name;
}

std::string Reader::item_record(bool is_pull, std::int64_t number) {
  return fmt::format("{}/{}", is_pull ? "pull" : "issue", number);
}

void Reader::item(ItemRecord&& record, const std::string& print,
                  const std::vector<std::pair<std::string, std::string>>& problems) {
  const std::string name = item_record(record.is_pull, record.number);
  record.keeps_inline_comments = true;
  set_aside_.read(record.number);
  if (is_known(name, print)) return;
  writer_.mark(name, print);
  for (const auto& [place, reason] : problems) writer_.quarantine(name + "#" + place, reason);
  writer_.item(record);
}

std::map<std::int64_t, std::string> Reader::stored(bool is_pull) {
  checkpoint();
  std::map<std::int64_t, std::string> found;
  for (StoredItem& item : stored_items(writer_))
    if (item.is_pull == is_pull) found.emplace(item.number, std::move(item.state));
  return found;
}

void Reader::check_gone(std::int64_t item_id) {
  const std::int64_t number = item_id / 2;
  Document answer;
  try {
    answer = document(repository_url(fmt::format("/issues/{}", number)), "number");
  } catch (const http::ServerTrouble& trouble) {
    look_whether_it_answers();
    return set_aside_.add(number, trouble.what());
  }
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
    tombstone.reason = was_converted(writer_, item_id) ? "converted" : "deleted";
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

std::string Reader::items_sentence(const std::set<std::int64_t>& missing) const {
  const std::string nothing = missing_numbers_text(missing), failing = set_aside_.sentence();
  return nothing + (nothing.empty() || failing.empty() ? "" : "; ") + failing;
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
