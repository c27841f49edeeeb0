#include <algorithm>
#include <base/text.hpp>
#include <cctype>
#include <git/attributes.hpp>

namespace resident::git {

namespace {

constexpr std::string_view kBlank = " \t\r\n", kMacro = "[attr]", kSpecial = "*?[\\";
constexpr std::size_t kLongestLine = 2048;  // as git has it
constexpr int kDeepestMacro = 100;

bool is_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
  });
}

// Of [:alpha:] and the like; none for a name that is none.
std::optional<bool> is_of_class(std::string_view name, unsigned char c) {
  if (name == "alnum") return std::isalnum(c);
  if (name == "alpha") return std::isalpha(c);
  if (name == "blank") return c == ' ' || c == '\t';
  if (name == "cntrl") return std::iscntrl(c);
  if (name == "digit") return std::isdigit(c);
  if (name == "graph") return std::isgraph(c);
  if (name == "lower") return std::islower(c);
  if (name == "print") return std::isprint(c);
  if (name == "punct") return std::ispunct(c);
  if (name == "space") return std::isspace(c);
  if (name == "upper") return std::isupper(c);
  if (name == "xdigit") return std::isxdigit(c);
  return std::nullopt;
}

// C's quotes, from the first on; what follows the last stays in `rest`. None where they are broken.
std::optional<std::string> unquote(std::string_view text, std::string_view& rest) {
  static constexpr std::string_view kNames = "abfnrtv\\\"", kMeant = "\a\b\f\n\r\t\v\\\"";
  std::string result;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      rest = text.substr(i + 1);
      return result;
    }
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    if (++i >= text.size()) return std::nullopt;
    if (const std::size_t at = kNames.find(text[i]); at != std::string_view::npos) {
      result += kMeant[at];
      continue;
    }
    const auto digit = [&](std::size_t at, char most) {
      return at < text.size() && text[at] >= '0' && text[at] <= most;
    };
    if (!digit(i, '3') || !digit(i + 1, '7') || !digit(i + 2, '7')) return std::nullopt;
    result += static_cast<char>((text[i] - '0') * 64 + (text[i + 1] - '0') * 8 + (text[i + 2] - '0'));
    i += 2;
  }
  return std::nullopt;
}

}  // namespace

PathPattern::PathPattern(std::string_view pattern) {
  never_ = pattern.empty() || pattern.starts_with('!') || pattern.ends_with('/');
  if (never_) return;
  base_only_ = pattern.find('/') == std::string_view::npos;
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  // What stands before the first letter with a meaning is compared as it is, and the rest read as if it began there.
  const std::size_t plain = std::min(pattern.find_first_of(kSpecial), pattern.size());
  if (!base_only_ || plain == pattern.size()) {
    prefix_ = pattern.substr(0, plain);
    pattern.remove_prefix(plain);
  }
  read_tokens(pattern);
}

void PathPattern::read_tokens(std::string_view text) {
  for (std::size_t at = 0; at < text.size() && !never_;) {
    const char letter = text[at];
    if (letter == '*') {
      at = read_star(text, at);
    } else if (letter == '[') {
      at = read_set(text, at + 1);
    } else if (letter == '?') {
      tokens_.push_back({Kind::any});
      ++at;
    } else if (letter == '\\') {
      never_ = at + 1 == text.size();
      if (!never_) tokens_.push_back({Kind::literal, text[at + 1]});
      at += 2;
    } else {
      tokens_.push_back({Kind::literal, letter});
      ++at;
    }
  }
}

std::size_t PathPattern::read_star(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  while (at < text.size() && text[at] == '*') ++at;
  const bool begins_part = begin == 0 || text[begin - 1] == '/';
  const bool is_last = at == text.size();
  const bool before_slash =
      !is_last && (text[at] == '/' || (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '/'));
  if (at - begin < 2 || !begins_part || !(is_last || before_slash)) {
    tokens_.push_back({Kind::stars});
    return at;
  }
  // "**/": nothing, or any folders. With the slash in another spelling it is no such, only any text.
  if (before_slash && text[at] == '/') {
    tokens_.push_back({Kind::folders});
    return at + 1;
  }
  tokens_.push_back({Kind::all});
  return at;
}

