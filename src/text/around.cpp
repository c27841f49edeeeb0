#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <text/around.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestSentence = 60;  // words of a sentence that are looked at

template <std::size_t Size>
bool among(std::string_view word, const std::array<std::string_view, Size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_filler(std::string_view word) {
  static constexpr std::array<std::string_view, 38> kFillers{
      "ok",        "okay",    "yes",   "yeah",   "yep",    "no",    "and",    "so",      "but",   "also",
      "then",      "thanks",  "thank", "hi",     "hello",  "hey",   "maybe",  "perhaps", "just",  "well",
      "oh",        "ah",      "hmm",   "great",  "nice",   "sorry", "anyway", "now",     "again", "finally",
      "otherwise", "overall", "it's",  "that's", "please", "sure",  "cool",   "guess"};
  return word.starts_with('@') || among(word, kFillers);
}

// Of other languages too, where a word that is known ("LGTM") may stand beside it.
bool negates(std::string_view word) {
  static constexpr std::array<std::string_view, 21> kNegations{
      "not", "no",  "never", "without", "dont", "nothing", "cannot", "nicht", "kein", "keine", "noch",
      "nie", "pas", "non",   "niet",    "geen", "ikke",    "inte",   "не",    "нет",  "ещё"};
  return word.ends_with("n't") || among(word, kNegations);
}

// What is around a phrase in its sentence, and whether that takes its meaning away.
class Around {
 public:
  Around(const std::vector<Token>& tokens, std::size_t begin, std::size_t end, bool is_question)
      : tokens_(tokens), begin_(begin), end_(end), is_question_(is_question) {}

  bool takes_away(SpeechAct act) const {
    switch (act) {
      case SpeechAct::consent:
        return is_question_ || negated() || before(kNotYet) || (before(kWhen) && !before(kChecks)) ||
               (after(kOnlyWhen) && !after(kChecks) && !after(kObjections)) || is_anothers() || has_no_weight();
      case SpeechAct::consent_idea:
      case SpeechAct::ack:
      case SpeechAct::concept_ack:
      case SpeechAct::object:
        return is_question_ || negated();
      case SpeechAct::rebase:
        return negated() || before(kMaybe) || after(kMaybe) || (is_question_ && begins_with(kAsks));
      case SpeechAct::announce:
        return is_question_ || negated() || anywhere(kNotSo) || anywhere(kElsewhere);
      case SpeechAct::promise_review:
        return is_question_ || negated() || anywhere(kNotSo) || is_other_work();
      case SpeechAct::done:
        return is_question_ || negated() || before(kNotYet) || before(kWhen);
      case SpeechAct::hold:
        return is_question_ || (before(kPast) && !among(tokens_[begin_].word, kWish)) ||
               (tokens_[begin_].word == "on" && negated()) || (tokens_[begin_].word == "blocked" && negated()) ||
               before(kMaybe);
      case SpeechAct::release:
        return is_question_ || negated() || before(kNotYet) || before(kWhen) || before(kMaybe);
      case SpeechAct::nudge:
        return !is_question_ && !among(tokens_[begin_].word, kNudges);
      case SpeechAct::direct:
        return follows(kCourtesy);
      case SpeechAct::request:
        return negated() || after(kFine) || follows(kCourtesy);
      case SpeechAct::reservation:
        return after(kObjections);
      case SpeechAct::gives_up:
        return is_question_ || anywhere(kForNow) || anywhere(kWhen);
      case SpeechAct::take_back:
        return is_question_;
      case SpeechAct::unfinished:
        return is_question_ || (tokens_[begin_].word != "not" && negated());
      default:
        return false;
    }
  }

 private:
  static constexpr std::array<std::string_view, 26> kNotYet{
      "until", "unless", "does",   "do",      "otherwise", "rest",      "apart",  "except", "besides",
      "part",  "commit", "idea",   "concept", "approach",  "direction", "mostly", "almost", "nearly",
      "would", "will",   "should", "must",    "commits",   "before",    "till",   "whether"};
  static constexpr std::array<std::string_view, 4> kWhen{"if", "once", "when", "after"};
  // "I'll merge this on Monday unless somebody objects."
  static constexpr std::array<std::string_view, 6> kObjections{"object",    "objects",   "objections",
                                                               "objection", "complains", "complaints"};
  static constexpr std::array<std::string_view, 5> kWish{"should", "let's", "we'll", "please", "we"};
  static constexpr std::array<std::string_view, 9> kForNow{"today",   "week",      "weekend", "month", "now",
                                                           "tonight", "currently", "moment",  "yet"};
  static constexpr std::array<std::string_view, 18> kOnlyWhen{
      "but",    "except",    "however",  "once",    "after",  "if",           "when",   "apart",    "besides",
      "modulo", "otherwise", "assuming", "pending", "though", "conceptually", "unless", "although", "principle"};
  static constexpr std::array<std::string_view, 6> kChecks{"ci", "tests", "green", "passes", "pass", "builds"};
  static constexpr std::array<std::string_view, 16> kMaybe{"if",     "possibly", "might",  "may",  "whether", "case",
                                                           "after",  "before",   "when",   "once", "until",   "unless",
                                                           "silent", "would",    "future", "avoid"};
  static constexpr std::array<std::string_view, 6> kAsks{"does", "do", "is", "are", "why", "did"};
  static constexpr std::array<std::string_view, 12> kNotSo{"if",    "wait",  "waiting", "leave",  "defer", "unless",
                                                           "merge", "close", "whether", "assume", "let's", "unable"};
  // Of work that is announced: it will be done somewhere else.
  static constexpr std::array<std::string_view, 6> kElsewhere{"follow-up",  "followup", "separate",
                                                              "separately", "follow",   "another"};
  static constexpr std::array<std::string_view, 8> kNudges{"gentle", "friendly", "kind",     "soft",
                                                           "ping",   "bump",     "reminder", "any"};
  static constexpr std::array<std::string_view, 9> kPast{"was",    "were", "been", "why", "reason",
                                                         "longer", "we",   "they", "you"};
  static constexpr std::array<std::string_view, 14> kFine{"fine",       "ok",   "okay",      "good",  "enough",
                                                          "possible",   "easy", "addressed", "fixed", "resolved",
                                                          "sufficient", "done", "safe",      "great"};

  // "please note", "could you" of what the speaker tells rather than asks.
  static constexpr std::array<std::string_view, 17> kCourtesy{
      "note",    "ignore", "let",       "feel",  "see",  "correct", "excuse", "forgive", "bear",
      "imagine", "say",    "disregard", "don't", "dont", "do",      "not",    "never"};

  // "@cyd's LGTM", "we need an LGTM", "two LGTMs are missing": it is not there.
  bool is_anothers() const {
    static constexpr std::array<std::string_view, 6> kWants{"need", "needs", "awaiting", "missing", "pending", "wants"};
    static constexpr std::array<std::string_view, 3> kIs{"is", "are", "still"};
    static constexpr std::array<std::string_view, 4> kLacking{"missing", "needed", "required", "lacking"};
    if (begin_ > 0 && tokens_[begin_ - 1].word.starts_with('@') && tokens_[begin_ - 1].word.ends_with("'s"))
      return true;
    for (std::size_t back = 1; back <= 2 && back <= begin_; ++back)
      if (among(tokens_[begin_ - back].word, kWants)) return true;
    return end_ + 1 < tokens_.size() && among(tokens_[end_].word, kIs) && among(tokens_[end_ + 1].word, kLacking);
  }

  // "It's on my list to write the proposal": no review.
  bool is_other_work() const {
    static constexpr std::array<std::string_view, 6> kReview{"review", "test", "look", "retest", "re-review", "read"};
    return tokens_[begin_].word == "on" && end_ + 1 < tokens_.size() && tokens_[end_].word == "to" &&
           !among(tokens_[end_ + 1].word, kReview);
  }

  // "+1 (non-binding)" of Apache's votes; "+1 on what @cyd said" is for a remark.
  bool has_no_weight() const {
    static constexpr std::array<std::string_view, 3> kNonBinding{"non-binding", "nonbinding", "nonbinding-vote"};
    static constexpr std::array<std::string_view, 3> kOf{"on", "to", "for"};
    static constexpr std::array<std::string_view, 9> kIt{"this",    "it",      "merge", "merging", "landing",
                                                         "landing", "release", "me",    "the"};
    if (after(kNonBinding)) return true;
    return tokens_[begin_].word == "+1" && follows(kOf) &&
           !(end_ + 1 < tokens_.size() && among(tokens_[end_ + 1].word, kIt));
  }

  template <std::size_t Size>
  bool follows(const std::array<std::string_view, Size>& words) const {
    return end_ < tokens_.size() && among(tokens_[end_].word, words);
  }
  bool negated() const {
    for (std::size_t back = 1; back <= 3 && back <= begin_; ++back) {
      if (negates(tokens_[begin_ - back].word)) return true;
      if (tokens_[begin_ - back + 1].begins_clause) return false;
    }
    return false;
  }
  template <std::size_t Size>
  bool before(const std::array<std::string_view, Size>& words) const {
    return std::any_of(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(begin_),
                       [&](const Token& token) { return among(token.word, words); });
  }
  template <std::size_t Size>
  bool after(const std::array<std::string_view, Size>& words) const {
    return std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(end_), tokens_.end(),
                       [&](const Token& token) { return among(token.word, words); });
  }
  template <std::size_t Size>
  bool anywhere(const std::array<std::string_view, Size>& words) const {
    return before(words) || after(words);
  }
  template <std::size_t Size>
  bool begins_with(const std::array<std::string_view, Size>& words) const {
    return !tokens_.empty() && among(tokens_.front().word, words);
  }

  const std::vector<Token>& tokens_;
  std::size_t begin_, end_;
  bool is_question_;
};

}  // namespace

