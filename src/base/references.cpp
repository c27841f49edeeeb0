#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/references.hpp>
#include <base/text.hpp>
#include <cctype>

namespace resident {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kLongestName = 300;      // of a repository with its groups
constexpr std::size_t kLongestAddress = 2000;  // what is longer names no item
constexpr std::size_t kLongestWord = 40;       // that closes

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}
bool is_name(char c) {
  return is_word(c) || c == '-' || c == '.';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool begins_ignoring_case(std::string_view text, std::string_view start) {
  if (text.size() < start.size()) return false;
  for (std::size_t i = 0; i < start.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(text[i])) != std::tolower(static_cast<unsigned char>(start[i])))
      return false;
  return true;
}

// The number that begins text, and how many digits it has; 0 where there is none, it begins with 0 or is too large.
std::pair<std::int64_t, std::size_t> leading_number(std::string_view text) {
  std::int64_t number = 0;
  std::size_t length = 0;
  for (; length < text.size() && is_digit(text[length]); ++length)
    if (number <= kLargestReference) number = number * 10 + (text[length] - '0');
  if (length == 0 || text[0] == '0' || number > kLargestReference) return {0, length};
  return {number, length};
}

std::string_view without_end(std::string_view text, std::string_view end) {
  return text.ends_with(end) ? text.substr(0, text.size() - end.size()) : text;
}

struct Address {
  std::string host, path;  // lower case
  ReferenceKind kind = ReferenceKind::any;
  std::int64_t number = 0;
};

ReferenceKind kind_of_segment(std::string_view segment) {
  if (segment == "issues" || segment == "work_items") return ReferenceKind::issue;
  if (segment == "pull" || segment == "pulls" || segment == "merge_requests") return ReferenceKind::pull;
  return ReferenceKind::any;
}

// Host and path of an address; an item's number and repository where it names one.
Address parse_address(std::string_view url) {
  Address address;
  const std::size_t colon = url.find("://");
  if (colon == kNone) return address;
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t slash = rest.find('/');
  std::string_view host = rest.substr(0, slash);
  if (const std::size_t at = host.rfind('@'); at != kNone) host = host.substr(at + 1);
  address.host = to_lower(host);
  if (address.host.starts_with("www.")) address.host.erase(0, 4);
  if (slash == kNone) return address;
  std::vector<std::string_view> segments;
  for (const std::string_view each : split(rest.substr(slash + 1), '/'))
    if (!each.empty()) segments.push_back(each);
  // What GitHub's interface calls it: api.github.com/repos/owner/name/issues/12.
  if (address.host == "api.github.com" && !segments.empty() && segments[0] == "repos") {
    address.host = "github.com";
    segments.erase(segments.begin());
  }
  // GitLab has a "-" between the name of the project and what is of it.
  const auto dash = std::find(segments.begin(), segments.end(), "-");
  std::size_t end = static_cast<std::size_t>(dash - segments.begin()), word = end + 1;
  if (dash == segments.end()) {
    end = std::min<std::size_t>(2, segments.size());
    while (end < segments.size() && kind_of_segment(segments[end]) == ReferenceKind::any) ++end;
    word = end;
  }
  if (word + 1 < segments.size() && end >= 2) {
    const auto [number, length] = leading_number(segments[word + 1]);
    if (length == segments[word + 1].size() || !is_word(segments[word + 1][length])) {
      address.kind = kind_of_segment(segments[word]);
      if (address.kind != ReferenceKind::any) address.number = number;
    }
  }
  for (std::size_t i = 0; i < end; ++i)
    address.path += (i == 0 ? "" : "/") + to_lower(without_end(segments[i], ".git"));
  return address;
}

class Finder {
 public:
  Finder(std::string_view text, const ReferenceRules& rules) : text_(text), rules_(rules) {}

  std::vector<Reference> run() {
    for (at_ = 0; at_ < text_.size();) {
      const char c = text_[at_];
      const bool is_found = c == '#' || c == '!' ? sign()
                            : c == '['           ? bracket()
                                                 : starts_word() && (address() || prefixed());
      if (!is_found) step();
    }
    return std::move(found_);
  }

