#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <model/queues/owed.hpp>
#include <model/queues/quotes.hpp>

namespace resident {

namespace {

constexpr Timestamp kOneReview = kHour;                  // remarks of one person within it are one review
constexpr std::string_view kOurMark = "<!-- resident:";  // in comments that this program sent

bool is_words(const Entry& entry) {
  return entry.kind == EntryKind::comment || entry.kind == EntryKind::inline_comment || entry.kind == EntryKind::review;
}

// What an author does about a remark.
bool is_act(EntryKind kind) {
  return kind == EntryKind::push || kind == EntryKind::ready || kind == EntryKind::draft ||
         kind == EntryKind::reopened || kind == EntryKind::requested;
}

// "I'll do it once that is in": not owed before.
bool is_conditional(const std::string& text) {
  const std::string words = to_lower(text);
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{" once ", " when ", " after ", " until ", " as soon "},
      [&](std::string_view word) { return words.find(word) != std::string::npos; });
}

// "Yes, please." asks for what stands in another post.
bool is_whole(const Sentence& sentence) {
  return std::count(sentence.text.begin(), sentence.text.end(), ' ') >= 2 || sentence.does(SpeechAct::rebase) ||
         sentence.does(SpeechAct::nudge);
}

class Finder {
 public:
  Finder(const OpenItem& item, const People& people, Timestamp as_of)
      : item_(item), people_(people), as_of_(as_of), quotes_(item) {}

  std::optional<Owed> find() {
    const auto& entries = item_.entries;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const bool acts =
          !entries[i].is_bot && item_.by_author(entries[i]) &&
          ((is_words(entries[i]) && !speaks_only_to_machines(entries[i].body)) || is_act(entries[i].kind));
      // Whoever pushed, what stands is not what was spoken of.
      if (acts || entries[i].kind == EntryKind::push || entries[i].kind == EntryKind::reopened) begin = i + 1;
    }
    if (begin > 0) announced(begin - 1);
    for (std::size_t i = begin; i < entries.size(); ++i) take(i);
    return owed_;
  }

 private:
  // The author's last act, where it announces more.
  void announced(std::size_t at) {
    const Entry& entry = item_.entries[at];
    if (!is_words(entry) || !item_.by_author(entry) || is_edited(entry)) return;
    const Speech speech = understand(entry.body);
    if (speech.does(SpeechAct::done) || speech.does(SpeechAct::question)) return;
    // What came just before may be what is told of.
    for (std::size_t i = at; i-- > 0 && entry.at - item_.entries[i].at < kDay;)
      if (item_.entries[i].kind == EntryKind::push) return;
    const Sentence* sentence = speech.first(SpeechAct::announce);
    if (sentence && !is_conditional(sentence->text)) owed_ = made(Owed::Kind::announced, at, sentence->text);
  }

  Owed made(Owed::Kind kind, std::size_t at, std::string words) const {
    Owed owed;
    owed.kind = kind;
    owed.entry = at;
    owed.at = item_.entries[at].at;
    owed.by = item_.entries[at].person;
    owed.words = std::move(words);
    return owed;
  }

  void take(std::size_t at) {
    const Entry& entry = item_.entries[at];
    if (entry.kind == EntryKind::dismissed) {
      if (owed_ && owed_->kind == Owed::Kind::changes && entry.subject == owed_->by) owed_.reset();
      return;
    }
    // A label taken off, a review asked for, a draft made by somebody else: how it stands has changed.
    if (entry.kind == EntryKind::requested || entry.kind == EntryKind::ready || entry.kind == EntryKind::draft ||
        (entry.kind == EntryKind::unlabeled && owed_ && owed_->by_bot))
      return owed_.reset();
    if (!is_words(entry)) return;
    if (entry.is_bot) return bot(at);
    if (entry.body.find(kOurMark) != std::string::npos) {
      if (owed_) owed_->asked_by_us = true;
      return;
    }
    is_insider(entry) ? insider(at) : outsider(entry);
  }

  void bot(std::size_t at) {
    const Entry& entry = item_.entries[at];
    if (entry.kind != EntryKind::comment || owed_ || !item_.is_pull || is_edited(entry) ||
        !bot_asks_for_rebase(entry.body))
      return;
    owed_ = made(Owed::Kind::rebase, at, "");
    owed_->by_bot = true;
  }

  void outsider(const Entry& entry) {
    // Somebody else may have answered for the author.
    if (owed_ && owed_->kind == Owed::Kind::question && !understand(entry.body).is_silent()) owed_.reset();
    speaker_before_ = entry.person;
  }

  void insider(std::size_t at) {
    const Entry& entry = item_.entries[at];
    const Speech speech = understand(entry.body);
    const std::int64_t before = speaker_before_;
    speaker_before_ = entry.person;
    if (entry.kind == EntryKind::review && entry.state == "changes_requested") {
      const Sentence* sentence = speaks_to_others(entry, speech, before) ? nullptr : asking(entry, speech);
      owed_ = made(Owed::Kind::changes, at, sentence ? sentence->text : "");
      return;
    }
    const bool is_own = owed_ && owed_->by == entry.person && owed_->kind != Owed::Kind::announced;
    if (entry.state == "approved") {
      if (is_own || (owed_ && owed_->kind == Owed::Kind::announced)) owed_.reset();
      return;
    }
    if (speech.is_silent()) return;
    if (const auto asked = asks_author(entry, speech, before)) {
      // Of one review the request for changes speaks, else its first words.
      if (is_own && entry.at - owed_->at < kOneReview && owed_->kind != Owed::Kind::rebase) return;
      owed_ = made(*asked, at, asking(entry, speech)->text);
      return;
    }
    if (owed_) overtaken(entry, speech, is_own);
  }