// What stands in brackets, from behind the first; as wildmatch reads it.
std::size_t PathPattern::read_set(std::string_view text, std::size_t at) {
  std::vector<bool> set(256, false);
  const auto add = [&](unsigned char from, unsigned char to) {
    for (int c = from; c <= to; ++c) set[static_cast<std::size_t>(c)] = true;
  };
  const bool is_negated = at < text.size() && (text[at] == '!' || text[at] == '^');
  if (is_negated) ++at;
  unsigned char before = 0;
  for (bool is_first = true;; is_first = false) {
    if (at >= text.size()) break;
    auto letter = static_cast<unsigned char>(text[at]);
    if (letter == ']' && !is_first) {
      if (is_negated) set.flip();
      set[static_cast<unsigned char>('/')] = false;
      tokens_.push_back({Kind::set, 0, static_cast<std::uint16_t>(sets_.size())});
      sets_.push_back(std::move(set));
      return at + 1;
    }
    if (letter == '\\') {
      if (++at >= text.size()) break;
      letter = static_cast<unsigned char>(text[at]);
      add(letter, letter);
      before = letter;
    } else if (letter == '-' && before != 0 && at + 1 < text.size() && text[at + 1] != ']') {
      if (text[++at] == '\\' && ++at >= text.size()) break;
      add(before, static_cast<unsigned char>(text[at]));
      before = 0;
    } else if (letter == '[' && at + 1 < text.size() && text[at + 1] == ':') {
      const std::size_t end = text.find(']', at + 2);
      if (end == std::string_view::npos) break;
      if (end - at < 3 || text[end - 1] != ':') {
        add(letter, letter);
        before = letter;
      } else {
        const std::string_view name = text.substr(at + 2, end - 1 - (at + 2));
        if (!is_of_class(name, 'a')) break;
        for (int c = 0; c < 256; ++c)
          if (*is_of_class(name, static_cast<unsigned char>(c))) set[static_cast<std::size_t>(c)] = true;
        at = end;
        before = 0;
      }
    } else {
      add(letter, letter);
      before = letter;
    }
    ++at;
  }
  never_ = true;
  return text.size();
}

bool PathPattern::step(const Token& token, char letter) const {
  switch (token.kind) {
    case Kind::literal:
      return token.letter == letter;
    case Kind::set:
      return sets_[token.set][static_cast<unsigned char>(letter)];
    case Kind::any:
    case Kind::stars:
      return letter != '/';
    case Kind::all:
    case Kind::folders:
      break;
  }
  return true;
}

// All places of the pattern that the text may have come to, letter by letter.
bool PathPattern::fits(std::string_view text) const {
  const std::size_t end = tokens_.size();
  std::vector<char> here(end + 1, 0), next;
  const auto repeats = [&](std::size_t i) { return tokens_[i].kind >= Kind::stars; };
  const auto skip = [&](std::vector<char>& places) {
    for (std::size_t i = 0; i < end; ++i)
      if (places[i] == 1 && repeats(i)) places[i + 1] = 1;
  };
  // 1: at the token's begin; 2: within folders, which only a slash ends.
  here[0] = 1;
  skip(here);
  for (const char letter : text) {
    next.assign(end + 1, 0);
    bool any = false;
    for (std::size_t i = 0; i < end; ++i) {
      if (here[i] == 0 || !step(tokens_[i], letter)) continue;
      any = true;
      if (!repeats(i)) {
        next[i + 1] = 1;
      } else if (tokens_[i].kind != Kind::folders) {
        next[i] = 1;
      } else {
        if (next[i] == 0) next[i] = 2;
        if (letter == '/') next[i + 1] = 1;
      }
    }
    if (!any) return false;
    skip(next);
    here.swap(next);
  }
  return here[end] != 0;
}

bool PathPattern::matches(std::string_view path) const {
  if (never_) return false;
  if (base_only_) path.remove_prefix(path.rfind('/') + 1);  // none: npos + 1 is 0
  if (tokens_.empty()) return path == prefix_;
  return path.starts_with(prefix_) && fits(path.substr(prefix_.size()));
}

// What is known of a path so far.
struct Attributes::Answer {
  std::unordered_map<std::string_view, const State*> known;
};

Attributes::Attributes(std::vector<std::string> names) : names_(std::move(names)) {}