 private:
  char before(std::size_t at) const { return at == 0 ? ' ' : text_[at - 1]; }
  char after(std::size_t at) const { return at < text_.size() ? text_[at] : ' '; }
  bool starts_word() const { return is_letter(text_[at_]) && !is_word(before(at_)); }

  // Over a whole word, so that none is looked at from its middle.
  void step() {
    const bool was_word = is_word(text_[at_]);
    ++at_;
    while (was_word && at_ < text_.size() && is_word(text_[at_])) ++at_;
  }

  bool take(std::int64_t number, std::string repository, ReferenceKind kind, std::size_t begin, std::size_t end) {
    if (rules_.forge != ForgeForms::gitlab) kind = ReferenceKind::any;
    Reference reference{number, std::move(repository), kind, false, begin, end};
    reference.closes = kind != ReferenceKind::pull && closes(begin);  // GitLab: merge requests are not closed so
    found_.push_back(std::move(reference));
    at_ = end;
    return true;
  }

  // "" for the text's own; "owner/name" on the same host, else with the host before it.
  std::string repository_of(const std::string& host, std::string path) const {
    const bool is_same_host = host.empty() || host == rules_.host;
    if (is_same_host && !rules_.path.empty() && path == rules_.path) return {};
    const std::string whole = (host.empty() ? rules_.host : host) + "/" + path;
    for (const auto& name : rules_.also)
      if (name == whole || (is_same_host && name == path)) return {};
    return is_same_host ? std::move(path) : whole;
  }

  bool is_end(std::size_t at) const { return !is_word(after(at)); }

