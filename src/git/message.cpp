#include <algorithm>
#include <base/error.hpp>
#include <base/message_ids.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <git/message.hpp>

namespace resident::git {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';  // git's own isspace()
}

bool is_blank(std::string_view line) {
  return std::all_of(line.begin(), line.end(), is_space);
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view trim_start(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

std::string_view trim_both(std::string_view text) {
  return trim_start(trim_end(text));
}

// Takes the next line, without its end, off text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != prefix[i]) return false;
  }
  return true;
}

// Where the ':' of a 'Token: value' line stands: behind letters, digits and '-', then blanks; 0: it is none. As
// find_separator() of git's trailer.c.
std::size_t separator(std::string_view line) {
  bool behind_blank = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ':') return i;
    if (!behind_blank && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'))
      continue;
    if (i == 0 || (c != ' ' && c != '\t')) break;
    behind_blank = true;
  }
  return 0;
}

std::string_view hexadecimal_prefix(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && std::isxdigit(static_cast<unsigned char>(text[length]))) ++length;
  return length >= 7 && length <= 64 ? text.substr(0, length) : std::string_view{};
}

// The two sentences that git itself writes.
std::pair<std::string_view, std::string_view> generated_line(std::string_view line) {
  for (const auto& [prefix, token] :
       {std::pair<std::string_view, std::string_view>{"(cherry picked from commit ", "cherry-picked-from"},
        {"this reverts commit ", "reverts"}})
    if (starts_with_ignoring_case(line, prefix))
      if (const auto sha = hexadecimal_prefix(line.substr(prefix.size())); !sha.empty()) return {token, sha};
  return {};
}

// "This reverts commits 0123abc, 4567def and 89abcde.", as people write it of several, over the lines of its sentence.
std::vector<std::string> reverted_together(std::string_view line, std::string_view rest) {
  std::vector<std::string> shas;
  constexpr std::string_view kBegin = "this reverts commits ";
  if (!starts_with_ignoring_case(line, kBegin)) return shas;
  line.remove_prefix(kBegin.size());
  constexpr std::size_t kMost = 200;
  for (bool ends = false; !ends && shas.size() < kMost;) {
    for (std::size_t at = 0; at < line.size() && !ends;) {
      const std::size_t stop = std::min(line.find_first_of(" ,;.\t", at), line.size());
      const std::string_view word = line.substr(at, stop - at);
      const bool is_sha = !word.empty() && hexadecimal_prefix(word).size() == word.size();
      if (is_sha) shas.push_back(to_lower(word));
      // What is neither an id nor joins two begins another sentence.
      ends = (!word.empty() && !is_sha && word != "and" && word != "&") || (stop < line.size() && line[stop] == '.');
      at = stop + 1;
    }
    if (ends || rest.empty()) break;
    line = take_line(rest);
    if (is_blank(line)) break;
  }
  return shas;
}

Trailer make_trailer(std::string_view token, std::string_view value) {
  Trailer trailer;
  trailer.token = to_lower(token);
  trailer.value = clean_text(trim_both(value), kMaxSubject);
  if (const std::size_t open = trailer.value.find('<');
      open != std::string::npos && trailer.value.find('>', open) != std::string::npos)
    std::tie(trailer.name, trailer.email) = parse_person(trailer.value);
  return trailer;
}

constexpr std::string_view kScissors = "# ------------------------ >8 ------------------------\n";

// git's ignore_non_trailer(): without the comments, blank lines and lists of conflicts at the end, and without what a
// scissors line cuts off.
std::string_view without_appendix(std::string_view message) {
  if (message.starts_with(kScissors)) return {};
  if (const std::size_t cut = message.find("\n" + std::string(kScissors)); cut != std::string_view::npos)
    message = message.substr(0, cut + 1);
  std::size_t begin = std::string_view::npos, at = 0;
  bool in_conflicts = false;
  for (std::string_view rest = message; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (line.empty() || line[0] == '#') {
      if (begin == std::string_view::npos) begin = at;
    } else if (message.substr(at).starts_with("Conflicts:\n")) {
      in_conflicts = true;
      if (begin == std::string_view::npos) begin = at;
    } else if (!(in_conflicts && line[0] == '\t')) {
      begin = std::string_view::npos;
      in_conflicts = false;
    }
    at = static_cast<std::size_t>(rest.data() - message.data());
  }
  return message.substr(0, begin);
}

