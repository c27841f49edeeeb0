#include <libstemmer.h>

#include <algorithm>
#include <analyses/text/tokens.hpp>
#include <base/text.hpp>
#include <memory>
#include <unordered_set>

namespace resident {

namespace {

constexpr std::size_t kLongestWord = 80;  // longer ones are data, not words

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_other_letter(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}  // of UTF-8 beyond ASCII
bool is_letter(char c) {
  return is_upper(c) || is_lower(c) || is_other_letter(c);
}

// Typographical punctuation, U+2000 to U+207F: quotes, dashes, "…"; three bytes.
bool is_punctuation(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '\xE2' && (text[at + 1] == '\x80' || text[at + 1] == '\x81');
}

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

std::string stem(const std::string& word) {
  thread_local const std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer(sb_stemmer_new("english", "UTF_8"));
  const sb_symbol* result =
      sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
  if (!result) return word;
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(sb_stemmer_length(stemmer.get()))};
}

// "HTTPServerError2" → HTTP, Server, Error, 2; "foo_bar" → foo, bar.
std::vector<std::string_view> parts_of(std::string_view word) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  const auto cut = [&](std::size_t end) {
    if (end > begin) parts.push_back(word.substr(begin, end - begin));
    begin = end;
  };
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '_') {
      cut(i);
      begin = i + 1;
      continue;
    }
    if (i == begin) continue;
    const char before = word[i - 1], now = word[i];
    const bool rises = is_upper(now) && !is_upper(before);
    const bool ends_capitals = is_upper(before) && is_lower(now) && i >= begin + 2 && is_upper(word[i - 2]);
    if (ends_capitals) {
      cut(i - 1);
    } else if (rises || (is_digit(now) != is_digit(before))) {
      cut(i);
    }
  }
  cut(word.size());
  return parts;
}

// One word from `at`: letters, digits and underscores; or a number with dots in it.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  std::size_t end = at;
  if (is_digit(text[at])) {
    while (end < text.size() &&
           (is_digit(text[end]) || (text[end] == '.' && end + 1 < text.size() && is_digit(text[end + 1]))))
      ++end;
    return end;
  }
  while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '_') &&
         !is_punctuation(text, end))
    ++end;
  return end;
}

template <class Each>
void for_each_word(std::string_view text, const Each& each) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_punctuation(text, at)) {
      at += 3;
      continue;
    }
    if (!is_letter(text[at]) && !is_digit(text[at])) {
      ++at;
      continue;
    }
    const std::size_t end = end_of_word(text, at);
    each(at, end);
    at = end;
  }
}

}  // namespace

std::string word_stem(const std::string& word) {
  return stem(word);
}

bool is_stop_word(std::string_view word) {
  static const std::unordered_set<std::string_view> words{
      "a",    "an",   "and",   "are",  "as",    "at",    "be",    "been",  "but",   "by",    "can",    "could", "do",
      "does", "for",  "from",  "had",  "has",   "have",  "how",   "i",     "if",    "in",    "into",   "is",    "it",
      "its",  "may",  "might", "more", "no",    "not",   "of",    "on",    "or",    "our",   "should", "so",    "some",
      "such", "than", "that",  "the",  "their", "them",  "then",  "there", "these", "they",  "this",   "to",    "was",
      "we",   "were", "what",  "when", "where", "which", "while", "will",  "with",  "would", "you",    "your"};
  return words.contains(word);
}

void add_word_tokens(std::string_view word, std::vector<std::string>& tokens) {
  if (word.size() > kLongestWord) return;
  const std::string lower = to_lower(word);
  if (is_stop_word(lower)) return;
  const auto parts = is_digit(word[0]) ? std::vector<std::string_view>{word} : parts_of(word);
  if (parts.size() < 2) {
    // A lone underscore leaves one part: "_private".
    tokens.push_back(stem(parts.empty() ? lower : to_lower(parts.front())));
    return;
  }
  tokens.push_back(lower);
  for (const auto part : parts) {
    const std::string small = to_lower(part);
    if (small.size() > 1 && !is_stop_word(small)) tokens.push_back(stem(small));
  }
}

std::vector<std::string> text_tokens(std::string_view text, std::size_t most) {
  std::vector<std::string> tokens;
  for_each_word(text, [&](std::size_t begin, std::size_t end) {
    if (tokens.size() < most) add_word_tokens(text.substr(begin, end - begin), tokens);
  });
  return tokens;
}

std::vector<WordPlace> word_places(std::string_view text) {
  std::vector<WordPlace> places;
  for_each_word(text, [&](std::size_t begin, std::size_t end) { places.push_back({begin, end}); });
  return places;
}

}  // namespace resident