  // "#12", "!12", each with the name of a repository before it.
  bool sign() {
    const bool is_pull = text_[at_] == '!';
    if (is_pull && rules_.forge == ForgeForms::github) return false;
    const auto [number, length] = leading_number(text_.substr(at_ + 1, 20));
    const std::size_t end = at_ + 1 + length;
    if (number == 0 || !is_end(end) || is_frame(end)) return false;
    // Where the reader has been nothing is looked for again.
    const std::size_t least =
        std::max(at_ > kLongestName ? at_ - kLongestName : 0, found_.empty() ? 0 : found_.back().end);
    std::size_t begin = at_;
    while (begin > least && (is_name(text_[begin - 1]) || text_[begin - 1] == '/')) --begin;
    const ReferenceKind kind = is_pull && rules_.forge == ForgeForms::gitlab ? ReferenceKind::pull
                               : rules_.forge == ForgeForms::gitlab          ? ReferenceKind::issue
                                                                             : ReferenceKind::any;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name.empty()) {
      const char left = before(at_);
      // "&#12;" is a character, "/#12" an address's end, "\#12" written so as to be none.
      if (left == '&' || left == '#' || left == '!' || left == '\\' || left == '@' || left == '$') return false;
      return take(number, {}, kind, at_, end);
    }
    const std::string path = named_repository(name);
    if (path.empty()) return false;
    return take(number, repository_of({}, path), kind, begin, end);
  }

  // The path that stands before a "#"; "" where it can be none.
  std::string named_repository(std::string_view name) const {
    const auto parts = split(name, '/');
    for (const std::string_view part : parts)
      if (part.empty() || part == "." || part == "..") return {};
    const bool is_gitlab = rules_.forge == ForgeForms::gitlab;
    if (parts.size() == 1) {
      // GitLab: a project of the same group. GitHub: a fork of that user, of which nothing is known here.
      const std::size_t slash = rules_.path.rfind('/');
      return is_gitlab && slash != kNone ? rules_.path.substr(0, slash + 1) + to_lower(name) : std::string();
    }
    if (parts.size() > 2 && !is_gitlab) return {};
    return to_lower(name);
  }

  // A line of a backtrace that nobody put in a block of code: "#3  0x00007f…", "#0 /srv/a.php(12): f()".
  bool is_frame(std::size_t end) const {
    std::size_t begin = at_;
    while (begin > 0 && (text_[begin - 1] == ' ' || text_[begin - 1] == '\t')) --begin;
    if (before(begin) != '\n' && begin != 0) return false;
    std::size_t behind = end;
    while (behind < text_.size() && behind < end + 8 && text_[behind] == ' ') ++behind;
    if (behind == end) return false;
    const std::string_view rest = text_.substr(behind, 160);
    const std::string_view line = rest.substr(0, rest.find('\n'));
    return line.starts_with("0x") || line.starts_with('/') || (line.find(" (") != kNone && line.find(") at ") != kNone);
  }

  // GitLab's "[issue:12]", "[work_item:group/name/12]".
  bool bracket() {
    if (rules_.forge != ForgeForms::gitlab) return false;
    const std::size_t end = text_.substr(at_, kLongestName).find(']');
    if (end == kNone) return false;
    const std::string_view inside = text_.substr(at_ + 1, end - 1);
    const std::size_t colon = inside.find(':');
    const std::string_view word = inside.substr(0, colon);
    if (colon == kNone || (word != "issue" && word != "work_item")) return false;
    const std::string_view target = inside.substr(colon + 1);
    const std::size_t slash = target.rfind('/');
    const std::string_view digits = slash == kNone ? target : target.substr(slash + 1);
    const auto [number, length] = leading_number(digits);
    if (number == 0 || length != digits.size()) return false;
    std::string repository;
    if (slash != kNone) {
      const std::string path = named_repository(target.substr(0, slash));
      if (path.empty()) return false;
      repository = repository_of({}, path);
    }
    return take(number, std::move(repository), ReferenceKind::issue, at_, at_ + end + 1);
  }

  bool address() {
    const std::string_view rest = text_.substr(at_);
    if (!begins_ignoring_case(rest, "http://") && !begins_ignoring_case(rest, "https://")) return false;
    std::size_t end = at_;
    int open = 0;
    for (; end < text_.size(); ++end) {
      const char c = text_[end];
      if (static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '"' || c == '`' || c == '|') break;
      open += c == '(' || c == '[';
      if ((c == ')' || c == ']') && --open < 0) break;
    }
    const std::size_t whole = end;
    while (end > at_ && std::string_view(".,:;!?'*_~)]").find(text_[end - 1]) != kNone) --end;
    const Address found = end - at_ <= kLongestAddress ? parse_address(text_.substr(at_, end - at_)) : Address();
    const std::size_t begin = at_;
    if (found.number != 0) {
      take(found.number, repository_of(found.host, found.path), found.kind, begin, end);
    }
    at_ = std::max(whole, begin + 1);  // what is in an address is nothing more
    return true;
  }

  bool prefixed() {
    const char left = before(at_);
    if (left == '/' || left == '-' || left == '\\' || left == '@') return false;
    const auto matches = [&](std::string_view prefix) {
      if (prefix.empty() || !begins_ignoring_case(text_.substr(at_), prefix)) return false;
      const std::size_t digits = at_ + prefix.size();
      const auto [number, length] = leading_number(text_.substr(digits, 20));
      if (number == 0 || !is_end(digits + length)) return false;
      return take(number, {}, ReferenceKind::any, at_, digits + length);
    };
    return std::any_of(rules_.prefixes.begin(), rules_.prefixes.end(), matches) ||
           (rules_.forge == ForgeForms::gitlab && matches("GL-"));
  }

  // --- Words that close ---

  // Back over what a link leaves of its text.
  std::size_t back(std::size_t at) const {
    while (at > 0 && text_[at - 1] == kTransparent) --at;
    return at;
  }

  bool closes(std::size_t begin) const {
    const std::size_t at = back(begin);
    switch (rules_.forge) {
      case ForgeForms::github:
        return closes_github(at);
      case ForgeForms::gitlab:
        return closes_gitlab(at);
      case ForgeForms::gitea:
        return closes_gitea(at);
    }
    return false;
  }

  // The letters that end before `at`.
  std::string_view word_before(std::size_t at) const {
    std::size_t begin = at;
    while (begin > 0 && at - begin <= kLongestWord && (is_letter(text_[begin - 1]) || (text_[begin - 1] & 0x80) != 0))
      --begin;
    return text_.substr(begin, at - begin);
  }

  bool is_closing(std::string_view word) const {
    static constexpr std::array<std::string_view, 9> kWords = {"close", "closes",  "closed",   "fix",     "fixes",
                                                               "fixed", "resolve", "resolves", "resolved"};
    const std::string lower = to_lower(word);
    if (!rules_.closing_words.empty())
      return std::find(rules_.closing_words.begin(), rules_.closing_words.end(), lower) != rules_.closing_words.end();
    return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
  }

  // Each number has its own word, perhaps a colon, and blanks; a line may break between them.
  bool closes_github(std::size_t at) const {
    std::size_t behind = at;
    int breaks = 0;
    while (behind > 0 && is_space(text_[behind - 1])) breaks += text_[--behind] == '\n';
    if (behind == at || breaks > 1) return false;
    if (behind > 0 && text_[behind - 1] == ':') --behind;
    const std::string_view word = word_before(behind);
    const char left = before(behind - word.size());
    return !is_word(left) && left != '-' && is_closing(word);
  }

  // modules/references/references.go: (?:\s|^|\(|\[)(words):? $
  bool closes_gitea(std::size_t at) const {
    const bool is_link = at < text_.size() && text_[at] == kTransparent;
    if (at == 0 || text_[at - 1] != ' ') return false;
    std::size_t behind = at - 1;
    if (behind > 0 && text_[behind - 1] == ':') --behind;
    const std::string_view word = word_before(behind);
    const char left = before(behind - word.size());
    return (is_space(left) || left == '(' || left == '[' || (is_link && left == kTransparent)) && is_closing(word);
  }

  // The default pattern of config/initializers/1_settings.rb: the first letter in either case, ":?", blanks, perhaps
  // "issue " or "issues ", and a list with commas, blanks and "and" in between.
  bool closes_gitlab(std::size_t at) const {
    if (!found_.empty() && found_.back().closes && is_list_gap(found_.back().end, at)) return true;
    std::size_t behind = without_issues(at);
    const std::size_t blanks = behind;
    while (behind > 0 && text_[behind - 1] == ' ') --behind;
    if (behind == blanks) return false;
    if (behind > 0 && text_[behind - 1] == ':') --behind;
    const std::string_view word = word_before(behind);
    if (word.empty() || is_word(before(behind - word.size()))) return false;
    if (!rules_.closing_words.empty()) return is_closing(word);
    static constexpr std::array<std::string_view, 16> kEnds = {
        "lose",   "loses",   "losed",   "losing",   "ix",       "ixes",      "ixed",       "ixing",
        "esolve", "esolves", "esolved", "esolving", "mplement", "mplements", "mplemented", "mplementing"};
    static constexpr std::string_view kFirst = "cfri";
    const std::size_t group = kFirst.find(static_cast<char>(std::tolower(static_cast<unsigned char>(word[0]))));
    if (group == kNone) return false;
    const auto begin = kEnds.begin() + static_cast<std::ptrdiff_t>(group * 4);
    return std::find(begin, begin + 4, word.substr(1)) != begin + 4;
  }

  // "issue " and "issues " before a number.
  std::size_t without_issues(std::size_t at) const {
    std::size_t behind = at;
    while (behind > 0 && text_[behind - 1] == ' ') --behind;
    if (behind == at) return at;
    const std::string_view word = word_before(behind);
    return word == "issue" || word == "issues" ? behind - word.size() : at;
  }

  // Between two numbers of a list: " *,? +and +" or " *,? *".
  bool is_list_gap(std::size_t from, std::size_t to) const {
    to = without_issues(to);
    if (to < from || to - from > 40) return false;
    std::string_view gap = text_.substr(from, to - from);
    while (gap.starts_with(' ')) gap.remove_prefix(1);
    const bool has_blank = to - from > gap.size();
    bool may_and = has_blank;
    if (gap.starts_with(',')) {
      gap.remove_prefix(1);
      may_and = gap.starts_with(' ');
      while (gap.starts_with(' ')) gap.remove_prefix(1);
    }
    if (may_and && gap.starts_with("and ")) {
      gap.remove_prefix(4);
      while (gap.starts_with(' ')) gap.remove_prefix(1);
    }
    return gap.empty();
  }

  std::string_view text_;
  const ReferenceRules& rules_;
  std::size_t at_ = 0;
  std::vector<Reference> found_;
};

}  // namespace

