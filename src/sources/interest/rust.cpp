#include <algorithm>
#include <sources/interest/bytes.hpp>
#include <sources/interest/characters.hpp>
#include <sources/interest/rust.hpp>
#include <string>
#include <vector>

namespace resident::interest {

namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kLongestPath = 4096;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

class RustScanner {
 public:
  RustScanner(std::string_view text, Mentions& mentions)
      : begin_(text.data()), end_(text.data() + text.size()), at_(begin_), mentions_(mentions) {}
  void scan();

 private:
  bool reaches(const char* place);
  const char* skip_comment(const char* at) const;  // nested ones, too
  const char* skip_blank(const char* at) const;
  const char* skip_string(const char* quote) const;
  const char* skip_raw(const char* quote, std::size_t hashes) const;
  const char* skip_mark(const char* mark) const;  // a character, or a lifetime
  bool begins_item(const char* word) const;

  const char* read_use(const char* at, const std::string& prefix, int depth);
  const char* read_crate(const char* at);
  std::string_view read_name(const char*& at) const;
  void add(const std::string& prefix, std::string_view name);
  void mark_own();

  const char* begin_;
  const char* end_;
  const char* at_;
  Mentions& mentions_;
  std::size_t offset_ = 0;                 // of the statement that is read
  std::vector<std::string_view> modules_;  // of the file itself
};

const char* RustScanner::skip_comment(const char* at) const {
  if (at[1] == '/') return find_byte(at, end_, '\n');
  int depth = 1;
  for (at += 2; depth > 0; at += 2) {
    at = find_any(at, end_, '*', '/');
    while (at < end_ && !(end_ - at > 1 && ((*at == '*' && at[1] == '/') || (*at == '/' && at[1] == '*'))))
      at = find_any(at + 1, end_, '*', '/');
    if (at >= end_) return end_;
    depth += *at == '/' ? 1 : -1;
  }
  return at;
}

const char* RustScanner::skip_blank(const char* at) const {
  while (at < end_) {
    if (is_blank(*at)) {
      ++at;
    } else if (*at == '/' && end_ - at > 1 && (at[1] == '/' || at[1] == '*')) {
      at = skip_comment(at);
    } else {
      break;
    }
  }
  return at;
}

const char* RustScanner::skip_string(const char* quote) const {
  for (const char* at = quote + 1;;) {
    at = find_any(at, end_, '"', '\\');
    if (at == end_) return end_;
    if (*at == '"') return at + 1;
    at = std::min(at + 2, end_);
  }
}

const char* RustScanner::skip_raw(const char* quote, std::size_t hashes) const {
  for (const char* at = quote + 1;; ++at) {
    at = find_byte(at, end_, '"');
    if (at == end_) return end_;
    std::size_t found = 0;
    while (found < hashes && end_ - at > static_cast<std::ptrdiff_t>(found) + 1 && at[found + 1] == '#') ++found;
    if (found == hashes) return at + 1 + hashes;
  }
}

const char* RustScanner::skip_mark(const char* mark) const {
  const char* at = mark + 1;
  if (at == end_) return end_;
  if (*at == '\\') {
    at = find_any(std::min(at + 2, end_), end_, '\'', '\n');
    return at == end_ || *at == '\n' ? mark + 1 : at + 1;
  }
  // One character, of up to four bytes, and the mark that closes it; else a lifetime.
  ++at;
  while (at < end_ && (static_cast<unsigned char>(*at) & 0xC0) == 0x80) ++at;
  return at < end_ && *at == '\'' ? at + 1 : mark + 1;
}

bool RustScanner::reaches(const char* place) {
  while (at_ < place) {
    const char* special = find_any(at_, place, '"', '\'', '/');
    if (special == place) {
      at_ = place;
    } else if (*special == '/') {
      const bool is_comment = end_ - special > 1 && (special[1] == '/' || special[1] == '*');
      at_ = is_comment ? skip_comment(special) : special + 1;
    } else if (*special == '\'') {
      at_ = skip_mark(special);
    } else {
      const char* hash = special;
      while (hash > begin_ && hash[-1] == '#') --hash;
      const bool is_raw = hash > begin_ && hash[-1] == 'r' &&
                          (hash - begin_ < 2 || !is_word_byte(hash[-2]) ||
                           ((hash[-2] == 'b' || hash[-2] == 'c') && (hash - begin_ < 3 || !is_word_byte(hash[-3]))));
      at_ = is_raw ? skip_raw(special, static_cast<std::size_t>(special - hash)) : skip_string(special);
    }
  }
  return at_ == place;
}

// These words are keywords and stand nowhere else; behind another word of the line they are a comment's.
bool RustScanner::begins_item(const char* word) const {
  const char* at = word;
  while (at > begin_ && (at[-1] == ' ' || at[-1] == '\t')) --at;
  if (at == begin_) return true;
  if (!is_word_byte(at[-1])) return word[-1] != '#';
  const char* start = at;
  while (start > begin_ && is_word_byte(start[-1])) --start;
  return std::string_view(start, static_cast<std::size_t>(at - start)) == "pub";
}

std::string_view RustScanner::read_name(const char*& at) const {
  if (end_ - at > 2 && at[0] == 'r' && at[1] == '#' && is_word_byte(at[2])) at += 2;
  const char* start = at;
  if (at < end_ && *at == '$') ++at;  // $crate
  if (at < end_ && is_digit(*at)) return {};
  while (at < end_ && is_word_byte(*at)) ++at;
  return {start, static_cast<std::size_t>(at - start)};
}

void RustScanner::add(const std::string& prefix, std::string_view name) {
  // `use a;` and `use a::{self}` take the module itself.
  Mention mention{{}, name, offset_, true};
  if (prefix.empty()) {
    mention.module = name;
    mention.name = {};
  } else {
    mention.module = mentions_.keep(prefix);
    if (name == "self") mention.name = {};
  }
  mentions_.add(mention);
}

// A tree of paths at `at`; behind it.
const char* RustScanner::read_use(const char* at, const std::string& prefix, int depth) {
  std::string path = prefix;
  at = skip_blank(at);
  if (end_ - at > 1 && at[0] == ':' && at[1] == ':') at = skip_blank(at + 2);
  for (;;) {
    if (at == end_ || path.size() > kLongestPath) return at;
    if (*at == '*') {
      if (!path.empty()) add(path, "*");
      return skip_blank(at + 1);
    }
    if (*at == '{') {
      if (depth == kDeepest) return at;
      for (++at;;) {
        at = skip_blank(at);
        if (at == end_) return at;
        if (*at == '}') return skip_blank(at + 1);
        const char* stop = read_use(at, path, depth + 1);
        if (stop == at) return at;
        at = skip_blank(stop);
        if (at < end_ && *at == ',') ++at;
      }
    }
    const std::string_view name = read_name(at);
    if (name.empty()) return at;
    at = skip_blank(at);
    if (end_ - at > 1 && at[0] == ':' && at[1] == ':') {
      if (!path.empty()) path += "::";
      path += name;
      at = skip_blank(at + 2);
      continue;
    }
    add(path, name);
    if (end_ - at > 2 && at[0] == 'a' && at[1] == 's' && !is_word_byte(at[2])) {
      at = skip_blank(at + 2);
      read_name(at);
      at = skip_blank(at);
    }
    return at;
  }
}

const char* RustScanner::read_crate(const char* at) {
  at = skip_blank(at);
  const std::string_view rest(at, static_cast<std::size_t>(end_ - at));
  if (!rest.starts_with("crate") || (rest.size() > 5 && is_word_byte(rest[5]))) return at;
  at = skip_blank(at + 5);
  if (const std::string_view name = read_name(at); !name.empty() && name != "self") add({}, name);
  return at;
}

// Modules of the file itself are not crates of the same name.
void RustScanner::mark_own() {
  if (modules_.empty()) return;
  for (Mention& mention : mentions_.list()) {
    const std::string_view first = mention.module.substr(0, mention.module.find("::"));
    if (std::find(modules_.begin(), modules_.end(), first) != modules_.end())
      mention.module = mentions_.keep("self::" + std::string(mention.module));
  }
}

void RustScanner::scan() {
  constexpr std::size_t kMostModules = 1000;
  const char* extern_at = find_word(begin_, end_, "extern", 1, 2);
  const char* module_at = find_word(begin_, end_, "mod", 0, 2);
  for (const char* at = begin_;;) {
    const char* word = find_word(at, end_, "use", 0, 1);
    std::size_t length = 3;
    if (extern_at < at) extern_at = find_word(at, end_, "extern", 1, 2);
    if (module_at < at) module_at = find_word(at, end_, "mod", 0, 2);
    // A module may be named behind what is used of it.
    if (word == end_ && extern_at == end_ && (module_at == end_ || mentions_.list().empty())) break;
    const bool is_extern = extern_at < word, is_module = module_at < std::min(word, extern_at);
    if (is_extern) {
      word = extern_at;
      length = 6;
    }
    if (is_module) {
      word = module_at;
      length = 3;
    }
    const char* after = at = word + length;
    if ((word > begin_ && is_word_byte(word[-1])) || after == end_ || is_word_byte(*after) || !begins_item(word))
      continue;
    if (!reaches(word)) {
      at = std::max(at, at_);
      continue;
    }
    offset_ = static_cast<std::size_t>(word - begin_);
    if (is_module) {
      const char* name_at = skip_blank(after);
      const std::string_view name = read_name(name_at);
      if (!name.empty() && modules_.size() < kMostModules) modules_.push_back(name);
    } else {
      at = is_extern ? read_crate(after) : read_use(after, {}, 0);
      at = std::max(at, after);
      at_ = std::max(at_, at);
    }
  }
  mark_own();
}

}  // namespace

void scan_rust(std::string_view text, Mentions& mentions) {
  RustScanner(text, mentions).scan();
}

}  // namespace resident::interest
