#include <algorithm>
#include <analyses/search/words.hpp>
#include <base/text.hpp>
#include <iterator>
#include <text/fold.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestWhole = 80;       // bytes of a word with its underscores
constexpr std::size_t kLettersBeforeSharp = 2;  // C#, VB#; longer ones are no names of languages

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word_byte(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
char at_or_nul(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

// The whole in front.
void put_first(std::vector<std::string>& tokens, std::string whole) {
  if (tokens.empty() || tokens.front() != whole) tokens.insert(tokens.begin(), std::move(whole));
}

// "#12", but not "&#12;" nor a colour "#12ab34".
bool is_reference(std::string_view text, const TextWord& word) {
  return word.begin > 0 && text[word.begin - 1] == '#' && (word.begin < 2 || text[word.begin - 2] != '&') &&
         !is_word_byte(at_or_nul(text, word.end)) &&
         text.substr(word.begin, word.end - word.begin).find('.') == std::string_view::npos;
}

// "python3.11": the name, and the number that goes on behind its last letter; "v3.11" is a number.
bool take_version(std::string_view text, TextWord& word, std::vector<std::string>& tokens) {
  if (!is_digit(text[word.end - 1]) || at_or_nul(text, word.end) != '.' || !is_digit(at_or_nul(text, word.end + 1)))
    return false;
  std::size_t digits = word.end;
  while (digits > word.begin && is_digit(text[digits - 1])) --digits;
  const std::size_t end = end_of_number(text, digits);
  const std::string_view name = text.substr(word.begin, digits - word.begin);
  std::string number(text.substr(digits, end - digits));
  if (name != "v" && name != "V") {
    add_word_tokens(name, tokens);
    put_first(tokens, fold_letters(name) + number);
  }
  tokens.push_back(std::move(number));
  word.end = end;
  return true;
}

// "C++", "C++17", "C#".
void take_signs_behind(std::string_view text, TextWord& word, std::vector<std::string>& tokens) {
  const std::string_view letters = text.substr(word.begin, word.end - word.begin);
  if (text.substr(word.end).starts_with("++")) {
    std::size_t end = word.end + 2;
    if (is_word_byte(at_or_nul(text, end)) && !is_digit(text[end])) return;
    put_first(tokens, fold_letters(letters) + "++");
    const std::size_t digits = end;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end > digits && !is_word_byte(at_or_nul(text, end))) {
      put_first(tokens, fold_letters(letters) + "++" + std::string(text.substr(digits, end - digits)));
      word.end = end;
    } else {
      word.end = digits;
    }
  } else if (letters.size() <= kLettersBeforeSharp && at_or_nul(text, word.end) == '#' &&
             !is_word_byte(at_or_nul(text, word.end + 1))) {
    put_first(tokens, fold_letters(letters) + "#");
    ++word.end;
  }
}

// "__init__", "_private", "class_": with their underscores, too.
void take_underscores(std::string_view text, TextWord& word, std::vector<std::string>& tokens) {
  std::size_t begin = word.begin;
  while (begin > 0 && text[begin - 1] == '_') --begin;
  if (begin > 0 && is_word_byte(text[begin - 1])) begin = word.begin;
  const std::string_view whole = text.substr(begin, word.end - begin);
  if (whole.size() > kLongestWhole || (!whole.starts_with('_') && !whole.ends_with('_'))) return;
  put_first(tokens, fold_letters(whole));
  word.begin = begin;
}

// As it is typed where the keyboard lacks the marks.
void add_without_marks(std::string_view letters, std::vector<std::string>& tokens) {
  const bool is_ascii =
      std::all_of(letters.begin(), letters.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii || tokens.empty()) return;
  std::vector<std::string> plain;
  add_word_tokens(without_marks(fold_letters(letters)), plain);
  for (auto& token : plain)
    if (std::find(tokens.begin(), tokens.end(), token) == tokens.end()) tokens.push_back(std::move(token));
}

}  // namespace

bool next_search_word(std::string_view text, std::size_t& at, SearchWord& word) {
  word.tokens.clear();
  TextWord found;
  if (!next_word(text, at, found)) return false;
  const std::string_view letters = text.substr(found.begin, found.end - found.begin);
  if (found.is_run) {
    add_pairs(letters, word.tokens, true);
  } else if (is_digit(letters.front())) {
    add_word_tokens(letters, word.tokens);
    if (!word.tokens.empty() && is_reference(text, found)) put_first(word.tokens, "#" + word.tokens.front());
  } else if (!take_version(text, found, word.tokens)) {
    add_word_tokens(letters, word.tokens);
    add_without_marks(letters, word.tokens);
    take_underscores(text, found, word.tokens);
    take_signs_behind(text, found, word.tokens);
  }
  word.begin = found.begin;
  word.end = found.end;
  word.is_run = found.is_run;
  at = found.end;
  return true;
}

std::vector<std::string> search_tokens(std::string_view text, std::size_t most) {
  std::vector<std::string> tokens;
  SearchWord word;
  for (std::size_t at = 0; tokens.size() < most && next_search_word(text, at, word);)
    std::move(word.tokens.begin(), word.tokens.end(), std::back_inserter(tokens));
  if (tokens.size() > most) tokens.resize(most);
  return tokens;
}

std::string words_text(std::string_view text) {
  std::string words;
  for (const auto& token : search_tokens(text, kMostIndexed)) {
    if (!words.empty()) words += ' ';
    words += token;
  }
  return words;
}

}  // namespace resident