bool is_spoken_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  bool begins = true;
  for (std::size_t i = 0; i < text.size() && tokens.size() < kLongestSentence;) {
    const char c = text[i];
    // The @ of a mail address names nobody.
    const bool is_sign = (c == '@' || c == '#') && i + 1 < text.size() && is_spoken_byte(text[i + 1]) &&
                         (i == 0 || !is_spoken_byte(text[i - 1]));
    const bool is_plus = c == '+' && i + 1 < text.size() && text[i + 1] == '1';
    if (!is_spoken_byte(c) && !is_sign && !is_plus) {
      begins = begins || c == ',' || c == ';' || c == ':' || c == '(' || c == '.' || c == '!';
      ++i;
      continue;
    }
    std::string word;
    std::size_t end = i;
    while (end < text.size()) {
      const char next = text[end];
      if (text.substr(end, 3) == "’") {
        word += '\'';
        end += 3;
        continue;
      }
      const bool joins = (next == '\'' || next == '-') && end + 1 < text.size() && is_spoken_byte(text[end + 1]);
      if (!is_spoken_byte(next) && !joins && end != i && !(next == '+' && word == "r")) break;
      word += next;
      ++end;
    }
    i = std::max(end, i + 1);
    Token token{to_lower(word), begins};
    begins = begins && is_filler(token.word);
    tokens.push_back(std::move(token));
  }
  return tokens;
}

bool is_taken_away(SpeechAct act, const std::vector<Token>& tokens, std::size_t begin, std::size_t end,
                   bool is_question) {
  return Around(tokens, begin, end, is_question).takes_away(act);
}

}  // namespace resident
