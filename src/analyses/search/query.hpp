// What a person types into a search box, understood: words, "phrases", -not, prefix*,
// and filters: is:open|closed|merged|draft|pr|issue|thread|commit|doc, label:, author:,
// in:title|body|comments, before:DATE, after:DATE, channel:; "-label:", "-is:" and the like leave out. Never an error
// for words; a filter that cannot be (before:yesterday), says nothing (author:), is misspelt (labl:) or one that forges
// have and this has not (milestone:) is one. Other "key:" are words ("std::map").
// Words that signs hold together ("foo.bar", "--dry-run", "std::move") are wanted in a row, as the text has them.
// "-not" leaves out where something else is asked for; "--word", "-1" and a lone "-Werror" are words.
#pragma once

#include <base/time.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct SearchTerm {
  std::vector<std::string> tokens;  // in a row; of one word, its first is the whole
  bool is_phrase = false;           // all tokens in a row; else the first alone decides
  // Of a phrase that signs, or a script without spaces, hold together: its words, each with its tokens. What has some
  // of them is near to what is wanted.
  std::vector<std::vector<std::string>> words;
  bool is_prefix = false;
  bool is_excluded = false;
};

// What a document is or carries.
struct SearchMarks {
  std::vector<std::string> is, labels, authors, channels;  // is: as above
  bool empty() const { return is.empty() && labels.empty() && authors.empty() && channels.empty(); }
};

struct SearchQuery : SearchMarks {
  std::vector<SearchTerm> terms;
  std::vector<std::string> hashes;  // those of its words that may be a commit's: 7 to 64 digits, in lower case
  SearchMarks excluded;
  std::string in;  // "", title, body, comments
  std::optional<Timestamp> before, after;
};

inline constexpr std::size_t kMostTerms = 32;  // what is beyond is left out

SearchQuery parse_search(std::string_view text);
// Throws Error{usage} where the query asks for nothing at all.
void check_asks_something(const SearchQuery& query);

// The query in the language of FTS5; "" where nothing is searched for. any: one of the words is enough.
// Only letters, digits, kTokenSigns and what is beyond ASCII reach it, in quotes.
std::string fts5_expression(const SearchQuery& query, bool any);
// What is to be left out alone, in the same language; "" where nothing is.
std::string fts5_excluded(const SearchQuery& query);

}  // namespace resident
