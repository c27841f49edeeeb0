#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <bitset>
#include <charconv>
#include <optional>
#include <sources/decode/decode.hpp>
#include <sources/mail/message.hpp>
#include <sources/mail/patches/review_tags.hpp>

namespace resident::mail {

namespace {

constexpr std::size_t kMostWords = 6'000;  // bytes of an answer in which a statement is looked for

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

std::string_view without_indent(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

// "> text", "| text", "AB> text".
bool is_quoted(std::string_view line) {
  const std::string_view text = without_indent(line);
  if (text.empty()) return false;
  if (text[0] == '>' || text[0] == '|') return true;
  std::size_t letters = 0;
  while (letters < text.size() && letters < 5 && text[letters] >= 'A' && text[letters] <= 'Z') ++letters;
  return letters > 0 && letters < 5 && letters < text.size() && text[letters] == '>';
}

bool starts_with_word(std::string_view line, std::string_view word) {
  return line.size() >= word.size() && to_lower(line.substr(0, word.size())) == word;
}

// Where mail programs put the whole mail they answer below, without marks.
bool begins_original(std::string_view line, std::string_view rest) {
  const std::string_view text = trim(line);
  if (text.empty() || std::string_view("-FfBb*").find(text[0]) == std::string_view::npos) return false;
  if (text.starts_with("-----") && text.size() < 80) {
    const std::string lower = to_lower(text);
    for (const std::string_view name : {"original message", "forwarded message", "ursprüngliche nachricht",
                                        "message d'origine", "原始邮件", "original mail"})
      if (lower.find(name) != std::string::npos) return true;
  }
  if (starts_with_word(text, "begin forwarded message")) return true;
  if (!starts_with_word(text, "from:") && !starts_with_word(text, "*from:")) return false;
  // A head: three of its fields at least, one below the other.
  int fields = 0;
  for (int i = 0; i < 6 && !rest.empty(); ++i) {
    const std::string_view next = trim(take_line(rest));
    for (const std::string_view name :
         {"sent:", "to:", "cc:", "subject:", "date:", "*sent:", "*to:", "*subject:", "*cc:", "*date:"})
      if (starts_with_word(next, name)) ++fields;
  }
  return fields >= 3;
}

// The tags of one line: "Reviewed-and-tested-by: Ann <a@b>" gives two.
struct TagName {
  std::string_view written, token, second = {};
};
constexpr std::array<TagName, 17> kTags{{{"reviewed-by", "reviewed-by"},
                                         {"acked-by", "acked-by"},
                                         {"tested-by", "tested-by"},
                                         {"nacked-by", "nacked-by"},
                                         {"naked-by", "nacked-by"},
                                         {"nak-by", "nacked-by"},
                                         {"nack-by", "nacked-by"},
                                         {"reviewed-and-tested-by", "reviewed-by", "tested-by"},
                                         {"tested-and-reviewed-by", "reviewed-by", "tested-by"},
                                         {"acked-and-tested-by", "acked-by", "tested-by"},
                                         {"tested-and-acked-by", "acked-by", "tested-by"},
                                         {"reviewed-and-acked-by", "reviewed-by"},
                                         {"acked-and-reviewed-by", "reviewed-by"},
                                         {"review-by", "reviewed-by"},
                                         {"ack-by", "acked-by"},
                                         {"compile-tested-by", "tested-by"},
                                         {"build-tested-by", "tested-by"}}};

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

void add_tag(std::string_view line, std::vector<ReviewTag>& tags) {
  for (std::size_t colon = line.find(':'); colon != std::string_view::npos && colon < 400;
       colon = line.find(':', colon + 1)) {
    std::size_t end = colon;
    while (end > 0 && line[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > 0 && is_token_char(line[begin - 1])) --begin;
    const std::string written = to_lower(line.substr(begin, end - begin));
    const auto found =
        std::find_if(kTags.begin(), kTags.end(), [&](const TagName& each) { return each.written == written; });
    if (found == kTags.end()) continue;
    std::string_view value = trim(line.substr(colon + 1));
    const bool at_start = without_indent(line).data() == line.data() + begin;
    // In the middle of a sentence a tag needs its address, else it is talk about a tag.
    const bool has_address = value.find('@') != std::string_view::npos || value.find(" at ") != std::string_view::npos;
    if (value.empty() || (!at_start && !has_address)) continue;
    if (const std::size_t note = value.find(" #"); note != std::string_view::npos) value = trim(value.substr(0, note));
    if (const std::size_t close = value.find('>'); close != std::string_view::npos) value = value.substr(0, close + 1);
    // A name, not a sentence: "Reviewed-by: tags should go here".
    if (!has_address && (value.size() > 80 || std::count(value.begin(), value.end(), ' ') > 4)) continue;
    const PersonRecord person = parse_author(value);
    if (person.name.empty() && person.email.empty()) continue;
    for (const std::string_view token : {found->token, found->second})
      if (!token.empty() && tags.size() < kMostTags) {
        ReviewTag tag{std::string(token), person.name, person.email};
        if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
      }
    return;
  }
}

// "1-3 and 5", "#2", "1/3": numbers of parts behind "applied".
void add_parts(std::string_view text, std::vector<int>& parts) {
  int last = 0;
  bool is_range = false;
  for (std::size_t i = 0; i < text.size() && parts.size() < 500;) {
    if (text[i] >= '0' && text[i] <= '9') {
      std::size_t end = i;
      while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
      int number = 0;
      if (end - i <= 4) std::from_chars(text.data() + i, text.data() + end, number);
      // "2/5": of five.
      if (end < text.size() && text[end] == '/')
        for (++end; end < text.size() && text[end] >= '0' && text[end] <= '9';) ++end;
      if (is_range && last > 0 && number > last && number - last < 500)
        for (int each = last + 1; each <= number; ++each) parts.push_back(each);
      else if (number > 0)
        parts.push_back(number);
      last = number;
      is_range = false;
      i = end;
    } else {
      if (text[i] == '-') is_range = true;
      if (text.substr(i).starts_with("to ")) is_range = true;
      ++i;
    }
  }
}

// What a sentence says, in lower case. The first rule that is found speaks. stems: one of these beginnings of words,
// separated by blanks, stands in it; looked for first, since most sentences have none.
struct StatementRule {
  Said said;
  std::string_view stems;
  std::string pattern;
  std::string_view also = {};  // and one of these, where there are any
};

constexpr std::string_view kDone = "applied merged pushed queued committed picked pulled";

// What may stand before "applied": "Thanks, all three patches have now been …".
std::string before_done() {
  return R"(^(?:(?:thanks|thank you|thx|ok|okay|great|good|nice|cool|perfect|fine|hi|hello|hey|and|so|now|also|finally|fyi|just an?|looks good|lgtm)\b[^.;:]{0,25}?[,!. -]+)*)"
         R"((?:i(?:'ve| have)? (?:just |now |already )?|we(?:'ve| have)? (?:just |now |already )?|(?:all|both|whole|entire|the|this|these|that|full|series|patch(?:es|set|series)?|set|fix|changes?|commits?|it|they|it's|that's|first|last|rest|one|two|three|four|version|v\d+|pair|of|and|&|them|series'|\#?\d+(?:/\d+)?(?: ?- ?\d+)?|in|my|a) ?){0,6})"
         R"((?:(?:has|have|was|were|is|are|been|now|just|already|all|both|'s|got) )*(?:now |just |already |minimally |manually )?)"
         R"((?:applied|merged|pushed|queued|committed|picked(?: (?:it|this|them))? up|pulled)\b)";
}

std::vector<StatementRule> statement_rules() {
  return {
      {Said::withdrawn, "ignor disregard drop discard skip forget apply merge",
       R"(^(?:please |pls |sorry,? |hi,? |self-?)*(?:ignore|disregard|drop|discard|skip|forget(?: about)?|do not (?:apply|merge)|don't (?:apply|merge))\b(?: (?:this|that|it|these|the|my|both|all|above|v\d)\b|[.,!:]|$))"},
      {Said::withdrawn, "withdraw dropped ignored drop nak nack",
       R"(\b(?:i (?:hereby )?withdraw|i'm withdrawing|(?:this|the) (?:patch|series|patchset) (?:is|can be|was) (?:withdrawn|dropped|ignored)|i(?:'ll| will) drop this (?:patch|one|series)|let's drop (?:this|it)|self[- ]na[c]?k)\b)"},
      {Said::rejected, "nak nack reject apply merge take",
       R"(^(?:sorry,? |so |but |hmm,? )*(?:nak|nack|rejected|rejecting)\b|\b(?:i(?:'m| am) not going to (?:apply|merge|take)|i (?:will not|won't|refuse to) (?:apply|merge|take)|i(?:'m| am) rejecting|changes rejected)\b)"},
      // Questions, conditions, wishes and what is to come.
      {Said::will_apply, "appl merg push queue commit pick pull drop revert",
       R"(\b(?:will|shall|'ll|going to|gonna|can|could|would|should|may|might|plan to|intend to|about to|want to|happy to|let me|ready to|to be|once|after|before|if|when|until|unless|whoever|please|needs? to|has to|have to|wait(?:ing)? (?:for|to|until))\b[^.;:]{0,60}\b(?:apply|merge|push|queue|commit|pick|pull|applied|merged|pushed|queued|committed|picked|pulled|applying|merging|pushing|dropp?(?:ed|ing)?|revert(?:ed|ing)?)\b)",
       "will shall ll going gonna can could would should may might plan intend about want happy let ready to once "
       "after "
       "before if when until unless whoever please need has have wait"},
      {Said::nothing, "applied merged pushed queued committed picked pulled dropped reverted",
       R"(\b(?:not|never|cannot|neither|nor|no longer|isn't|wasn't|haven't|hasn't)\b[^.;:]{0,40}\b(?:applied|merged|pushed|queued|committed|picked|pulled|dropped|reverted)\b)"},
      {Said::taken_back, "dropped reverted back unqueued removed",
       R"(^(?:and |so |ok,? |okay,? |sorry,? |hmm,? |i(?:'ve| have)? |we(?:'ve| have)? |now |it (?:was|is|has been) |this (?:was|is|has been) |patch )*(?:just |now |since )?(?:dropped|reverted|backed (?:it |this )?out|unqueued|removed)\b(?: (?:it|this|that|them|both|the patch|the series|again|for now|from|out|from my|the commit)\b|[.,:!]|$))"},
      {Said::superseded, "supersede replaced obsoleted sent posted submitted",
       R"(\b(?:superseded by|supersedes? (?:this|these|the previous)|replaced by (?:v\d|this|the|a new)|obsoleted by|(?:i(?:'ve| have)? )?(?:just )?(?:sent|posted|submitted) (?:a |the )?(?:new version|v\d+)\b)|^superseded\b)"},
      {Said::applied, kDone,
       before_done() +
           R"((?:[,.:;!]|$| (?:and|to|in|into|on|onto|this|it|both|all|the|these|them|series|patch|patches|as|with|by|for|after|upstream|thanks?|thank|thx|now|v\d|\#?\d|manually|locally|separately|already|too|also|-|–|—|\(|w/)))"},
      {Said::applied, kDone,
       R"(^(?:this|the|your) (?:patch|series|pull request|patchset)(?: you sent)?\b[^.;:]{0,80}\b(?:was|has been) (?:applied|merged|pulled)\b)"},
      {Said::applied, kDone,
       R"(\b(?:so|and) (?:i|we)(?:'ve| have)? (?:just |now |already )?(?:applied|merged|pushed|queued|committed|picked up|pulled) (?:it|this|these|them|both)\b)"},
      {Said::applied, "now",
       R"(\b(?:this|it|these|they|both|all|(?:patch|series|patchset|patches)(?: \S+)?) (?:is|are) now in (?:the |my |our )?(?:[\w.\-]+/[\w.\-/]+|master|main|mainline|upstream|git|linux-next|next|tree|trunk)\b)"},
      {Said::applied, kDone, R"(\b(?:has been merged into|was applied to|have been applied to|has been applied to)\b)"},
  };
}

// The rules with their patterns compiled, and the words that any of them asks for, by their first letter: one walk over
// a text finds them all. Most texts have none.
class Statements {
 public:
  static constexpr std::size_t kMostStems = 96;
  using Stems = std::bitset<kMostStems>;
  struct Hit {
    std::size_t at = 0, stem = 0;
  };

  Statements() {
    std::vector<std::string_view> known;
    const auto all = [&](std::string_view stems) {
      Stems numbers;
      for (const std::string_view stem : split(stems, ' ')) {
        if (stem.empty()) continue;
        const auto found = std::find(known.begin(), known.end(), stem);
        const auto number = static_cast<std::size_t>(found - known.begin());
        numbers.set(number);
        if (found != known.end()) continue;
        known.push_back(stem);
        stems_[static_cast<unsigned char>(stem.front()) & 31U].emplace_back(stem, number);
        begins_[pair_of(stem[0], stem[1])] = true;
      }
      return numbers;
    };
    for (const StatementRule& rule : statement_rules())
      rules_.push_back({rule.said, all(rule.stems), all(rule.also), Pattern(rule.pattern)});
    for (int c = 0; c < 256; ++c)
      word_[static_cast<std::size_t>(c)] =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  // Where words of a text begin as stems do, in whatever case. By their first two letters most words are none.
  std::vector<Hit> hits(std::string_view text) const {
    std::vector<Hit> found;
    const auto is_word = [&](std::size_t i) { return word_[static_cast<unsigned char>(text[i])]; };
    for (std::size_t i = 0; i < text.size();) {
      while (i < text.size() && !is_word(i)) ++i;
      if (i + 1 < text.size() && begins_[pair_of(text[i], text[i + 1])])
        for (const auto& [stem, number] : stems_[static_cast<unsigned char>(text[i]) & 31U])
          if (begins(text.substr(i), stem)) found.push_back({i, number});
      while (i < text.size() && is_word(i)) ++i;
    }
    return found;
  }

  // Whether a sentence with these says anything that any rule looks for.
  bool may_say(const Stems& stems) const {
    return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) { return rule.fits(stems); });
  }

  // stems: those that stand in the sentence.
  std::optional<Said> said(const std::string& sentence, const Stems& stems) const {
    for (const Rule& rule : rules_)
      if (rule.fits(stems) && rule.pattern.found_in(sentence)) return rule.said;
    return std::nullopt;
  }

 private:
  struct Rule {
    Said said;
    Stems stems, also;  // any of these has to stand in a sentence, and any of those
    Pattern pattern;
    bool fits(const Stems& there) const { return (stems & there).any() && (also.none() || (also & there).any()); }
  };

  // Capitals and small letters alike.
  static std::size_t pair_of(char a, char b) {
    return (static_cast<unsigned char>(a) & 31U) * 32U + (static_cast<unsigned char>(b) & 31U);
  }
  static char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }
  static bool begins(std::string_view text, std::string_view stem) {
    return text.size() >= stem.size() &&
           std::equal(stem.begin(), stem.end(), text.begin(), [](char a, char b) { return a == lower(b); });
  }

  std::vector<Rule> rules_;
  std::array<std::vector<std::pair<std::string, std::size_t>>, 32> stems_;  // by their first letter
  std::array<bool, 1024> begins_{};                                         // some stem begins so
  std::array<bool, 256> word_{};                                            // letters, digits and _
};

// "Applied, with the typo mended", "applied with minor changes": something else than was sent.
bool is_with_change(std::string_view sentence) {
  static const Pattern pattern(
      R"(\b(?:with|after|and)\b[^.;]{0,60}\b(?:mended|fix(?:ed|ing|es|up)?|chang(?:e|es|ed|ing)|edit(?:s|ed|ing)?|tweak(?:s|ed|ing)?|adjust(?:ed|ing|ments?)|modif(?:ied|ication|ications|ying)|amend(?:ed|ing|ments?)|typos?|reword(?:ed|ing)?|squash(?:ed|ing)?|remov(?:ed|ing)|updat(?:ed|ing)|correct(?:ed|ing|ions?)|clean(?:ed|ing|up)s?|rebas(?:ed|ing)|drop(?:ped|ping)|add(?:ed|ing|itions?)|minor|small)\b)");
  return pattern.found_in(sentence);
}

}  // namespace

std::vector<ReviewTag> review_tags(std::string_view text) {
  std::vector<ReviewTag> tags;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.size() < 8) continue;
    if (line.find("-by") != std::string_view::npos || line.find("-By") != std::string_view::npos ||
        line.find("-BY") != std::string_view::npos)
      add_tag(line, tags);
  }
  return tags;
}

