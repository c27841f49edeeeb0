#include <algorithm>
#include <array>
#include <sources/interest/bytes.hpp>
#include <sources/interest/characters.hpp>
#include <sources/interest/javascript.hpp>
#include <sources/interest/javascript_code.hpp>
#include <string>
#include <vector>

namespace resident::interest {

namespace {

bool is_name_byte(char c) {
  return is_word_byte(c) || c == '$';
}

class JavascriptScanner {
 public:
  JavascriptScanner(std::string_view text, Mentions& mentions)
      : begin_(text.data()),
        end_(text.data() + text.size()),
        first_(text.starts_with("\xEF\xBB\xBF") ? begin_ + 3 : begin_),
        mentions_(mentions),
        code_(first_, end_) {}
  void scan();

 private:
  // The words of a clause, and where it is from.
  struct Clause {
    std::vector<std::string_view> tokens;  // words, and * { } , as they stand
    std::string_view module;
    bool is_equal = false;  // import x = require("…")
  };

  const char* read_import(const char* word, const char* after);
  const char* read_export(const char* word, const char* after);
  void read_call(const char* word, const char* after, std::string_view name);
  void read_references();
  // Behind the clause whose tokens begin at `at`; its module stays empty where it is no clause.
  const char* read_clause(const char* at, Clause& clause);
  const char* read_required(const char* at, Clause& clause);
  std::string_view read_text(const char*& at) const;  // a literal; empty where there is none
  void add_names(const Clause& clause, std::size_t from, std::size_t offset, bool is_export);
  void add(std::string_view module, std::string_view name, std::size_t offset, bool first);

