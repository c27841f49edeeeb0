#include <fmt/format.h>

#include <algorithm>
#include <analyses/search/describe.hpp>
#include <analyses/search/words.hpp>
#include <base/text.hpp>
#include <text/tokens.hpp>

namespace resident {

namespace {

constexpr std::size_t kExcerptBefore = 50, kExcerptLength = 200;
constexpr std::size_t kWindow = 25;               // words in which an excerpt's hits are counted
constexpr std::size_t kWhole = 8, kPart = 1;      // what a word, and a part of a name, add to an excerpt
constexpr std::size_t kMostKnownWords = 200'000;  // that are remembered to be wanted or not

std::string excerpt_from(std::string_view text, std::size_t at) {
  std::size_t begin = at > kExcerptBefore ? at - kExcerptBefore : 0;
  while (begin > 0 && begin < text.size() && text[begin] != ' ' && text[begin] != '\n' &&
         at - begin < 2 * kExcerptBefore)
    --begin;
  // Tables and indented text are mostly spaces.
  std::string excerpt;
  for (const char c : one_line(clean_text(text.substr(begin, 2 * kExcerptLength))))
    if (c != ' ' || (!excerpt.empty() && excerpt.back() != ' ')) excerpt += c;
  return fit_width(excerpt, kExcerptLength);
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Whether a name goes on behind the word: "3.12" + "rc1", "x86" + "-64".
bool goes_on(std::string_view text, std::size_t end) {
  if (end >= text.size()) return false;
  if (is_letter_or_digit(text[end]) || text[end] == '_') return true;
  return std::string_view("-.+").find(text[end]) != std::string_view::npos && end + 1 < text.size() &&
         is_letter_or_digit(text[end + 1]);
}

std::string url_of_path(std::string_view path) {
  std::string url;
  for (const std::string_view part : split(path, '/')) url += (url.empty() ? "" : "/") + escape_url(part);
  return url;
}

}  // namespace

SearchDescriber::SearchDescriber(const Context& context, const SearchQuery& query) : context_(context) {
  for (const auto& term : query.terms) {
    if (term.is_excluded) continue;
    if (term.is_prefix) {
      prefixes_.push_back(term.tokens.front());
      continue;
    }
    if (!term.is_phrase && std::any_of(term.tokens.front().begin(), term.tokens.front().end(),
                                       [](char c) { return c >= '0' && c <= '9'; }))
      wanted_names_.push_back(term.tokens.front());
    for (std::size_t i = 0; i < term.tokens.size(); ++i) {
      std::size_t& worth = wanted_[term.tokens[i]];
      worth = std::max(worth, i == 0 || term.is_phrase ? kWhole : kPart);
    }
  }
}

SearchShown SearchDescriber::describe(const SearchHit& hit) {
  most_ = 0;
  found_alone_.assign(wanted_names_.size(), false);
  SearchShown shown = hit.kind == "commit"   ? commit(hit)
                      : hit.kind == "doc"    ? documentation(hit)
                      : hit.kind == "thread" ? thread(hit)
                                             : item(hit);
  look_for_names(shown.title);
  shown.has_alone = std::all_of(found_alone_.begin(), found_alone_.end(), [](bool found) { return found; });
  return shown;
}

void SearchDescriber::look_for_names(std::string_view text) {
  for (std::size_t i = 0; i < wanted_names_.size(); ++i) {
    if (found_alone_[i] || !contains_ignoring_case(text, wanted_names_[i])) continue;
    SearchWord word;
    for (std::size_t at = 0; !found_alone_[i] && next_search_word(text, at, word);)
      found_alone_[i] = !goes_on(text, word.end) &&
                        std::find(word.tokens.begin(), word.tokens.end(), wanted_names_[i]) != word.tokens.end();
  }
}

std::string SearchDescriber::person(const std::optional<std::int64_t>& identity) {
  if (!identity) return "someone";
  const auto [found, is_new] = names_.emplace(*identity, "");
  if (is_new)
    found->second = context_.database
                        .text(
                            "SELECT p.name FROM person_identity pi JOIN person p ON p.project_id = pi.project_id AND "
                            "p.person_id = pi.person_id WHERE pi.project_id = :project AND pi.identity_id = :identity",
                            {{"project", context_.project_id}, {"identity", *identity}})
                        .value_or("someone");
  return found->second;
}

SearchShown SearchDescriber::commit(const SearchHit& hit) {
  SearchShown shown;
  const auto rows = context_.database.query(
      "SELECT subject, body, author_id FROM git_commit WHERE project_id = :project AND sha = :sha",
      {{"project", context_.project_id}, {"sha", hit.key}});
  if (!rows->next()) return shown;
  shown.title = rows->string(0);
  shown.author = person(rows->optional_integer(2));
  shown.state = hit.key.substr(0, 10);
  consider(shown, rows->text(1), {}, "message");
  if (!context_.url.empty()) shown.url = context_.url + "/commit/" + hit.key;
  return shown;
}

SearchShown SearchDescriber::thread(const SearchHit& hit) {
  SearchShown shown;
  const Parameters parameters{{"project", context_.project_id}, {"thread", hit.key}};
  const auto rows = context_.database.query(
      "SELECT title, channel, author_id, url FROM thread WHERE project_id = :project AND thread_key = :thread",
      parameters);
  if (!rows->next()) return shown;
  shown.title = rows->string(0);
  shown.state = rows->string(1);
  shown.author = person(rows->optional_integer(2));
  shown.url = rows->string(3);
  for (const auto posts = context_.database.query(
           "SELECT body, author_id FROM post WHERE project_id = :project AND thread_key = :thread ORDER BY position",
           parameters);
       posts->next();)
    consider(shown, posts->text(0), posts->optional_integer(1));
  return shown;
}

SearchShown SearchDescriber::documentation(const SearchHit& hit) {
  SearchShown shown;
  const std::size_t colon = hit.key.find(':');
  if (colon == std::string::npos) return shown;
  const auto rows = context_.database.query(
      "SELECT p.path, d.body, d.sha, d.state, c.author_id FROM doc_file d JOIN path p ON p.project_id = d.project_id "
      "AND p.path_id = d.path_id LEFT JOIN git_commit c ON c.project_id = d.project_id AND c.sha = d.sha WHERE "
      "d.project_id = :project AND d.source_id = :source AND d.path_id = :path",
      {{"project", context_.project_id},
       {"source", static_cast<std::int64_t>(std::stoll(hit.key))},
       {"path", static_cast<std::int64_t>(std::stoll(hit.key.substr(colon + 1)))}});
  if (!rows->next()) return shown;
  shown.title = rows->string(0);
  shown.state = rows->string(2).substr(0, 10);
  shown.author = person(rows->optional_integer(4));
  const std::string_view text = rows->text(1);
  const auto begin = consider(shown, text, {}, "the text");
  if (!context_.url.empty())
    shown.url = fmt::format("{}/blob/{}/{}", context_.url, rows->text(2), url_of_path(shown.title));
  if (!begin) return shown;
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*begin), '\n') + 1;
  shown.where = fmt::format("line {}{}", line, rows->text(3) == "cut" ? " (a long file: its beginning alone)" : "");
  if (!shown.url.empty()) shown.url += fmt::format("?plain=1#L{}", line);
  return shown;
}

