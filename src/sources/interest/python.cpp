#include <algorithm>
#include <iterator>
#include <sources/interest/bytes.hpp>
#include <sources/interest/characters.hpp>
#include <sources/interest/python.hpp>
#include <sources/interest/python_bindings.hpp>
#include <sources/interest/python_code.hpp>
#include <string>

namespace resident::interest {

namespace {

constexpr std::string_view kWord = "import";

class PythonScanner {
 public:
  PythonScanner(std::string_view text, Mentions& mentions)
      : begin_(text.data()), end_(text.data() + text.size()), mentions_(mentions), code_(begin_, end_) {}
  void scan();

 private:
  struct Head {
    enum class Kind { none, unsure, plain, from };
    Kind kind = Kind::none;
    const char* keyword = nullptr;
    std::string_view module = {};  // of from
    bool conditional = false;
  };
  // What stands before the word `import` at `word`. strict: the code before it was read, so that it is known which line
  // breaks end comments; else `unsure` where that decides.
  Head head(const char* word, bool strict);
  Head head_of_from(const char* at, const char* word, bool strict);
  const char* skip_back(const char* at, bool strict, bool& unsure) const;
  bool begins_statement(const char* at, bool strict, bool& unsure) const;

  // Each gives where it stopped reading.
  const char* read_plain(const char* at, const Head& head);
  const char* read_names(const char* at, const Head& head);
  std::string_view read_dotted(const char*& at);
  void read_call(const char* word, const char* after);
  bool read_literal(const char*& at, std::string& value) const;
  bool is_called(const char* word, std::string_view name) const;

  const char* skip_blank(const char* at) const;  // spaces and line continuations
  const char* skip_all(const char* at) const;    // line breaks and comments, too
  bool runs_always(const char* keyword);
  std::string_view without_blanks(const char* from, const char* to);
  void drop_strangers();

  const char* begin_;
  const char* end_;
  Mentions& mentions_;
  PythonCode code_;
  PythonBindings bindings_;
  const char* line_ = nullptr;  // the line of the last place that runs_always was asked for
  const char* line_read_ = nullptr;
  bool has_import_module_ = false;       // from importlib import import_module
  std::vector<std::size_t> bare_calls_;  // of import_module: places in the list
};

// Names of dots and identifiers, as an import takes them.
bool is_module_name(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('.'), name.size()));
  bool fresh = true;
  for (const char c : name) {
    if (c == '.') {
      if (fresh) return false;
      fresh = true;
    } else {
      if (!is_word_byte(c) || (fresh && is_digit(c))) return false;
      fresh = false;
    }
  }
  return !fresh;
}

const char* PythonScanner::skip_blank(const char* at) const {
  for (; at < end_; ++at) {
    if (*at == ' ' || *at == '\t' || *at == '\f') continue;
    if (*at != '\\' || at + 1 == end_) break;
    if (at[1] == '\n') {
      ++at;
    } else if (at[1] == '\r') {
      at += at + 2 < end_ && at[2] == '\n' ? 2 : 1;
    } else {
      break;
    }
  }
  return std::min(at, end_);
}

const char* PythonScanner::skip_all(const char* at) const {
  for (;;) {
    at = skip_blank(at);
    if (at == end_) return at;
    if (*at == '\n' || *at == '\r') {
      ++at;
    } else if (*at == '#') {
      at = find_any(at, end_, '\n', '\r');
    } else {
      return at;
    }
  }
}

// To just behind the last byte before `at` that is no blank; a line break that a backslash does away with is one.
const char* PythonScanner::skip_back(const char* at, bool strict, bool& unsure) const {
  while (at > begin_) {
    const char c = at[-1];
    if (c == ' ' || c == '\t' || c == '\f') {
      --at;
      continue;
    }
    if (c != '\n' && c != '\r') break;
    const char* line_end = at - 1;
    if (c == '\n' && line_end > begin_ && line_end[-1] == '\r') --line_end;
    if (line_end == begin_ || line_end[-1] != '\\') break;
    if (!strict) {
      unsure = true;
      break;
    }
    if (code_.last_comment_end() == line_end) break;  // the backslash is a comment's
    at = line_end - 1;
  }
  return at;
}