// The lines of the paragraph that git takes for trailers (trailer.c, find_trailer_start()).
std::vector<std::string_view> trailer_block(std::string_view message) {
  std::vector<std::string_view> lines;
  for (std::string_view rest = message; !rest.empty();) lines.push_back(take_line(rest));
  // The first paragraph is the subject.
  std::size_t title = 0;
  while (title < lines.size() && (lines[title].starts_with('#') || !is_blank(lines[title]))) ++title;
  std::size_t trailers = 0, others = 0, continued = 0;
  bool only_blank = true, by_git = false;
  for (std::size_t i = lines.size(); i-- > title;) {
    const std::string_view line = lines[i];
    if (line.starts_with('#')) {
      others += continued;
      continued = 0;
    } else if (is_blank(line)) {
      if (only_blank) continue;
      others += continued;
      const bool is_block = by_git ? trailers * 3 >= others : trailers > 0 && others == 0;
      if (!is_block) return {};
      return {lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, lines.end()};
    } else if (line.starts_with("Signed-off-by: ") || line.starts_with("(cherry picked from commit ")) {
      ++trailers;
      continued = 0;
      by_git = true;
    } else if (separator(line) && !is_space(line[0])) {
      ++trailers;
      continued = 0;
    } else if (is_space(line[0])) {
      ++continued;
    } else {
      others += 1 + continued;
      continued = 0;
    }
    only_blank = only_blank && line.starts_with('#');
  }
  return {};
}

bool is_co_author(std::string_view line) {
  const std::size_t colon = separator(line);
  return colon && to_lower(trim_end(line.substr(0, colon))) == "co-authored-by";
}

// Of a line that names the mail which brought the commit, or the one that began its discussion: the mark. Lines of
// other names (Closes, Reported-by) link to what it mends.
std::string_view mail_link_kind(std::string_view line) {
  if (line.size() < 12 || line.size() > 2000) return {};
  for (const auto& [token, kind] : {std::pair<std::string_view, std::string_view>{"link:", "message-id"},
                                    {"message-id:", "message-id"},
                                    {"patch:", "message-id"},
                                    {"discussion:", "discussion"}})
    if (starts_with_ignoring_case(line, token)) return kind;
  return {};
}

void add_number(std::vector<std::int64_t>& numbers, std::int64_t number) {
  if (number > 0 && numbers.size() < kMaxNumbers && std::find(numbers.begin(), numbers.end(), number) == numbers.end())
    numbers.push_back(number);
}

// All numbers in text, e.g. of '#1, #2 and gh-3'.
void add_numbers(std::vector<std::int64_t>& numbers, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::int64_t number = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9' && number < 10'000'000'000; ++i)
      number = number * 10 + (text[i] - '0');
    add_number(numbers, number);
  }
}

}  // namespace

std::pair<std::string, std::string> split_message(std::string_view message) {
  std::string subject;
  bool begun = false;
  while (!message.empty()) {
    const std::string_view line = trim_end(take_line(message));
    if (line.empty() && begun) break;
    if (line.empty()) continue;
    if (begun) subject += ' ';
    if (subject.size() <= kMaxSubject) subject += line;
    begun = true;
  }
  std::string_view rest = message;
  while (!rest.empty()) {
    std::string_view ahead = rest;
    if (!is_blank(take_line(ahead))) break;
    rest = ahead;
  }
  return {clean_text(subject, kMaxSubject), clean_text(trim_end(rest), kMaxBody)};
}

std::pair<std::string, std::string> parse_person(std::string_view text) {
  const std::size_t open = text.find('<');
  if (open == std::string_view::npos) return {clean_text(trim_both(text), kMaxSubject), {}};
  const std::size_t close = text.find('>', open);
  std::string_view name = trim_both(text.substr(0, open));
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = trim_both(name.substr(1, name.size() - 2));
  const std::string_view email = text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
  return {clean_text(name, kMaxSubject), clean_text(trim_both(email), kMaxSubject)};
}

std::vector<Trailer> parse_trailers(std::string_view message) {
  // As git log does, which begins with the subject.
  while (!message.empty()) {
    std::string_view ahead = message;
    if (!is_blank(take_line(ahead))) break;
    message = ahead;
  }
  std::vector<Trailer> result;
  bool goes_on = false;
  std::string_view token;
  std::string value;
  const auto finish = [&] {
    if (goes_on) result.push_back(make_trailer(trim_end(token), value));
    goes_on = false;
  };
  for (const std::string_view line : trailer_block(without_appendix(message))) {
    if (goes_on && !line.empty() && is_space(line[0])) {
      // As git unfolds it: the break and the blanks that follow become one blank.
      if (value.size() <= kMaxSubject) value += ' ', value += trim_start(line);
      continue;
    }
    finish();
    if (result.size() == kMaxTrailers) break;
    const std::size_t colon = separator(line);
    if (!colon) continue;
    token = line.substr(0, colon);
    value = line.substr(colon + 1);
    goes_on = true;
  }
  finish();
  return result;
}

std::vector<Trailer> parse_marks(std::string_view message) {
  // Co-authors that are git's trailers stand behind where its paragraph begins.
  const std::vector<std::string_view> block = trailer_block(without_appendix(message));
  const char* const begin = block.empty() ? nullptr : block.front().data();
  const char* const end = block.empty() ? nullptr : block.back().data() + block.back().size();
  std::vector<Trailer> result;
  for (std::string_view rest = message; !rest.empty() && result.size() < kMaxTrailers;) {
    const std::string_view line = take_line(rest);
    if (const auto [token, sha] = generated_line(line); !token.empty())
      result.push_back({std::string(token), to_lower(sha), {}, {}});
    else if (const auto together = reverted_together(line, rest); !together.empty())
      for (const std::string& each : together) result.push_back({"reverts", each, {}, {}});
    else if (is_co_author(line) && !(begin && line.data() >= begin && line.data() < end))
      result.push_back(make_trailer("co-authored-by", line.substr(separator(line) + 1)));
    else if (const std::string_view kind = mail_link_kind(line); !kind.empty())
      for (const std::string& id : linked_message_ids(line))
        if (result.size() < kMaxTrailers) result.push_back({std::string(kind), mail_key(id), {}, {}});
  }
  return result;
}