std::optional<std::vector<Attributes::State>> Attributes::read_states(std::string_view text) {
  std::vector<State> states;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    if (text.empty()) return states;
    std::string_view word = text.substr(0, text.find_first_of(kBlank));
    text.remove_prefix(word.size());
    State state;
    const std::size_t equals = word.find('=');
    std::string_view name = word.substr(0, equals);
    if (name.starts_with('-') || name.starts_with('!')) {
      state.say = name.front() == '-' ? Say::unset : Say::nothing;
      name.remove_prefix(1);
    } else if (equals != std::string_view::npos) {
      state.say = Say::value;
      state.value = word.substr(equals + 1);
    }
    if (!is_name(name)) return std::nullopt;
    state.name = name;
    states.push_back(std::move(state));
  }
}

// A macro's name, or "" and a line with a pattern.
std::optional<std::pair<std::string, Attributes::Line>> Attributes::read_line(std::string_view text) {
  if (text.size() >= kLongestLine) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  if (text.empty() || text.front() == '#') return std::nullopt;
  std::string pattern;
  std::string_view rest;
  const auto quoted = text.front() == '"' ? unquote(text, rest) : std::nullopt;
  if (quoted) {
    pattern = *quoted;
  } else {
    pattern = text.substr(0, text.find_first_of(kBlank));
    rest = text.substr(pattern.size());
  }
  std::string macro;
  if (pattern.size() > kMacro.size() && pattern.starts_with(kMacro)) {
    macro = pattern.substr(kMacro.size());
    macro.erase(0, std::min(macro.find_first_not_of(kBlank), macro.size()));
    macro = macro.substr(0, macro.find_first_of(kBlank));
    if (!is_name(macro)) return std::nullopt;
  }
  auto states = read_states(rest);
  if (!states || pattern.starts_with('!')) return std::nullopt;
  Line line;
  if (macro.empty()) line.pattern.emplace(pattern);
  line.states = std::move(*states);
  return std::pair(std::move(macro), std::move(line));
}

bool Attributes::concerns(const Line& line) const {
  return std::any_of(line.states.begin(), line.states.end(), [&](const State& state) {
    return macros_.contains(state.name) || std::find(names_.begin(), names_.end(), state.name) != names_.end();
  });
}

void Attributes::add(const std::string& folder, std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<Line> lines;
  for (const std::string_view each : split(text, '\n')) {
    auto read = read_line(each);
    if (!read) continue;
    if (read->first.empty()) {
      lines.push_back(std::move(read->second));
    } else if (folder.empty()) {
      macros_.insert_or_assign(read->first, std::move(read->second));  // of two, the last
    }
  }
  if (!lines.empty()) folders_[folder] = std::move(lines);
}

void Attributes::fill(const Line& line, Answer& answer, int depth) const {
  for (auto state = line.states.rbegin(); state != line.states.rend(); ++state) {
    if (!answer.known.emplace(state->name, &*state).second) continue;
    if (state->say != Say::set || depth >= kDeepestMacro) continue;
    if (const auto macro = macros_.find(state->name); macro != macros_.end()) fill(macro->second, answer, depth + 1);
  }
}

std::vector<std::optional<std::string>> Attributes::of(std::string_view path) const {
  Answer answer;
  // From the folder of the file up to the top.
  for (std::size_t end = path.rfind('/');; end = path.substr(0, end).rfind('/')) {
    const bool is_top = end == std::string_view::npos;
    if (const auto found = folders_.find(std::string(is_top ? std::string_view() : path.substr(0, end)));
        found != folders_.end()) {
      const std::string_view below = is_top ? path : path.substr(end + 1);
      for (auto line = found->second.rbegin(); line != found->second.rend(); ++line)
        if (concerns(*line) && line->pattern->matches(below)) fill(*line, answer, 0);
    }
    if (is_top) break;
  }
  std::vector<std::optional<std::string>> said;
  for (const std::string& name : names_) {
    const auto found = answer.known.find(name);
    const bool is_said = found != answer.known.end() && found->second->say != Say::nothing;
    said.push_back(!is_said                           ? std::nullopt
                   : found->second->say == Say::value ? std::optional(found->second->value)
                   : found->second->say == Say::set   ? std::optional(std::string("true"))
                                                      : std::optional(std::string("false")));
  }
  return said;
}

}  // namespace resident::git