bool PythonScanner::begins_statement(const char* at, bool strict, bool& unsure) const {
  at = skip_back(at, strict, unsure);
  return at == code_.first() || at == begin_ || at[-1] == '\n' || at[-1] == '\r' || at[-1] == ';' || at[-1] == ':';
}

PythonScanner::Head PythonScanner::head(const char* word, bool strict) {
  bool unsure = false;
  const char* at = skip_back(word, strict, unsure);
  if (unsure) return {Head::Kind::unsure, word};
  if (begins_statement(at, strict, unsure)) return {Head::Kind::plain, word};
  if (at[-1] != '.' && !is_word_byte(at[-1])) return {};
  const char* start = at;
  while (start > begin_ && is_word_byte(start[-1])) --start;
  if (std::string_view(start, static_cast<std::size_t>(at - start)) == "lazy") {
    if (begins_statement(start, strict, unsure)) return {Head::Kind::plain, start};
    if (unsure) return {Head::Kind::unsure, word};
  }
  return head_of_from(at, word, strict);
}

// from, dots and names, read backwards from `at`.
PythonScanner::Head PythonScanner::head_of_from(const char* at, const char* word, bool strict) {
  const char* module_end = at;
  const char* module_begin = at;
  bool unsure = false, wants_name = at[-1] != '.', any = false;
  for (;;) {
    if (at == begin_) return {};
    if (at[-1] == '.') {
      module_begin = --at;
      wants_name = true;
      any = true;
    } else if (is_word_byte(at[-1])) {
      const char* stop = at;
      while (at > begin_ && is_word_byte(at[-1])) --at;
      const std::string_view name(at, static_cast<std::size_t>(stop - at));
      if (name == "from") break;
      if (!wants_name || name == kWord) return {};
      module_begin = at;
      wants_name = false;
      any = true;
    } else {
      return {};
    }
    at = skip_back(at, strict, unsure);
    if (unsure) return {Head::Kind::unsure, word};
  }
  if (!any) return {};
  const char* keyword = at;
  bool begins = begins_statement(at, strict, unsure);
  if (!begins && !unsure) {
    at = skip_back(at, strict, unsure);
    const char* stop = at;
    while (at > begin_ && is_word_byte(at[-1])) --at;
    if (std::string_view(at, static_cast<std::size_t>(stop - at)) == "lazy" && begins_statement(at, strict, unsure)) {
      begins = true;
      keyword = at;
    }
  }
  if (!begins) return unsure ? Head{Head::Kind::unsure, word} : Head{};
  return {Head::Kind::from, keyword, without_blanks(module_begin, module_end)};
}

std::string_view PythonScanner::without_blanks(const char* from, const char* to) {
  if (std::all_of(from, to, [](char c) { return c == '.' || is_word_byte(c); }))
    return {from, static_cast<std::size_t>(to - from)};
  std::string made;
  std::copy_if(from, to, std::back_inserter(made), [](char c) { return c == '.' || is_word_byte(c); });
  return mentions_.keep(std::move(made));
}

// Whether the line is the module's own: neither indented nor behind a colon. Places are asked for in order.
bool PythonScanner::runs_always(const char* keyword) {
  constexpr std::string_view kCompound[] = {"if",    "elif", "else", "try",   "except", "finally", "for",
                                            "while", "with", "def",  "class", "async",  "match",   "case"};
  if (!line_) line_ = line_read_ = code_.first();
  const char* at = keyword;
  while (at > line_read_ && at[-1] != '\n' && at[-1] != '\r') --at;
  if (at > line_read_) line_ = at;
  line_read_ = std::max(line_read_, keyword);
  const char* stop = line_;
  while (stop < end_ && is_word_byte(*stop)) ++stop;
  const std::string_view word(line_, static_cast<std::size_t>(stop - line_));
  return line_ < end_ && *line_ != ' ' && *line_ != '\t' &&
         std::find(std::begin(kCompound), std::end(kCompound), word) == std::end(kCompound);
}

