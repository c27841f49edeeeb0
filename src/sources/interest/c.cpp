#include <algorithm>
#include <sources/interest/bytes.hpp>
#include <sources/interest/c.hpp>
#include <sources/interest/characters.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::interest {

namespace {

constexpr int kMostFailures = 64;
constexpr std::size_t kMostHeaders = 100;

class CScanner {
 public:
  CScanner(std::string_view text, bool has_modules, Mentions& mentions)
      : begin_(text.data()), end_(text.data() + text.size()), has_modules_(has_modules), mentions_(mentions) {}
  void scan();

 private:
  // Of an #if and what follows up to its #endif.
  struct Condition {
    bool is_guard = false;   // of the whole file: no condition
    bool is_dead = false;    // the branch that stands now is never taken
    bool was_taken = false;  // a branch before it always is
    bool was_dead_around = false;
  };

  const char* skip_comment(const char* at);
  const char* skip_string(const char* at) const;
  const char* skip_raw_string(const char* quote);
  const char* skip_character(const char* at) const;
  const char* skip_back(const char* at) const;
  const char* skip_blank(const char* at) const;  // and comments and continued lines
  bool begins_line(const char* at) const;
  std::string_view word_at(const char* at) const;

  const char* read_directive(const char* hash);
  void read_header(const char* at, const char* hash);
  void read_module(const char* word);
  void open_condition(std::string_view directive, const char* after);
  void turn_condition();
  bool is_dead() const { return !conditions_.empty() && conditions_.back().is_dead; }
  bool is_conditional() const;

