// resident search: full-text search over items with all that was said in them, threads
// of channels, commits, and the documentation.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/search/describe.hpp>
#include <analyses/search/index.hpp>
#include <analyses/search/match.hpp>
#include <analyses/search/query.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <functional>
#include <unordered_set>
#include <utility>

namespace resident {

namespace {

constexpr double kRecencyWeight = 0.15;  // of the score, for what began today; halves in two years
constexpr double kHalfLife = 2 * kMeanYear;
// Up to this many words, what has all of them stands first; among more, having all is no reason of its own.
constexpr std::ptrdiff_t kFewWords = 3;
constexpr std::size_t kLookedAt = 60;  // of what was found, where a name is asked for that may begin another

// The engine's score, and a little for what is recent.
void rank(std::vector<SearchHit>& hits, Timestamp now) {
  double best = 0;
  for (const auto& hit : hits) best = std::max(best, hit.score);
  for (auto& hit : hits) {
    const double age = std::max(0.0, static_cast<double>(now - hit.at));
    hit.score = (best > 0 ? hit.score / best : 0) + kRecencyWeight * std::exp2(-age / kHalfLife);
  }
  std::stable_sort(hits.begin(), hits.end(), [](const SearchHit& a, const SearchHit& b) { return a.score > b.score; });
}

// What is to be shown, best first, and how many of it have all the words.
struct Found {
  std::vector<SearchHit> hits;
  std::size_t with_all = 0;
  bool all_first = true;  // those with all the words stand before the others
  std::size_t named = 0;  // of these the first: commits that a hash names
};

// Those of `more` that are not there yet, behind.
void append(std::vector<SearchHit>& hits, std::vector<SearchHit> more) {
  std::unordered_set<std::int64_t> there;
  for (const auto& hit : hits) there.insert(hit.document);
  for (auto& hit : more)
    if (!there.contains(hit.document)) hits.push_back(std::move(hit));
}

Found find_words(SearchMatcher& matcher, const Context& context, const SearchQuery& query, std::size_t limit) {
  const std::ptrdiff_t words =
      std::count_if(query.terms.begin(), query.terms.end(), [](const auto& term) { return !term.is_excluded; });
  std::vector<SearchHit> all = matcher.all();
  const std::size_t with_all = all.size();
  rank(all, context.as_of);
  // One thing that signs or its script hold together is found by its words where nothing has all of it.
  const bool may_have_some = words > 1 || (words == 1 && with_all == 0 && !query.terms.front().words.empty());
  if (!may_have_some || (words <= kFewWords && with_all >= limit)) return {std::move(all), with_all};
  std::vector<SearchHit> some = matcher.some();
  rank(some, context.as_of);
  if (words > kFewWords) {
    append(some, std::move(all));
    return {std::move(some), with_all, false};
  }
  for (auto& hit : all) hit.score += 2;  // above any that has only some
  append(all, std::move(some));
  return {std::move(all), with_all};
}

Found find(const Context& context, const SearchQuery& query, std::size_t limit) {
  SearchMatcher matcher(context, query);
  Found found = find_words(matcher, context, query, limit);
  std::vector<SearchHit> commits = matcher.named_commits();
  if (commits.empty()) return found;
  // Above all that only speaks of it.
  for (SearchHit& hit : commits) hit.score = found.hits.empty() ? 1 : found.hits.front().score + 1;
  const std::size_t named = commits.size();
  append(commits, std::move(found.hits));
  return {std::move(commits), found.with_all + named, found.all_first, named};
}

// What is shown of each, and how many of the first `with_all` have a name only as a part of a longer one.
struct Shown {
  std::vector<std::pair<SearchHit, SearchShown>> documents;
  std::int64_t in_parts = 0;
};

// Where a name with a digit is asked for, what has it by itself stands before what has it as a part of a longer name.
// Commits that a hash names (the first ones) stay where they are.
Shown describe(SearchDescriber& describer, Found found, std::size_t limit) {
  auto& hits = found.hits;
  const std::size_t with_all = found.all_first ? found.with_all : 0;
  const bool looks_for_names = !describer.names().empty() && with_all > found.named;
  const std::size_t looked_at = looks_for_names ? std::max(limit, std::min(kLookedAt, with_all)) : limit;
  if (hits.size() > looked_at) hits.resize(looked_at);
  Shown result;
  for (auto& hit : hits) {
    SearchShown shown = describer.describe(hit);
    result.documents.emplace_back(std::move(hit), std::move(shown));
  }
  auto& all = result.documents;
  const auto place = [&](std::size_t at) {
    return all.begin() + static_cast<std::ptrdiff_t>(std::min(at, all.size()));
  };
  const auto is_alone = [](const auto& each) { return each.second.has_alone; };
  if (looks_for_names) {
    for (auto each = place(found.named); each != place(with_all); ++each)
      if (each->second.has_alone) each->first.score += 1;
    std::stable_partition(place(found.named), place(with_all), is_alone);
  }
  if (all.size() > limit) all.resize(limit);
  if (looks_for_names) result.in_parts = std::count_if(place(found.named), place(with_all), std::not_fn(is_alone));
  return result;
}

std::vector<Result> analyse_search(const Context& context) {
  const std::string text = context.argument("query");
  const std::int64_t limit = context.whole_number("limit", 20, 1, kSearchCandidates);
  const SearchQuery query = parse_search(text);
  check_asks_something(query);
  Result result = context.result("search", "Search", "Where does the project speak of it?");
  const bool has_index =
      context.database
          .integer("SELECT count(*) FROM search_state WHERE project_id = :project", {{"project", context.project_id}})
          .value_or(0) > 0;
  if (!has_index)
    throw Error("the project has not been indexed yet", "run `resident search` with a store that can be written to");
  Found hits = find(context, query, static_cast<std::size_t>(limit));
  const std::size_t found = hits.hits.size(), with_all = hits.with_all;
  SearchDescriber describer(context, query);
  const auto [described, in_parts] = describe(describer, std::move(hits), static_cast<std::size_t>(limit));
  result.columns = {
      {"rank", "#", ColumnType::integer},
      {"kind", "Kind", ColumnType::text},
      {"number", "Item", ColumnType::item, "", "", "url"},
      {"title", "Title", ColumnType::text},
      {"state", "State", ColumnType::text, "",
       "of an item; the channel of a thread; the commit, of a file the one that changed it last"},
      {"excerpt", "Passage", ColumnType::text},
      {"where", "From", ColumnType::text},
      {"author", "Author", ColumnType::text},
      {"at", "Date", ColumnType::date, "", "when it began; of a commit, when it was made; of a file, its last change"},
      {"score", "Score", ColumnType::number, "", "", "", true},
      {"url", "Address", ColumnType::url, "", "", "", true}};
  result.layout = Layout::queue;
  result.set_roles({{"kind", ColumnRole::verb},
                    {"title", ColumnRole::title},
                    {"excerpt", ColumnRole::reason},
                    {"author", ColumnRole::person}});
  std::int64_t place = 0;
  for (const auto& [hit, shown] : described) {
    result.rows.push_back({++place, hit.kind, shown.number ? Cell(shown.number) : Cell(), shown.title, shown.state,
                           shown.excerpt, shown.where, shown.author, hit.at, std::round(hit.score * 1000) / 1000,
                           shown.url});
  }
  const std::string amount =
      found >= static_cast<std::size_t>(kSearchCandidates) ? fmt::format("{} or more", found) : std::to_string(found);
  result.claim =
      found == 0
          ? fmt::format("Nothing speaks of {}.", fit_width(one_line(text), 80))
          : fmt::format("{} found, {}with all the words{}.", amount,
                        with_all == found ? "" : fmt::format("{} of them ", with_all),
                        described.size() < found ? fmt::format("; the first {} are shown", described.size()) : "");
  if (in_parts > 0)
    result.notes.push_back(fmt::format(
        "{} of those shown {} {} only as the beginning of a longer name; what has it by itself stands first.",
        with_thousands(in_parts), in_parts == 1 ? "has" : "have", fmt::join(describer.names(), ", ")));
  result.sample_size = static_cast<std::int64_t>(found);
  result.definition =
      "Issues and pull requests with all that was said in them, threads of channels, commits, and files of the "
      "documentation as they stand now (before their last change they are not found). Nothing that began after the "
      "moment is found; what is found has the words that it has now, also those said later. Of up to three words those "
      "that "
      "have all, then those that have some; of more words those that have most, rare ones counting more. "
      "Words are stemmed; identifiers are found whole and by their parts; a commit by seven digits of its hash, first "
      "of all. "
      "Rank: BM25 over title "
      "(3), text (1) and replies (0.5), plus up to 0.15 for what is recent (half in two years).";
  const auto [from, to] = document_range(context.project_id, "doc");
  if (const auto later =
          context.database
              .integer("SELECT count(*) FROM search_document WHERE project_id = :project AND "
                       "document_id >= :from AND document_id < :to AND at > :as_of",
                       {{"project", context.project_id}, {"from", from}, {"to", to}, {"as_of", context.as_of}})
              .value_or(0);
      later > 0)
    result.uncertainty = fmt::format(
        "left out: {} of the documentation that changed after that moment, what they said before is not kept (a later "
        "--as-of has them)",
        plural(later, "file"));
  result.method = "docs/guide/search.md; measured in docs/accuracy.md and docs/performance.md";
  return {result};
}

}  // namespace

extern const Analysis search_analysis;
const Analysis search_analysis{
    "search",
    "Search",
    "Where does the project speak of it?",
    {{"query", "WORDS", "words, \"phrases\", -not, prefix*, is: label: author: in: before: after: channel:"},
     {"limit", "N", "how many to show (20)"}},
    analyse_search};

}  // namespace resident