// A name of names and dots at `at`; empty where there is none.
std::string_view PythonScanner::read_dotted(const char*& at) {
  const char* from = at;
  const char* to = at;
  for (;;) {
    const char* name = at;
    while (at < end_ && is_word_byte(*at)) ++at;
    if (at == name || is_digit(*name)) {
      at = name;
      break;
    }
    to = at;
    at = skip_blank(at);
    if (at == end_ || *at != '.') break;
    at = skip_blank(at + 1);
  }
  return without_blanks(from, to);
}

const char* PythonScanner::read_plain(const char* at, const Head& head) {
  for (;;) {
    at = skip_blank(at);
    const std::string_view module = read_dotted(at);
    if (module.empty()) return at;
    Mention mention{module, {}, static_cast<std::size_t>(head.keyword - begin_), true, head.conditional};
    at = skip_blank(at);
    if (end_ - at > 2 && at[0] == 'a' && at[1] == 's' && !is_word_byte(at[2])) {
      const char* alias = at = skip_blank(at + 2);
      while (at < end_ && is_word_byte(*at)) ++at;
      mention.alias = {alias, static_cast<std::size_t>(at - alias)};
      at = skip_blank(at);
    }
    bindings_.add(mention.module, mention.alias);
    mentions_.add(mention);
    if (at == end_ || *at != ',') return at;
    ++at;
  }
}

const char* PythonScanner::read_names(const char* at, const Head& head) {
  const auto offset = static_cast<std::size_t>(head.keyword - begin_);
  at = skip_blank(at);
  if (at < end_ && *at == '*') {
    mentions_.add({head.module, "*", offset, true, head.conditional});
    return at + 1;
  }
  const bool in_brackets = at < end_ && *at == '(';
  if (in_brackets) ++at;
  const auto skip = [&](const char* here) { return in_brackets ? skip_all(here) : skip_blank(here); };
  for (bool first = true;; first = false) {
    at = skip(at);
    const char* name = at;
    while (at < end_ && is_word_byte(*at)) ++at;
    if (at == name || is_digit(*name)) return name;
    const std::string_view taken(name, static_cast<std::size_t>(at - name));
    mentions_.add({head.module, taken, offset, first, head.conditional});
    if (taken == "import_module" && head.module.ends_with("importlib")) has_import_module_ = true;
    at = skip(at);
    if (end_ - at > 2 && at[0] == 'a' && at[1] == 's' && !is_word_byte(at[2])) {
      at = skip(at + 2);
      while (at < end_ && is_word_byte(*at)) ++at;
      at = skip(at);
    }
    if (at == end_ || *at != ',') return at;
    ++at;
  }
}

// Whether the name at `word` is that of the standard library: importlib.import_module, builtins.__import__, or bare.
bool PythonScanner::is_called(const char* word, std::string_view name) const {
  bool unsure = false;
  const char* at = skip_back(word, true, unsure);
  if (at == begin_ || at[-1] != '.') {
    // `def import_module(` makes one of its own; its parameters are no literal text.
    return true;
  }
  at = skip_back(at - 1, true, unsure);
  const char* stop = at;
  while (at > begin_ && is_word_byte(at[-1])) --at;
  const std::string_view owner(at, static_cast<std::size_t>(stop - at));
  return name == "import_module" ? owner == "importlib" : owner == "builtins" || owner == "__builtin__";
}