SearchShown SearchDescriber::item(const SearchHit& hit) {
  SearchShown shown;
  const Parameters parameters{{"project", context_.project_id},
                              {"item", static_cast<std::int64_t>(std::stoll(hit.key))}};
  {
    const auto rows = context_.database.query(
        "SELECT number, title, state, merged_at, author_id, url, body FROM item WHERE project_id = :project AND "
        "item_id = :item",
        parameters);
    if (!rows->next()) return shown;
    shown.number = rows->integer(0);
    shown.title = rows->string(1);
    shown.state = rows->is_null(3) ? rows->string(2) : "merged";
    shown.author = person(rows->optional_integer(4));
    shown.url = rows->is_null(5) ? context_.item_url(hit.kind, shown.number) : rows->string(5);
    consider(shown, rows->text(6), {}, "description");
  }
  for (const char* table : {"comment", "review"})
    for (const auto rows = context_.database.query(
             fmt::format(
                 "SELECT body, author_id FROM {} WHERE project_id = :project AND item_id = :item AND body IS NOT NULL",
                 table),
             parameters);
         rows->next();)
      consider(shown, rows->text(0), rows->optional_integer(1));
  return shown;
}

std::size_t SearchDescriber::worth(std::string_view word) {
  std::string key(word);
  if (const auto found = known_words_.find(key); found != known_words_.end()) return found->second;
  std::size_t most = 0, at = 0;
  for (SearchWord found_word; next_search_word(word, at, found_word);)
    for (const auto& token : found_word.tokens) {
      if (const auto found = wanted_.find(token); found != wanted_.end()) most = std::max(most, found->second);
      if (std::any_of(prefixes_.begin(), prefixes_.end(), [&](const auto& each) { return token.starts_with(each); }))
        most = kWhole;
    }
  if (known_words_.size() < kMostKnownWords) known_words_.emplace(std::move(key), most);
  return most;
}

std::optional<std::size_t> SearchDescriber::consider(SearchShown& shown, std::string_view text,
                                                     const std::optional<std::int64_t>& author,
                                                     std::string_view where) {
  if (trim(text).empty()) return std::nullopt;
  look_for_names(text);
  // The place with most of the words wanted, within a few words of each other.
  const auto places = word_places(text);
  std::vector<std::pair<std::size_t, std::size_t>> hits;  // place, worth
  for (std::size_t i = 0; i < places.size(); ++i)
    if (const auto each = worth(text.substr(places[i].begin, places[i].end - places[i].begin)))
      hits.emplace_back(i, each);
  std::size_t best = 0, words = 0, within = 0;
  for (std::size_t i = 0, j = 0; i < hits.size(); ++i) {
    within += hits[i].second;
    for (; hits[i].first - hits[j].first > kWindow; ++j) within -= hits[j].second;
    if (within > words) words = within, best = hits[j].first;
  }
  if (!shown.excerpt.empty() && words <= most_) return std::nullopt;
  most_ = words;
  const std::size_t begin = places.empty() ? 0 : places[best].begin;
  shown.excerpt = excerpt_from(text, begin);
  shown.where = where.empty() ? "by " + person(author) : std::string(where);
  return begin;
}

}  // namespace resident