  // Whether a remark of somebody of the project that asks the author nothing leaves standing what was asked.
  void overtaken(const Entry& entry, const Speech& speech, bool is_own) {
    if (is_own && entry.at - owed_->at < kOneReview && entry.kind != EntryKind::comment) return;
    if (!is_own && (speech.consents() || speech.does(SpeechAct::ack))) return;
    if (!is_own && (owed_->kind == Owed::Kind::changes || owed_->kind == Owed::Kind::rebase) && !speech.asks() &&
        !speech.does(SpeechAct::hold) && !speech.does(SpeechAct::withdraw) && !speech.does(SpeechAct::release))
      return;
    owed_.reset();
  }

  std::optional<Owed::Kind> asks_author(const Entry& entry, const Speech& speech, std::int64_t before) {
    if (is_edited(entry) || speaks_to_others(entry, speech, before)) return std::nullopt;
    const Sentence* sentence = asking(entry, speech);
    if (!sentence) return std::nullopt;
    if (sentence->does(SpeechAct::rebase)) return Owed::Kind::rebase;
    if (sentence->does(SpeechAct::nudge)) return Owed::Kind::nudge;
    return Owed::Kind::question;
  }

  // The sentence that asks the author; null: none does.
  const Sentence* asking(const Entry& entry, const Speech& speech) const {
    const bool names_author = names(speech.mentions, item_.author);
    const bool is_of_change = entry.kind != EntryKind::comment;
    if (speech.does(SpeechAct::hold) || speech.does(SpeechAct::withdraw)) return nullptr;
    const Sentence* found = nullptr;
    for (const Sentence& sentence : speech.sentences) {
      if (sentence.does(SpeechAct::consent) || sentence.does(SpeechAct::withdraw) ||
          sentence.does(SpeechAct::promise_review) || sentence.does(SpeechAct::announce))
        continue;
      if (sentence.does(SpeechAct::rebase) && item_.is_pull) return &sentence;
      const bool is_question = sentence.does(SpeechAct::question) && !sentence.does(SpeechAct::open_question);
      const bool asks = (sentence.does(SpeechAct::direct) && !sentence.does(SpeechAct::open_question)) ||
                        (is_question && (sentence.does(SpeechAct::asks_you) || is_of_change || names_author)) ||
                        (sentence.does(SpeechAct::nudge) && (sentence.does(SpeechAct::you) || names_author));
      if (asks && !found && is_whole(sentence)) found = &sentence;
    }
    return found;
  }

  bool names(const std::set<std::string>& logins, std::int64_t person) const {
    return std::any_of(logins.begin(), logins.end(), [&](const std::string& login) {
      const auto found = people_.by_login.find(login);
      return found != people_.by_login.end() && found->second == person;
    });
  }

  // Whether it may be said to somebody other than the author.
  bool speaks_to_others(const Entry& entry, const Speech& speech, std::int64_t before) {
    const bool names_author = names(speech.mentions, item_.author);
    const auto asked = speech.asked();
    if (!asked.empty() && !names(asked, item_.author)) return true;
    for (const Sentence& sentence : speech.sentences)
      if (sentence.addresses_alone && !names(sentence.to, item_.author)) return true;
    if (!speech.mentions.empty() && !names_author) return true;
    if (const std::int64_t quoted = quotes_.quoted_by(entry); quoted != 0) return quoted != item_.author;
    if (names_author) return false;
    if (entry.kind == EntryKind::inline_comment) return answers_others(entry);
    if (entry.kind == EntryKind::review) return false;
    return before != 0 && before != item_.author && before != entry.person;
  }

  // Whether the remark on the code answers one that somebody else made.
  bool answers_others(const Entry& entry) const {
    const Entry* last = nullptr;
    for (const Entry& other : item_.entries) {
      if (&other == &entry) break;
      if (other.kind == EntryKind::inline_comment && !entry.thread.empty() && other.thread == entry.thread)
        last = &other;
    }
    return last && last->person != item_.author && last->person != entry.person;
  }

  bool is_insider(const Entry& entry) const {
    return people_.maintainers.contains(entry.person) || people_.approvers.contains(entry.person) ||
           item_.requested_reviewers.contains(entry.person);
  }
  bool is_edited(const Entry& entry) const { return entry.edited_at > as_of_; }

  const OpenItem& item_;
  const People& people_;
  Timestamp as_of_;
  std::optional<Owed> owed_;
  Quotes quotes_;
  std::int64_t speaker_before_ = 0;  // of the last post of somebody else since the author's last act
};

}  // namespace

std::string owed_text(const Owed& owed, const People& people) {
  const std::string who = people.name(owed.by), day = format_date(owed.at);
  const std::string words = owed.words.empty() ? "" : fmt::format(": “{}”", one_line(owed.words));
  switch (owed.kind) {
    case Owed::Kind::changes:
      return fmt::format("{} asked for changes on {}{}", who, day, words);
    case Owed::Kind::rebase:
      return fmt::format("{} asked for a rebase on {}{}", who, day, words);
    case Owed::Kind::nudge:
      return fmt::format("{} asked on {} whether it goes on{}", who, day, words);
    case Owed::Kind::question:
      return fmt::format("{} asked on {}{}", who, day, words);
    case Owed::Kind::announced:
      return fmt::format("announced by the author on {}{}", day, words);
  }
  return {};
}

std::optional<Owed> owed_by_author(const OpenItem& item, const People& people, Timestamp as_of) {
  if (item.author == 0 || item.author_is_bot || item.is_locked) return std::nullopt;
  return Finder(item, people, as_of).find();
}

}  // namespace resident