  const char* begin_;
  const char* end_;
  const char* first_;  // behind a byte order mark
  Mentions& mentions_;
  JavascriptCode code_;
};

void JavascriptScanner::add(std::string_view module, std::string_view name, std::size_t offset, bool first) {
  mentions_.add({module, name, offset, first});
}

std::string_view JavascriptScanner::read_text(const char*& at) const {
  if (at == end_ || (*at != '"' && *at != '\'' && *at != '`')) return {};
  const char* stop = find_any(at + 1, end_, *at, '\\', '\n', '\r', '$');
  while (stop != end_ && *stop == '$' && *at != '`') stop = find_any(stop + 1, end_, *at, '\\', '\n', '\r', '$');
  if (stop == end_ || *stop != *at) return {};
  const std::string_view text(at + 1, static_cast<std::size_t>(stop - at - 1));
  at = stop + 1;
  return text;
}

const char* JavascriptScanner::read_required(const char* at, Clause& clause) {
  at = code_.skip_blank(at);
  const std::string_view rest(at, static_cast<std::size_t>(end_ - at));
  if (!rest.starts_with("require") || (rest.size() > 7 && is_name_byte(rest[7]))) return at;
  const char* inside = code_.skip_blank(at + 7);
  if (inside == end_ || *inside != '(') return at;
  inside = code_.skip_blank(inside + 1);
  clause.module = read_text(inside);
  clause.is_equal = true;
  return clause.module.empty() ? at : inside;
}

const char* JavascriptScanner::read_clause(const char* at, Clause& clause) {
  constexpr int kMostOutside = 10;  // tokens outside braces: type a, * as b from
  bool in_braces = false;
  for (int outside = 0; outside < kMostOutside; outside += in_braces ? 0 : 1) {
    at = code_.skip_blank(at);
    if (at == end_) return at;
    // Behind the names only the module can follow; else it is another statement.
    if (!clause.tokens.empty() && clause.tokens.back() == "}" && *at != 'f') return at;
    if (is_name_byte(*at)) {
      const char* start = at;
      while (at < end_ && is_name_byte(*at)) ++at;
      clause.tokens.emplace_back(start, static_cast<std::size_t>(at - start));
    } else if (*at == '"' || *at == '\'') {
      const bool is_end = !in_braces && (clause.tokens.empty() || clause.tokens.back() == "from");
      const std::string_view text = read_text(at);
      if (text.empty() || (!is_end && !in_braces)) return at;
      if (is_end) {
        if (!clause.tokens.empty()) clause.tokens.pop_back();
        clause.module = text;
        return at;
      }
      clause.tokens.push_back(text);
    } else if (*at == '*' || *at == ',' || (*at == '{' && !in_braces) || (*at == '}' && in_braces)) {
      in_braces = *at == '{' || (in_braces && *at != '}');
      clause.tokens.emplace_back(at, 1);
      ++at;
    } else if (*at == '=' && !in_braces && !clause.tokens.empty()) {
      return read_required(at + 1, clause);
    } else {
      return at;
    }
  }
  return at;
}

// The names of `a, * as b, {c as d, type e}` from a place on; `type`, `defer` and the like before them are passed by.
void JavascriptScanner::add_names(const Clause& clause, std::size_t from, std::size_t offset, bool is_export) {
  constexpr std::array<std::string_view, 4> kModifiers{"type", "typeof", "defer", "source"};
  const auto is_modifier = [&](std::size_t i) {
    return std::find(kModifiers.begin(), kModifiers.end(), clause.tokens[i]) != kModifiers.end();
  };
  const auto& tokens = clause.tokens;
  const auto is_sign = [&](std::size_t i) {
    return i >= tokens.size() || tokens[i] == "," || tokens[i] == "{" || tokens[i] == "}" || tokens[i] == "*";
  };
  // {type a}, {type as}, {type as as b}; but {type as b} and {type as as} take what is called type.
  const auto is_inline_modifier = [&](std::size_t i) {
    if ((tokens[i] != "type" && tokens[i] != "typeof") || is_sign(i + 1)) return false;
    if (tokens[i + 1] != "as" || is_sign(i + 2)) return true;
    return tokens[i + 2] == "as" && !is_sign(i + 3);
  };
  bool first = true, in_braces = false;
  const auto give = [&](std::string_view name) {
    add(clause.module, name, offset, first);
    first = false;
  };
  if (clause.is_equal) return give("*");
  std::size_t i = from;
  if (i < tokens.size() && is_modifier(i) && i + 1 < tokens.size() && tokens[i + 1] != ",") ++i;
  for (; i < tokens.size(); ++i) {
    if (tokens[i] == "{" || tokens[i] == "}") {
      in_braces = tokens[i] == "{";
    } else if (tokens[i] == ",") {
      continue;
    } else {
      if (in_braces && is_inline_modifier(i)) ++i;
      give(in_braces || is_export || tokens[i] == "*" ? tokens[i] : "default");
      if (!is_sign(i + 1) && tokens[i + 1] == "as" && !(i + 2 < tokens.size() && is_sign(i + 2))) i += 2;
    }
  }
  if (first) give({});
}

const char* JavascriptScanner::read_import(const char* word, const char* after) {
  const char* at = code_.skip_blank(after);
  if (at == end_) return after;
  const auto offset = static_cast<std::size_t>(word - begin_);
  if (*at == '(') {
    read_call(word, after, "import");
    return after;
  }
  if (*at == '.') {
    // import.defer(…), import.source(…); import.meta is no use.
    at = code_.skip_blank(at + 1);
    const char* start = at;
    while (at < end_ && is_name_byte(*at)) ++at;
    const std::string_view name(start, static_cast<std::size_t>(at - start));
    if (name == "defer" || name == "source") read_call(word, at, "import");
    return after;
  }
  Clause clause;
  const char* stop = read_clause(at, clause);
  if (clause.module.empty()) return after;
  add_names(clause, 0, offset, false);
  return stop;
}

const char* JavascriptScanner::read_export(const char* word, const char* after) {
  const char* at = code_.skip_blank(after);
  const std::string_view rest(at, static_cast<std::size_t>(end_ - at));
  const bool is_type = rest.starts_with("type") && rest.size() > 4 && !is_name_byte(rest[4]);
  const char* body = is_type ? code_.skip_blank(at + 4) : at;
  if (body == end_ || (*body != '*' && *body != '{')) return after;
  Clause clause;
  const char* stop = read_clause(body, clause);
  if (clause.module.empty() || clause.is_equal) return after;
  add_names(clause, 0, static_cast<std::size_t>(word - begin_), true);
  return stop;
}

void JavascriptScanner::read_call(const char* word, const char* after, std::string_view name) {
  const char* before = code_.skip_back(word);
  if (before > begin_ && before[-1] == '.' && before > code_.comment_end() &&
      !(before - begin_ > 2 && before[-2] == '.')) {
    if (name != "require") return;
    // module.require is the same; a require of something else is not.
    const std::string_view text(begin_, static_cast<std::size_t>(before - begin_ - 1));
    if (!text.ends_with("module")) return;
  }
  const char* at = code_.skip_blank(after);
  if (at == end_ || *at != '(') return;
  at = code_.skip_blank(at + 1);
  const std::string_view module = read_text(at);
  if (module.empty()) return;
  at = code_.skip_blank(at);
  if (at == end_ || (*at != ')' && *at != ',')) return;
  Mention mention{module, {}, static_cast<std::size_t>(word - begin_)};
  mention.conditional = true;
  mentions_.add(mention);
}

// /// <reference types="node" /> stands before all code.
void JavascriptScanner::read_references() {
  const char* at = first_;
  for (;;) {
    while (at < end_ && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
    const std::string_view rest(at, static_cast<std::size_t>(end_ - at));
    if (rest.starts_with("/*")) {
      const std::size_t close = rest.find("*/", 2);
      if (close == std::string_view::npos) return;
      at += close + 2;
      continue;
    }
    if (!rest.starts_with("//")) return;
    const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size()));
    at += line.size();
    if (!line.starts_with("///") || line.find("<reference") == std::string_view::npos) continue;
    const std::size_t types = line.find("types=");
    if (types == std::string_view::npos || types + 7 >= line.size()) continue;
    const char quote = line[types + 6];
    const std::size_t stop = line.find(quote, types + 7);
    if ((quote == '"' || quote == '\'') && stop != std::string_view::npos && stop > types + 7)
      add(line.substr(types + 7, stop - types - 7), {}, static_cast<std::size_t>(line.data() - begin_), true);
  }
}

void JavascriptScanner::scan() {
  read_references();
  if (end_ - begin_ > 2 && begin_[0] == '#' && begin_[1] == '!') code_.skip_to(find_byte(begin_, end_, '\n'));
  struct Needle {
    std::string_view word;
    std::size_t first, second;
    const char* at;
  };
  std::array<Needle, 3> needles{{{"import", 1, 2, nullptr}, {"require", 2, 3, nullptr}, {"export", 1, 2, nullptr}}};
  for (const char* at = first_;;) {
    Needle* next = nullptr;
    for (Needle& needle : needles) {
      if (!needle.at || needle.at < at) needle.at = find_word(at, end_, needle.word, needle.first, needle.second);
      if (needle.at != end_ && (!next || needle.at < next->at)) next = &needle;
    }
    if (!next) return;
    const char* word = next->at;
    const char* after = word + next->word.size();
    at = after;
    if ((word > first_ && is_name_byte(word[-1])) || (after < end_ && is_name_byte(*after))) continue;
    if (!code_.reaches(word)) {
      at = std::max(at, code_.at());
      continue;
    }
    const char* before = code_.skip_back(word);
    const bool is_property = before > begin_ && before[-1] == '.' && before > code_.comment_end();
    if (next->word == "require") {
      read_call(word, after, "require");
    } else if (!is_property) {
      at = next->word == "import" ? read_import(word, after) : read_export(word, after);
    }
    code_.skip_to(at);
  }
}

}  // namespace

void scan_javascript(std::string_view text, Mentions& mentions) {
  JavascriptScanner(text, mentions).scan();
}

}  // namespace resident::interest