ForgeForms forge_forms(std::string_view name) {
  if (name == "gitlab") return ForgeForms::gitlab;
  if (name == "gitea" || name == "forgejo") return ForgeForms::gitea;
  return ForgeForms::github;
}

void ReferenceRules::set_address(std::string_view url) {
  Address address = parse_address(url);
  // "git@host:owner/name.git", as git clones by ssh.
  const std::size_t colon = url.find(':');
  if (address.host.empty() && colon != kNone && url.substr(0, colon).find('/') == kNone)
    address = parse_address("ssh://" + std::string(url.substr(0, colon)) + "/" + std::string(url.substr(colon + 1)));
  if (address.host.empty() || address.path.find('/') == std::string::npos) return;
  host = address.host;
  path = address.path;
}

ReferenceRules make_reference_rules(const ReferenceSettings& settings, std::string_view address,
                                    std::string_view kind) {
  ReferenceRules rules;
  rules.set_address(address);
  rules.prefixes = settings.prefixes;
  for (const auto& word : settings.closing_words) rules.closing_words.push_back(to_lower(word));
  for (const auto& name : settings.repositories) {
    ReferenceRules other;
    other.set_address(name);
    rules.also.push_back(other.path.empty() ? to_lower(name) : other.host + "/" + other.path);
  }
  static const std::vector<std::string> kForges = {"auto", "github", "gitlab", "gitea", "forgejo"};
  if (std::find(kForges.begin(), kForges.end(), settings.forge) == kForges.end()) {
    const std::string nearest = near_miss(settings.forge, kForges);
    throw Error(
        ErrorKind::usage, "references.forge: there is no forge called " + one_line(settings.forge),
        nearest.empty() ? "it is one of auto, github, gitlab, gitea, forgejo" : "did you mean " + nearest + "?");
  }
  if (settings.forge != "auto") {
    rules.forge = forge_forms(settings.forge);
  } else if (kind == "gitlab" || rules.host.find("gitlab") != std::string::npos || address.find("/-/") != kNone ||
             address.find("/merge_requests/") != kNone) {
    rules.forge = ForgeForms::gitlab;
  } else if (kind == "gitea" || rules.host == "codeberg.org" || rules.host.find("gitea") != std::string::npos ||
             rules.host.find("forgejo") != std::string::npos || address.find("/pulls/") != kNone) {
    rules.forge = ForgeForms::gitea;
  }
  return rules;
}

