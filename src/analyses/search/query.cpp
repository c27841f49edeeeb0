#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/search/query.hpp>
#include <analyses/text/tokens.hpp>
#include <base/error.hpp>
#include <base/text.hpp>

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

Timestamp date_of_filter(std::string_view key, const std::string& value) {
  const auto at = parse_time(value);
  if (!at)
    throw Error(ErrorKind::usage, fmt::format("{}: not a date: {}", key, one_line(clean_text(value, 60))),
                "write it as year, month and day: before:2024-01-31");
  return *at;
}

bool take_filter(SearchQuery& query, std::string_view key, const std::string& value) {
  if (value.empty()) return false;
  if (key == "is") {
    if (std::find(states().begin(), states().end(), value) == states().end())
      throw Error(ErrorKind::usage, fmt::format("is:{} is not known", one_line(clean_text(value, 60))),
                  fmt::format("is: takes {}", fmt::join(states(), ", ")));
    query.is.push_back(value == "pull" ? "pr" : value);
  } else if (key == "label") {
    query.labels.push_back(value);
  } else if (key == "author") {
    query.authors.push_back(value.starts_with('@') ? value.substr(1) : value);
  } else if (key == "channel") {
    query.channels.push_back(value);
  } else if (key == "in") {
    if (value != "title" && value != "body" && value != "comments")
      throw Error(ErrorKind::usage, "in: takes title, body or comments");
    query.in = value;
  } else if (key == "before") {
    query.before = date_of_filter(key, value);
  } else if (key == "after") {
    query.after = date_of_filter(key, value);
  } else {
    return false;
  }
  return true;
}

// Quotes hold no quote, and no token has one: see text_tokens.
std::string quoted(const std::vector<std::string>& tokens) {
  return fmt::format("\"{}\"", fmt::join(tokens, " "));
}

}  // namespace

SearchQuery parse_search(std::string_view text) {
  SearchQuery query;
  const std::string clean = clean_text(text.substr(0, kLongestQuery));
  std::string_view rest = clean;
  while (!rest.empty() && query.terms.size() < kMostTerms) {
    bool is_quoted = false;
    std::string_view piece = next_piece(rest, is_quoted);
    if (piece.empty()) break;
    SearchTerm term;
    if (piece.size() > 1 && piece.front() == '-') {
      term.is_excluded = true;
      piece.remove_prefix(1);
    }
    const std::size_t colon = piece.find(':');
    if (!term.is_excluded && colon != std::string_view::npos && colon > 0 &&
        take_filter(query, piece.substr(0, colon), unquoted(piece.substr(colon + 1))))
      continue;
    term.is_prefix = !is_quoted && piece.size() > 2 && piece.back() == '*';
    if (is_quoted) {
      term.is_phrase = true;
      term.tokens = text_tokens(unquoted(piece));
      if (!term.tokens.empty()) query.terms.push_back(std::move(term));
      continue;
    }
    for (const WordPlace& place : word_places(piece)) {
      SearchTerm word = term;
      const std::string_view letters = piece.substr(place.begin, place.end - place.begin);
      if (word.is_prefix) {
        word.tokens = {to_lower(letters)};
      } else {
        add_word_tokens(letters, word.tokens);
      }
      if (!word.tokens.empty() && query.terms.size() < kMostTerms) query.terms.push_back(std::move(word));
    }
  }
  return query;
}

std::string fts5_expression(const SearchQuery& query, bool any) {
  std::string wanted, excluded;
  for (const auto& term : query.terms) {
    std::string one = term.is_phrase ? quoted(term.tokens) : quoted({term.tokens.front()});
    if (term.is_prefix) one += "*";
    std::string& list = term.is_excluded ? excluded : wanted;
    list += (list.empty() ? "" : term.is_excluded || any ? " OR " : " AND ") + one;
  }
  if (wanted.empty()) return {};
  std::string expression = "(" + wanted + ")";
  if (!query.in.empty()) expression = fmt::format("{} : {}", query.in == "comments" ? "replies" : query.in, expression);
  if (!excluded.empty()) expression = fmt::format("({}) NOT ({})", expression, excluded);
  return expression;
}

}  // namespace resident
