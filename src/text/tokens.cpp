#include <libstemmer.h>

#include <algorithm>
#include <base/text.hpp>
#include <memory>
#include <text/fold.hpp>
#include <text/tokens.hpp>
#include <unordered_set>

namespace resident {

namespace {

constexpr std::size_t kLongestWord = 80;        // letters; longer ones are data, not words
constexpr std::size_t kMostBytesPerLetter = 3;  // beyond ASCII

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_ascii(c); });
}

Letter kind_at(std::string_view text, std::size_t at, std::size_t& next) {
  const char c = text[at];
  if (!is_ascii(c)) return letter_at(text, at, next);
  next = at + 1;
  return is_upper(c) || is_lower(c) || is_digit(c) ? Letter::word : Letter::none;
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
    const bool rises = is_upper(now) && (is_lower(before) || is_digit(before));
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

// Letters, digits and underscores; or a run of a script without spaces.
std::size_t end_of_word(std::string_view text, std::size_t at, bool is_run) {
  std::size_t next = at;
  while (at < text.size()) {
    const Letter kind = kind_at(text, at, next);
    const bool belongs =
        kind == Letter::mark || (is_run ? kind == Letter::pair : kind == Letter::word || text[at] == '_');
    if (!belongs) break;
    at = next;
  }
  return at;
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

std::size_t end_of_number(std::string_view text, std::size_t at) {
  while (at < text.size() &&
         (is_digit(text[at]) || (text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1]))))
    ++at;
  return at;
}

bool next_word(std::string_view text, std::size_t& at, TextWord& word) {
  for (std::size_t next = at; at < text.size(); at = next) {
    const Letter kind = kind_at(text, at, next);
    if (kind == Letter::none || kind == Letter::mark) continue;
    word = {at, next, kind == Letter::pair};
    if (kind != Letter::symbol)
      word.end = is_digit(text[at]) ? end_of_number(text, at) : end_of_word(text, at, word.is_run);
    at = word.end;
    return true;
  }
  return false;
}

namespace {

bool is_run(std::string_view word) {
  std::size_t next = 0;
  return !word.empty() && !is_ascii(word.front()) && letter_at(word, 0, next) == Letter::pair;
}

std::string folded(std::string_view word) {
  return is_ascii(word) ? to_lower(word) : fold_letters(word);
}

// The letters of a run, folded, each by itself.
std::vector<std::string> run_letters(std::string_view run) {
  const std::string text = fold_letters(run);
  std::vector<std::string> letters;
  for (std::size_t at = 0, next = 0; at < text.size(); at = next) {
    kind_at(text, at, next);
    letters.emplace_back(text, at, next - at);
  }
  return letters;
}

}  // namespace

void add_pairs(std::string_view run, std::vector<std::string>& tokens, bool with_last) {
  const std::vector<std::string> letters = run_letters(run);
  for (std::size_t i = 0; i + 1 < letters.size(); ++i) tokens.push_back(letters[i] + letters[i + 1]);
  if (!letters.empty() && (with_last || letters.size() == 1)) tokens.push_back(letters.back());
}

void add_word_tokens(std::string_view word, std::vector<std::string>& tokens) {
  if (is_run(word)) return add_pairs(word, tokens, false);
  const bool is_plain = is_ascii(word);
  if (word.size() > kLongestWord * (is_plain ? 1 : kMostBytesPerLetter)) return;
  const std::string lower = folded(word);
  if (lower.empty() || is_stop_word(lower)) return;
  const auto parts = is_digit(word[0]) ? std::vector<std::string_view>{word} : parts_of(word);
  if (parts.size() < 2) {
    // A lone underscore leaves one part: "_private".
    tokens.push_back(stem(parts.empty() ? lower : folded(parts.front())));
    return;
  }
  tokens.push_back(lower);
  for (const auto part : parts) {
    const std::string small = folded(part);
    if (small.size() > 1 && !is_stop_word(small)) tokens.push_back(stem(small));
  }
}

std::vector<std::string> text_tokens(std::string_view text, std::size_t most) {
  std::vector<std::string> tokens;
  for_each_word(text, [&](const TextWord& word) {
    if (tokens.size() < most) add_word_tokens(text.substr(word.begin, word.end - word.begin), tokens);
  });
  return tokens;
}

std::vector<WordPlace> word_places(std::string_view text) {
  std::vector<WordPlace> places;
  for_each_word(text, [&](const TextWord& word) {
    if (!word.is_run) return places.push_back({word.begin, word.end});
    // Each letter, with its marks, up to the end of the next.
    std::vector<std::size_t> begins;
    for (std::size_t at = word.begin, next = at; at < word.end; at = next)
      if (letter_at(text, at, next) != Letter::mark || begins.empty()) begins.push_back(at);
    for (std::size_t i = 0; i + 1 < begins.size() || i == 0; ++i)
      places.push_back({begins[i], i + 2 < begins.size() ? begins[i + 2] : word.end});
  });
  return places;
}

}  // namespace resident