// One string literal or several side by side, of text that needs no running: neither bytes nor fields.
bool PythonScanner::read_literal(const char*& at, std::string& value) const {
  for (bool any = false;; any = true) {
    const char* start = at;
    while (at < end_ && is_word_byte(*at)) ++at;
    if (at == end_ || (*at != '"' && *at != '\'')) {
      at = start;
      return any;
    }
    const std::string_view prefix(start, static_cast<std::size_t>(at - start));
    const bool raw = prefix == "r" || prefix == "R";
    if (!raw && !prefix.empty() && prefix != "u" && prefix != "U") return false;
    const char* stop = code_.string_end(at);
    const std::ptrdiff_t quotes = stop - at >= 6 && at[1] == *at && at[2] == *at ? 3 : 1;
    if (stop - at < 2 * quotes || stop[-1] != *at) return false;
    if (!append_python_text({at + quotes, static_cast<std::size_t>(stop - at - 2 * quotes)}, raw, value)) return false;
    at = skip_all(stop);
  }
}

void PythonScanner::read_call(const char* word, const char* after) {
  const std::string_view name(word, static_cast<std::size_t>(after - word));
  const char* at = skip_blank(after);
  if (at == end_ || *at != '(' || !is_called(word, name)) return;
  at = skip_all(at + 1);
  if (end_ - at > 5 && std::string_view(at, 4) == "name" && !is_word_byte(at[4])) {
    at = skip_all(at + 4);
    if (end_ - at < 2 || at[0] != '=' || at[1] == '=') return;
    at = skip_all(at + 1);
  }
  int brackets = 0;
  for (; at < end_ && *at == '('; at = skip_all(at + 1)) ++brackets;
  std::string value;
  if (!read_literal(at, value)) return;
  for (; brackets > 0; --brackets) {
    if (at == end_ || *at != ')') return;
    at = skip_all(at + 1);
  }
  if (at == end_ || (*at != ',' && *at != ')') || !is_module_name(value)) return;
  bool unsure = false;
  const char* before = skip_back(word, true, unsure);
  if (name == "import_module" && (before == begin_ || before[-1] != '.'))
    bare_calls_.push_back(mentions_.list().size());
  mentions_.add(
      {mentions_.keep(std::move(value)), {}, static_cast<std::size_t>(word - begin_), true, !runs_always(word)});
}

// A function called import_module that was not imported from importlib is another one.
void PythonScanner::drop_strangers() {
  if (has_import_module_ || bare_calls_.empty()) return;
  auto& list = mentions_.list();
  std::size_t kept = bare_calls_.front(), bare = 0;
  for (std::size_t i = kept; i < list.size(); ++i) {
    if (bare < bare_calls_.size() && bare_calls_[bare] == i) {
      ++bare;
    } else {
      list[kept++] = list[i];
    }
  }
  list.resize(kept);
}

void PythonScanner::scan() {
  for (const char* at = code_.first(); (at = find_word(at, end_, kWord, 1, 2)) != end_;) {
    const char* word = at;
    while (word > code_.first() && is_word_byte(word[-1])) --word;
    const char* after = at + kWord.size();
    while (after < end_ && is_word_byte(*after)) ++after;
    at = after;
    const std::string_view name(word, static_cast<std::size_t>(after - word));
    if (name == kWord) {
      if (head(word, false).kind == Head::Kind::none) continue;
      if (!code_.reaches(word)) {
        at = std::max(at, code_.resume(at));
        continue;
      }
      Head found = head(word, true);
      if (found.kind == Head::Kind::none) continue;
      found.conditional = !runs_always(found.keyword);
      if (found.kind == Head::Kind::plain) {
        at = read_plain(after, found);
      } else if (found.kind == Head::Kind::from) {
        at = read_names(after, found);
      }
      code_.skip_to(at);
      bindings_.leave_out(found.keyword, at);
    } else if (name == "import_module" || name == "__import__") {
      if (code_.reaches(word)) {
        read_call(word, after);
      } else {
        at = std::max(at, code_.resume(at));
      }
    }
  }
  drop_strangers();
  if (mentions_.wants_attributes)
    bindings_.find_attributes({begin_, static_cast<std::size_t>(end_ - begin_)}, mentions_);
}

}  // namespace

void scan_python(std::string_view text, Mentions& mentions) {
  PythonScanner(text, mentions).scan();
}

}  // namespace resident::interest
