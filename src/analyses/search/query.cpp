#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/search/query.hpp>
#include <analyses/search/words.hpp>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <text/fold.hpp>
#include <text/tokens.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestQuery = 2000;

const std::vector<std::string>& states() {
  static const std::vector<std::string> list{"open", "closed", "merged", "draft",  "pr",
                                             "pull", "issue",  "thread", "commit", "doc"};
  return list;
}

// Up to the next space, or the closing quote.
std::string_view next_piece(std::string_view& rest, bool& is_quoted) {
  is_quoted = false;
  std::size_t begin = 0;
  while (begin < rest.size() && static_cast<unsigned char>(rest[begin]) <= ' ') ++begin;
  rest.remove_prefix(begin);
  std::size_t end = 0;
  while (end < rest.size() && static_cast<unsigned char>(rest[end]) > ' ') {
    if (rest[end] == '"') {
      const std::size_t close = rest.find('"', end + 1);
      is_quoted = true;
      end = close == std::string_view::npos ? rest.size() : close + 1;
      continue;
    }
    ++end;
  }
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(end);
  return piece;
}

std::string unquoted(std::string_view text) {
  std::string result(text);
  std::erase(result, '"');
  return result;
}

std::string nearest_of(const std::string& value, const std::vector<std::string>& list, std::string_view takes) {
  const std::string nearest = near_miss(value, list);
  return nearest.empty() ? fmt::format("{} {}", takes, fmt::join(list, ", "))
                         : fmt::format("did you mean {}?", nearest);
}

Timestamp date_of_filter(std::string_view key, const std::string& value) {
  const auto at = parse_time(value);
  if (!at)
    throw Error(ErrorKind::usage, fmt::format("{}: not a date: {}", key, one_line(clean_text(value, 60))),
                "write it as year, month and day: before:2024-01-31");
  return *at;
}

constexpr std::array<std::string_view, 7> kKeys{"is", "label", "author", "channel", "in", "before", "after"};
// Filters that people know from forges and that this search has not: passed by in silence they would seem to hold.
constexpr std::array<std::string_view, 7> kOthersKeys{"assignee", "milestone", "created", "updated",
                                                      "involves", "commenter", "reviewer"};