struct MessageParser::Compiled {
  using Set = std::vector<Pattern>;
  Set pull_suffixes, pull_subjects, pull_bodies;
  ReferenceRules references;

  static Set compile(const std::vector<std::string>& patterns) {
    Set set;
    for (const auto& pattern : patterns) {
      set.emplace_back(pattern);
      if (set.back().group_count() != 1)
        throw Error(ErrorKind::usage, "a pattern for commit messages needs exactly one group: " + pattern,
                    "write (?:…) for the groups that are not the number");
    }
    return set;
  }
};

MessageParser::MessageParser(const MessagePatterns& patterns) : compiled_(std::make_unique<Compiled>()) {
  compiled_->pull_suffixes = Compiled::compile(patterns.pull_suffixes);
  compiled_->pull_subjects = Compiled::compile(patterns.pull_subjects);
  compiled_->pull_bodies = Compiled::compile(patterns.pull_bodies);
  compiled_->references = patterns.references;
}

MessageParser::~MessageParser() = default;
MessageParser::MessageParser(MessageParser&&) noexcept = default;

Message MessageParser::parse(std::string_view message) const {
  Message result;
  std::tie(result.subject, result.body) = split_message(message);
  result.trailers = parse_trailers(message);
  result.marks = parse_marks(message);
  std::string_view group;
  const auto capture = [&](const Pattern& pattern, std::string_view text) {
    std::string_view found[2];
    if (!pattern.search(text, 0, Pattern::Anchor::none, found)) return std::string_view{};
    group = found[1];
    return found[0];
  };
  const auto capture_all = [&](const Pattern& pattern, const std::string& text, std::vector<std::int64_t>& numbers) {
    std::string_view found[2];
    for (std::size_t at = 0; at < text.size() && numbers.size() < kMaxNumbers;) {
      if (!pattern.search(text, at, Pattern::Anchor::none, found)) break;
      if (!names_another(found[0])) add_numbers(numbers, found[1]);
      at = std::max(at + 1, static_cast<std::size_t>(found[0].data() - text.data()) + found[0].size());
    }
  };
  std::vector<std::int64_t> suffixes;
  std::string_view rest(result.subject);
  for (bool again = true; again && suffixes.size() < 20;) {
    again = false;
    for (const auto& pattern : compiled_->pull_suffixes)
      if (const auto whole = capture(pattern, rest); !whole.empty()) {
        add_numbers(suffixes, group);
        rest.remove_suffix(static_cast<std::size_t>(rest.data() + rest.size() - whole.data()));
        again = true;
        break;
      }
  }
  for (const auto& pattern : compiled_->pull_subjects) {
    std::vector<std::int64_t> found;
    capture_all(pattern, result.subject, found);
    // Several at once: what else stands there, texts of these requests say.
    if (found.size() > 1 && pattern.matches(result.subject)) {
      result.own_pulls = found.size();
      result.pull_numbers = std::move(found);
      add_references(result);
      return result;
    }
    for (const std::int64_t number : found) add_number(result.pull_numbers, number);
  }
  for (const auto& pattern : compiled_->pull_bodies) capture_all(pattern, result.body, result.pull_numbers);
  for (auto number = suffixes.rbegin(); number != suffixes.rend(); ++number) add_number(result.pull_numbers, *number);
  add_references(result);
  return result;
}

// Whether the repository that a merge names is known to be another than this one.
bool MessageParser::names_another(std::string_view found) const {
  ReferenceRules rules = compiled_->references;
  if (rules.path.empty()) return false;
  rules.forge = ForgeForms::gitlab;  // any number of groups, and "!"
  const auto references = references_in_spoken(found, rules);
  return !references.empty() && !references.back().is_own();
}

void MessageParser::add_references(Message& message) const {
  const auto holds = [](const std::vector<std::int64_t>& numbers, std::int64_t number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
  };
  // What a revert quotes in its subject it does not do.
  const bool quotes = starts_with_ignoring_case(message.subject, "revert \"") ||
                      starts_with_ignoring_case(message.subject, "reapply \"");
  std::vector<std::int64_t> named;
  for (const std::string* part : {&message.subject, &message.body})
    for (const auto& each : find_references(*part, Markup::message, compiled_->references)) {
      if (!each.is_own()) continue;
      const bool closes = each.closes && !(quotes && part == &message.subject);
      add_number(closes ? message.fixes : named, each.number);
    }
  for (const auto number : named)
    if (!holds(message.pull_numbers, number) && !holds(message.fixes, number)) message.mentions.push_back(number);
}

}  // namespace resident::git