std::string unquoted_words(std::string_view body) {
  std::string words;
  for (std::string_view rest = body; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (line == "-- " || line == "--" || line.starts_with("diff --git ") || line.starts_with("-- >8 --") ||
        line.starts_with("Index: ") || begins_original(line, rest))
      break;
    if (is_quoted(line)) continue;
    words.append(line).append("\n");
  }
  return words;
}

const char* said_name(Said said) {
  switch (said) {
    case Said::nothing:
      break;
    case Said::applied:
      return "applied";
    case Said::applied_changed:
      return "applied with a change";
    case Said::will_apply:
      return "will apply";
    case Said::taken_back:
      return "taken back";
    case Said::withdrawn:
      return "withdrawn";
    case Said::rejected:
      return "rejected";
    case Said::superseded:
      return "superseded";
  }
  return "";
}

Said said_of(std::string_view name) {
  for (const Said each : {Said::applied, Said::applied_changed, Said::will_apply, Said::taken_back, Said::withdrawn,
                          Said::rejected, Said::superseded})
    if (name == said_name(each)) return each;
  return Said::nothing;
}

namespace {

// Sentences, and short lines, each by itself: where each begins and ends.
template <class Each>
void each_sentence(std::string_view text, const Each& each) {
  constexpr std::size_t kShortLine = 40;
  static constexpr auto kMayEnd = [] {
    std::array<bool, 256> table{};
    for (const char c : {'\n', '.', '!', '?', ';'}) table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (i < text.size() && !kMayEnd[static_cast<unsigned char>(text[i])]) ++i;
    if (i == text.size()) break;
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    const bool is_line = text[i] == '\n';
    if (is_line ? next != '\n' && i - begin >= kShortLine : next != ' ' && next != '\n') continue;
    each(begin, is_line ? i : i + 1);
    begin = i + 1;
  }
  each(begin, text.size());
}

// "applied 1-3", "patches 2 and 4 applied"; all of them ("both merged", "these patches have been applied").
std::vector<int> parts_named(const std::string& sentence) {
  static const Pattern behind(
      R"(\b(?:applied|merged|pushed|queued|committed|picked up|pulled)[, ]+(?:only |just |the )?(?:patch(?:es)? |parts? )?((?:\#?\d+(?:/\d+)?(?:[,& ]|and|to|-|–|through)*)+)(?:[^.\d]|$|\.(?:\D|$)))");
  static const Pattern before(
      R"(\b(?:patch(?:es)?|parts?) ((?:\#?\d+(?:/\d+)?(?:[,& ]|and|to|-|–|through)*)+)(?:is |are |was |were |has been |have been |now )*(?:applied|merged|pushed|queued|committed|picked up)\b)");
  std::string found;
  std::vector<int> parts;
  if (behind.found_in(sentence, &found) || before.found_in(sentence, &found)) add_parts(found, parts);
  static const Pattern all(
      R"(\b(?:both|series|patch ?set|all (?:of )?(?:them|these|\w+ patches|patches|two|three|four|\d+)|(?:these|those|the|your) (?:\w+ )?patches)\b)");
  static const Pattern not_all(R"(\b(?:except|apart from|but not|other than|without)\b)");
  if (parts.empty() && all.found_in(sentence) && !not_all.found_in(sentence)) parts.push_back(kAllParts);
  return parts;
}

void add_commits(std::string_view text, std::vector<std::string>& commits) {
  constexpr std::size_t kMost = 100;
  static const Pattern id(R"(\b([0-9a-f]{7,40})\b)");
  for (std::string_view rest = text; commits.size() < kMost;) {
    std::string found;
    if (!id.find_next(rest, &found)) break;
    // A word of hexadecimal letters, or a date: no id.
    if (found.find_first_of("0123456789") != std::string::npos && found.find_first_of("abcdef") != std::string::npos)
      commits.push_back(found);
  }
}

}  // namespace