// A key that is none, and was meant for one.
void refuse_slip(std::string_view key, std::string_view value) {
  constexpr std::size_t kShortestSlip = 4;  // shorter ones are words
  if (value.empty() || value.front() == '/' || key.size() < kShortestSlip ||
      !std::all_of(key.begin(), key.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
    return;
  std::vector<std::string> long_keys(kOthersKeys.begin(), kOthersKeys.end());
  for (const std::string_view each : kKeys)
    if (each.size() > kShortestSlip) long_keys.emplace_back(each);
  const std::string meant = near_miss(key, long_keys);
  if (meant.empty()) return;
  const bool is_ours = std::find(kKeys.begin(), kKeys.end(), meant) != kKeys.end();
  const std::string in_quotes =
      fmt::format("as a word it is looked for in quotes: \"{}:{}\"", key, one_line(clean_text(value, 60)));
  throw Error(ErrorKind::usage, fmt::format("there is no filter {}:", key),
              is_ours ? fmt::format("did you mean {}:? {}", meant, in_quotes)
              : meant == "created" || meant == "updated"
                  ? "after:2024-01-31 and before:2024-02-29 are; " + in_quotes
                  : fmt::format("there are {}:; {}", fmt::join(kKeys, ":, "), in_quotes));
}

// is_excluded: it stood behind a minus.
bool take_filter(SearchQuery& query, bool is_excluded, std::string_view key, const std::string& value) {
  if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) return refuse_slip(key, value), false;
  SearchMarks& marks = is_excluded ? query.excluded : query;
  if (is_excluded && (key == "in" || key == "before" || key == "after"))
    throw Error(ErrorKind::usage, fmt::format("-{}: leaves nothing out", key),
                key == "in"       ? "in:title, in:body and in:comments say where to look"
                : key == "before" ? "the other side is after:DATE"
                                  : "the other side is before:DATE");
  if (trim(value).empty())
    throw Error(ErrorKind::usage, fmt::format("{}: says nothing", key),
                fmt::format("write what it is to be, without a space: {}:{}", key,
                            key == "is"        ? "open"
                            : key == "in"      ? "title"
                            : key == "author"  ? "ada"
                            : key == "label"   ? "bug"
                            : key == "channel" ? "help"
                                               : "2024-01-31"));
  if (key == "is") {
    if (std::find(states().begin(), states().end(), value) == states().end())
      throw Error(ErrorKind::usage, fmt::format("is:{} is not known", one_line(clean_text(value, 60))),
                  nearest_of(value, states(), "is: takes"));
    marks.is.push_back(value == "pull" ? "pr" : value);
  } else if (key == "label") {
    marks.labels.push_back(value);
  } else if (key == "author") {
    marks.authors.push_back(value.starts_with('@') ? value.substr(1) : value);
  } else if (key == "channel") {
    marks.channels.push_back(value);
  } else if (key == "in") {
    if (value != "title" && value != "body" && value != "comments")
      throw Error(ErrorKind::usage, fmt::format("in:{} is not known", one_line(clean_text(value, 60))),
                  nearest_of(value, {"title", "body", "comments"}, "in: takes"));
    query.in = value;
  } else if (key == "before") {
    query.before = date_of_filter(key, value);
  } else {
    query.after = date_of_filter(key, value);
  }
  return true;
}

// Quotes hold no quote, and no token has one: see search_tokens.
std::string quoted(const std::vector<std::string>& tokens) {
  return fmt::format("\"{}\"", fmt::join(tokens, " "));
}

// Between two words of one thing: "foo.bar", "a->b", "dry-run". A comma ends one.
bool holds_together(std::string_view between) {
  return between.find_first_of(",;|") == std::string_view::npos &&
         std::all_of(between.begin(), between.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// A run of a script without spaces: its pairs in a row; a letter alone begins a pair.
SearchTerm run_term(std::string_view run) {
  SearchTerm term;
  add_pairs(run, term.tokens, true);
  if (term.tokens.size() > 1) {
    term.tokens.pop_back();
  } else {
    term.is_prefix = true;
  }
  term.is_phrase = term.tokens.size() > 1;
  if (term.is_phrase)
    for (const auto& pair : term.tokens) term.words.push_back({pair});
  return term;
}

// What stands between two spaces: one thing, or several where commas or scripts part them.
std::vector<SearchTerm> terms_of(std::string_view piece, bool is_prefix) {
  std::vector<SearchTerm> terms;
  SearchWord word;
  std::size_t end = 0;
  bool is_open = false;  // the last term may go on
  for (std::size_t at = 0; next_search_word(piece, at, word); end = word.end) {
    const bool is_last = is_prefix && at + 1 >= piece.size();
    if (word.is_run || is_last) {
      is_open = false;
      if (word.is_run) {
        terms.push_back(run_term(piece.substr(word.begin, word.end - word.begin)));
      } else {
        terms.emplace_back();
        terms.back().is_prefix = true;
        const std::string_view letters = piece.substr(word.begin, word.end - word.begin);
        const bool is_version = letters.find('.') != std::string_view::npos && !word.tokens.empty();
        terms.back().tokens = {is_version ? word.tokens.front() : fold_letters(letters)};
      }
      if (terms.back().tokens.empty() || terms.back().tokens.front().empty()) terms.pop_back();
      continue;
    }
    if (word.tokens.empty()) continue;
    if (!is_open || !holds_together(piece.substr(end, word.begin - end))) terms.emplace_back();
    is_open = true;
    SearchTerm& term = terms.back();
    term.tokens.insert(term.tokens.end(), word.tokens.begin(), word.tokens.end());
    term.words.push_back(std::move(word.tokens));
  }
  for (auto& term : terms) {
    if (term.words.size() > 1) term.is_phrase = true;
    if (!term.is_phrase) term.words.clear();
  }
  return terms;
}

// Words in quotes: in a row. Of a run of a script without spaces at the end the last letter need not end it.
std::vector<SearchTerm> phrase_of(std::string_view text) {
  SearchTerm term;
  term.is_phrase = true;
  SearchWord word, last;
  for (std::size_t at = 0; next_search_word(text, at, word);) {
    term.tokens.insert(term.tokens.end(), word.tokens.begin(), word.tokens.end());
    last = word;
  }
  if (term.tokens.empty()) return {};
  std::vector<SearchTerm> terms;
  if (last.is_run) {
    term.tokens.pop_back();
    // A letter alone: what has the phrase before it, and a word that begins so.
    if (last.tokens.size() == 1) terms.push_back(run_term(last.tokens.front()));
  }
  if (!term.tokens.empty()) terms.push_back(std::move(term));
  return terms;
}

bool is_hash(std::string_view word) {
  constexpr std::size_t kShortest = 7, kLongest = 64;
  return word.size() >= kShortest && word.size() <= kLongest &&
         word.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool has_filters(const SearchQuery& query) {
  return !query.empty() || !query.excluded.empty() || query.before || query.after;
}

}  // namespace

SearchQuery parse_search(std::string_view text) {
  SearchQuery query;
  const std::string clean = clean_text(text.substr(0, kLongestQuery));
  std::string_view rest = clean;
  std::vector<std::size_t> letters;  // terms of "-j"
  while (!rest.empty() && query.terms.size() < kMostTerms) {
    bool is_quoted = false;
    std::string_view piece = next_piece(rest, is_quoted);
    if (piece.empty()) break;
    bool is_excluded = false;
    if (piece.size() > 1 && piece[0] == '-' && piece[1] != '-' && !(piece[1] >= '0' && piece[1] <= '9')) {
      is_excluded = true;
      piece.remove_prefix(1);
    }
    if (!is_excluded && is_hash(piece)) query.hashes.push_back(to_lower(piece));
    const std::size_t colon = piece.find(':');
    if (colon != std::string_view::npos && colon > 0 && !piece.substr(colon).starts_with("::") &&
        take_filter(query, is_excluded, piece.substr(0, colon), unquoted(piece.substr(colon + 1))))
      continue;
    const bool is_prefix = !is_quoted && piece.size() > 2 && piece.back() == '*';
    for (auto& term : is_quoted ? phrase_of(unquoted(piece)) : terms_of(piece, is_prefix)) {
      term.is_excluded = is_excluded;
      if (is_excluded && piece.size() == 1) letters.push_back(query.terms.size());
      if (query.terms.size() < kMostTerms) query.terms.push_back(std::move(term));
    }
  }
  // Beside words "-j" is an option that was pasted: "make -j fails".
  if (std::any_of(query.terms.begin(), query.terms.end(), [](const auto& term) { return !term.is_excluded; }))
    for (const std::size_t at : letters)
      if (at < query.terms.size()) query.terms[at].is_excluded = false;
  // "-Werror" alone asks for what it names.
  if (!has_filters(query) &&
      std::all_of(query.terms.begin(), query.terms.end(), [](const auto& term) { return term.is_excluded; }))
    for (auto& term : query.terms) term.is_excluded = false;
  return query;
}

void check_asks_something(const SearchQuery& query) {
  if (!query.terms.empty() || has_filters(query)) return;
  throw Error(ErrorKind::usage, "there is no word to look for",
              "give one that is more than a sign or one of the commonest (the, and, not), or a filter such as is:open");
}

std::string fts5_excluded(const SearchQuery& query) {
  std::string excluded;
  for (const auto& term : query.terms)
    if (term.is_excluded)
      excluded += (excluded.empty() ? "" : " OR ") +
                  (term.is_phrase ? quoted(term.tokens) : quoted({term.tokens.front()})) + (term.is_prefix ? "*" : "");
  return excluded;
}

std::string fts5_expression(const SearchQuery& query, bool any) {
  std::string wanted;
  for (const auto& term : query.terms) {
    if (term.is_excluded) continue;
    wanted += (wanted.empty() ? ""
               : any          ? " OR "
                              : " AND ") +
              (term.is_phrase ? quoted(term.tokens) : quoted({term.tokens.front()})) + (term.is_prefix ? "*" : "");
  }
  if (wanted.empty()) return {};
  std::string expression = "(" + wanted + ")";
  if (!query.in.empty()) expression = fmt::format("{} : {}", query.in == "comments" ? "replies" : query.in, expression);
  if (const std::string excluded = fts5_excluded(query); !excluded.empty())
    expression = fmt::format("({}) NOT ({})", expression, excluded);
  return expression;
}

}  // namespace resident