  const char* begin_;
  const char* end_;
  bool has_modules_;
  Mentions& mentions_;
  const char* comment_end_ = nullptr;
  bool comment_began_line_ = false;
  std::vector<Condition> conditions_;
  std::vector<std::pair<std::string_view, const char*>> headers_;  // macros that the file defines as one
  std::size_t directives_ = 0;
  int failures_ = 0;        // of raw strings that do not end
  std::string_view guard_;  // name of the first #ifndef
};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

// Behind a line break that a backslash at `at` does away with; null where it does with none.
const char* behind_splice(const char* at, const char* end) {
  const char* next = at + 1;
  if (next < end && *next == '\r') ++next;
  return next < end && *next == '\n' ? next + 1 : nullptr;
}

std::string_view CScanner::word_at(const char* at) const {
  const char* stop = at;
  while (stop < end_ && is_word_byte(*stop)) ++stop;
  return {at, static_cast<std::size_t>(stop - at)};
}

const char* CScanner::skip_comment(const char* at) {
  comment_began_line_ = begins_line(at);
  if (at[1] == '*') {
    for (at += 2; (at = find_byte(at, end_, '*')) != end_; ++at)
      if (end_ - at > 1 && at[1] == '/') return comment_end_ = at + 2;
    return end_;
  }
  for (at += 2;;) {
    at = find_byte(at, end_, '\n');
    const char* line_end = at;
    if (line_end > begin_ && line_end[-1] == '\r') --line_end;
    if (at == end_ || line_end[-1] != '\\') return at;
    ++at;
  }
}

const char* CScanner::skip_string(const char* at) const {
  const char mark = *at;
  for (++at;;) {
    at = find_any(at, end_, mark, '\\', '\n');
    if (at == end_) return end_;
    if (*at == mark) return at + 1;
    if (*at == '\n') return at;
    const char* next = behind_splice(at, end_);
    at = next ? next : std::min(at + 2, end_);
  }
}

// Behind R"x(…)x"; null where it is none.
const char* CScanner::skip_raw_string(const char* quote) {
  if (failures_ >= kMostFailures) return nullptr;
  constexpr std::ptrdiff_t kLongest = 16;
  const char* open = quote + 1;
  while (open < end_ && open - quote - 1 <= kLongest && *open != '(' && *open != ')' && *open != '\\' && *open != '"' &&
         *open != '\n' && !is_space(*open))
    ++open;
  if (open == end_ || *open != '(') return nullptr;
  std::string close = ")";
  close.append(quote + 1, open);
  close += '"';
  const std::string_view rest(open, static_cast<std::size_t>(end_ - open));
  const std::size_t found = rest.find(close);
  if (found != std::string_view::npos) return open + found + close.size();
  ++failures_;
  return nullptr;
}

// A character, or a mark between the digits of a number (C++14, C23).
const char* CScanner::skip_character(const char* at) const {
  const char* start = at;
  while (start > begin_ && is_word_byte(start[-1])) --start;
  if (start < at && is_digit(*start)) return at + 1;
  return skip_string(at);
}

const char* CScanner::skip_back(const char* at) const {
  while (at > begin_) {
    if (is_space(at[-1])) {
      --at;
    } else if (at[-1] == '\n') {
      const char* line_end = at - 1;
      if (line_end > begin_ && line_end[-1] == '\r') --line_end;
      if (line_end == begin_ || line_end[-1] != '\\') return at;
      at = line_end - 1;
    } else {
      return at;
    }
  }
  return at;
}

bool CScanner::begins_line(const char* at) const {
  at = skip_back(at);
  if (at == begin_ || at[-1] == '\n') return true;
  return at == comment_end_ ? comment_began_line_ : at - begin_ == 3 && std::string_view(begin_, 3) == "\xEF\xBB\xBF";
}

const char* CScanner::skip_blank(const char* at) const {
  while (at < end_) {
    if (is_space(*at)) {
      ++at;
    } else if (*at == '\\') {
      const char* next = behind_splice(at, end_);
      if (!next) return at;
      at = next;
    } else if (*at == '/' && end_ - at > 1 && at[1] == '*') {
      const std::string_view rest(at + 2, static_cast<std::size_t>(end_ - at - 2));
      const std::size_t close = rest.find("*/");
      if (close == std::string_view::npos) return end_;
      at += 2 + close + 2;
    } else {
      return at;
    }
  }
  return at;
}

bool CScanner::is_conditional() const {
  return std::any_of(conditions_.begin(), conditions_.end(), [](const Condition& each) { return !each.is_guard; });
}

void CScanner::read_header(const char* at, const char* hash) {
  if (is_dead() || at == end_) return;
  bool by_macro = false;
  if (is_word_byte(*at)) {
    const std::string_view name = word_at(at);
    const auto found =
        std::find_if(headers_.begin(), headers_.end(), [&](const auto& each) { return each.first == name; });
    if (found == headers_.end()) return;
    at = found->second;
    by_macro = true;
  }
  if (*at != '<' && *at != '"') return;
  const char close = *at == '<' ? '>' : '"';
  const char* stop = find_any(at + 1, end_, close, '\n', '\r');
  if (stop == end_ || *stop != close || stop == at + 1) return;
  Mention mention{{at + 1, static_cast<std::size_t>(stop - at - 1)}, {}, static_cast<std::size_t>(hash - begin_)};
  mention.conditional = by_macro || is_conditional();
  mention.local = close == '"';
  mentions_.add(mention);
}

void CScanner::open_condition(std::string_view directive, const char* after) {
  Condition condition;
  condition.was_dead_around = condition.is_dead = is_dead();
  const std::string_view word = word_at(after);
  if (directive == "if" && (word == "0" || word == "1" || word == "false" || word == "true")) {
    const char* rest = skip_blank(after + word.size());
    if (rest == end_ || *rest == '\n' || *rest == '\r' || (*rest == '/' && end_ - rest > 1 && rest[1] == '/')) {
      const bool taken = word == "1" || word == "true";
      condition.is_dead = condition.is_dead || !taken;
      condition.was_taken = taken;
    }
  }
  if (directives_ == 1) {
    if (directive == "ifndef") guard_ = word;
    if (directive == "if" && *after == '!') {
      const char* at = skip_blank(after + 1);
      if (const std::string_view defined = word_at(at); defined == "defined") {
        at = skip_blank(at + defined.size());
        if (at < end_ && *at == '(') at = skip_blank(at + 1);
        guard_ = word_at(at);
      }
    }
  }
  conditions_.push_back(condition);
}

void CScanner::turn_condition() {
  if (conditions_.empty()) return;
  Condition& condition = conditions_.back();
  // From here on it is no longer known, but for the branches behind one that is always taken.
  condition.is_dead = condition.was_dead_around || condition.was_taken;
  condition.is_guard = false;
}

const char* CScanner::read_directive(const char* hash) {
  const char* at = skip_blank(hash + 1);
  const std::string_view directive = word_at(at);
  if (directive.empty()) return hash + 1;
  const char* after = skip_blank(at + directive.size());
  at += directive.size();
  ++directives_;
  if (directive == "include" || directive == "include_next" || directive == "import") {
    const std::size_t before = mentions_.list().size();
    read_header(after, hash);
    if (mentions_.list().size() > before) {
      const std::string_view header = mentions_.list().back().module;
      // A macro's header stands elsewhere.
      return std::max(after, header.data() + header.size() + 1);
    }
  } else if (directive == "if" || directive == "ifdef" || directive == "ifndef") {
    open_condition(directive, after);
  } else if (directive == "else" || directive.starts_with("elif")) {
    turn_condition();
  } else if (directive == "endif") {
    if (!conditions_.empty()) conditions_.pop_back();
  } else if (directive == "define") {
    const std::string_view name = word_at(after);
    const char* value = skip_blank(after + name.size());
    if (value < end_ && (*value == '<' || *value == '"') && headers_.size() < kMostHeaders)
      headers_.emplace_back(name, value);
    if (directives_ == 2 && !guard_.empty() && conditions_.size() == 1) conditions_.back().is_guard = name == guard_;
  }
  return at;
}

// import name; and import <header>; of C++20, at the beginning of a line.
void CScanner::read_module(const char* word) {
  const char* at = skip_back(word);
  const char* start = at;
  while (start > begin_ && is_word_byte(start[-1])) --start;
  if (std::string_view(start, static_cast<std::size_t>(at - start)) == "export") at = skip_back(start);
  if (is_dead() || !begins_line(at)) return;
  at = skip_blank(word + 6);
  if (at < end_ && (*at == '<' || *at == '"')) return read_header(at, word);
  const char* name = at;
  while (at < end_ && (is_word_byte(*at) || *at == '.')) ++at;
  const char* rest = skip_blank(at);
  if (at == name || is_digit(*name) || at == word + 6 || rest == end_ || *rest != ';') return;
  Mention mention{{name, static_cast<std::size_t>(at - name)}, {}, static_cast<std::size_t>(word - begin_)};
  mention.conditional = is_conditional();
  mentions_.add(mention);
}

void CScanner::scan() {
  const char* include = find_word(begin_, end_, "include", 1, 3);
  const char* import = find_word(begin_, end_, "import", 1, 2);
  for (const char* at = begin_; at < end_;) {
    // What stands behind the last word that may include is not read.
    if (include < at) include = find_word(at, end_, "include", 1, 3);
    if (import < at) import = find_word(at, end_, "import", 1, 2);
    if (include == end_ && import == end_) return;
    const char* const stop = std::min(has_modules_ ? import : end_, end_);
    const char* special = find_any(at, stop, '"', '\'', '/', '#');
    if (special == stop) {
      if (stop == end_) return;
      const std::string_view word = word_at(stop);
      if (word == "import" && (stop == begin_ || !is_word_byte(stop[-1]))) read_module(stop);
      at = stop + std::max<std::size_t>(word.size(), 1);
      import = find_word(at, end_, "import", 1, 2);
    } else if (*special == '#') {
      at = begins_line(special) ? read_directive(special) : special + 1;
    } else if (*special == '/') {
      const bool is_comment = end_ - special > 1 && (special[1] == '*' || special[1] == '/');
      at = is_comment ? skip_comment(special) : special + 1;
    } else if (*special == '\'') {
      at = skip_character(special);
    } else {
      const char* raw = special > begin_ && special[-1] == 'R' ? skip_raw_string(special) : nullptr;
      at = raw ? raw : skip_string(special);
    }
  }
}

}  // namespace

void scan_c(std::string_view text, Mentions& mentions) {
  CScanner(text, false, mentions).scan();
}

void scan_cpp(std::string_view text, Mentions& mentions) {
  CScanner(text, true, mentions).scan();
}

}  // namespace resident::interest