Statement statement_of(std::string_view words) {
  static const Statements statements;
  Statement statement;
  words = words.substr(0, kMostWords);
  const std::vector<Statements::Hit> hits = statements.hits(words);
  if (hits.empty()) return statement;
  auto hit = hits.begin();
  each_sentence(words, [&](std::size_t begin, std::size_t end) {
    Statements::Stems stems;
    for (; hit != hits.end() && hit->at < end; ++hit) stems.set(hit->stem);
    if (!statements.may_say(stems)) return;
    std::string sentence = to_lower(trim(words.substr(begin, end - begin)));
    std::replace(sentence.begin(), sentence.end(), '\n', ' ');
    const std::optional<Said> found = statements.said(sentence, stems);
    if (!found || *found == Said::nothing || sentence.ends_with('?')) return;
    const Said said = *found == Said::applied && is_with_change(sentence) ? Said::applied_changed : *found;
    // What was done outweighs what is announced beside it; what was taken back comes after.
    const bool is_first = statement.said == Said::nothing;
    const bool outweighs = statement.said == Said::will_apply && said != Said::will_apply;
    if (!is_first && !outweighs && said != Said::taken_back) return;
    statement.said = said;
    statement.parts = parts_named(sentence);
  });
  if (statement.said != Said::nothing) add_commits(to_lower(words), statement.commits);
  return statement;
}

}  // namespace resident::mail