std::vector<Reference> references_in_spoken(std::string_view spoken, const ReferenceRules& rules) {
  return Finder(spoken, rules).run();
}

std::vector<Reference> find_references(std::string_view text, Markup markup, const ReferenceRules& rules) {
  return references_in_spoken(spoken_text(text, markup), rules);
}

Reference single_reference(std::string_view text, const ReferenceRules& rules) {
  text = trim(text);
  if (const auto [number, length] = leading_number(text); number != 0 && length == text.size())
    return {number, {}, ReferenceKind::any, false, 0, length};
  auto found = references_in_spoken(text, rules);
  if (found.size() == 1 && found[0].begin == 0 && found[0].end == text.size()) return std::move(found[0]);
  return {};
}

OwnNumbers own_numbers(const std::vector<Reference>& references, ReferenceKind wanted) {
  OwnNumbers numbers;
  const auto add = [](std::vector<std::int64_t>& list, std::int64_t number) { list.push_back(number); };
  for (const auto& each : references)
    if (each.is_own() && (wanted == ReferenceKind::any || each.kind == ReferenceKind::any || each.kind == wanted))
      add(each.closes ? numbers.closed : numbers.named, each.number);
  for (auto* list : {&numbers.closed, &numbers.named}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  std::erase_if(numbers.named, [&](std::int64_t number) {
    return std::binary_search(numbers.closed.begin(), numbers.closed.end(), number);
  });
  return numbers;
}

std::vector<std::string> own_names(std::int64_t number, bool is_pull, const ReferenceRules& rules) {
  const std::string digits = std::to_string(number);
  const std::string sign = is_pull && rules.forge == ForgeForms::gitlab ? "!" : "#";
  std::vector<std::string> names{sign + digits};
  if (!rules.path.empty()) names.push_back(rules.path + sign + digits);
  return names;
}

}  // namespace resident
