#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <analyses/learnt.hpp>
#include <analyses/queues/turn.hpp>
#include <base/packed.hpp>
#include <base/text.hpp>
#include <map>

namespace resident {

const char* turn_name(Turn turn) {
  switch (turn) {
    case Turn::author:
      return "author";
    case Turn::reviewer:
      return "reviewer";
    case Turn::committer:
      return "committer";
    case Turn::ci:
      return "ci";
    case Turn::nobody:
      return "nobody";
  }
  return "?";
}

struct ReviewPolicy::Patterns {
  explicit Patterns(const ReviewRules& rules)
      : approval(rules.approval_pattern),
        partial(rules.partial_approval_pattern),
        objection(rules.objection_pattern),
        rebase(rules.rebase_pattern),
        keeps(rules.author_keeps_pattern),
        ready(rules.author_ready_pattern),
        blocked(rules.blocked_pattern),
        stacked(rules.stacked_pattern),
        work_in_progress(rules.work_in_progress_pattern),
        superseded(rules.superseded_pattern),
        ask(rules.ask_author_pattern) {}
  RE2 approval, partial, objection, rebase, keeps, ready, blocked, stacked, work_in_progress, superseded, ask;
  // A reviewer who promises a review keeps the turn.
  RE2 promise{
      R"((?i)\b(?:i(?:'ll| will| plan to| intend to| hope to)|will) (?:(?:have|take) a (?:closer |proper |quick )?look|review|look (?:at|into)|test|open (?:a|an)|prepare|follow up)\b)"};
  // Outweighs any sign of readiness.
  RE2 unfinished{R"((?i)\b(?:still (?:need|have) to|to-?do\b|not (?:yet )?ready|work in progress))"};
  RE2 reservation{R"((?i)\b(?:but|however|except|although|unless|one (?:question|nit|remark))\b|\?)"};
  RE2 feedback{
      R"((?i)\b(?:feedback|opinions?|thoughts|concept acks?|comments (?:are )?welcome|looking for|please (?:take a look|review)|rfc)\b)"};
  RE2 mention{R"((?:^|[^\w`/])@([A-Za-z0-9][A-Za-z0-9-]*))"};
};

// Walks through a thread, entry by entry.
class ReviewPolicy::Machine {
 public:
  Machine(const ReviewPolicy& policy, const OpenItem& item, const People& people,
          const std::function<bool(std::int64_t)>& is_open)
      : patterns_(*policy.patterns_), policy_(policy), item_(item), people_(people), is_open_(is_open) {
    set(Turn::reviewer, item.opened_at, "nobody has reviewed it yet");
    note_blocker(own_words(item.body), item.created_at);
  }

  TurnDecision run() {
    for (const Entry& entry : item_.entries) {
      if (entry.is_bot) {
        bot(entry);
      } else if (item_.by_author(entry)) {
        author(entry);
      } else {
        other(entry);
      }
    }
    finish();
    return decision_;
  }

 private:
  void set(Turn turn, Timestamp since, std::string why, std::set<std::int64_t> who = {}) {
    // The same turn for the same people goes on since it began.
    if (decision_.turn != turn || decision_.since == 0 || !who.empty()) decision_.since = since;
    decision_.turn = turn;
    decision_.why = std::move(why);
    decision_.people = std::move(who);
  }

  std::string name(const Entry& entry) const { return people_.name(entry.person); }

  void note_blocker(const std::string& words, Timestamp at) {
    std::string number;
    const bool found = RE2::PartialMatch(words, patterns_.blocked, &number) ||
                       (item_.is_draft && RE2::PartialMatch(words, patterns_.stacked, &number));
    if (!found) return;
    const std::int64_t blocker = std::strtoll(number.c_str(), nullptr, 10);
    if (blocker != item_.number) blocker_ = {blocker, at};
  }

  // People mentioned, other than the author and the speaker.
  std::set<std::int64_t> mentioned(const std::string& words, std::int64_t speaker) const {
    std::set<std::int64_t> result;
    re2::StringPiece rest(words);
    std::string login;
    while (RE2::FindAndConsume(&rest, patterns_.mention, &login)) {
      const auto found = people_.by_login.find(to_lower(login));
      if (found != people_.by_login.end() && found->second != item_.author && found->second != speaker)
        result.insert(found->second);
    }
    return result;
  }

  void bot(const Entry& entry) {
    if (entry.kind == EntryKind::comment && RE2::PartialMatch(own_words(entry.body), patterns_.rebase))
      set(Turn::author, entry.at, fmt::format("{} says that it needs a rebase", name(entry)));
  }

  void author(const Entry& entry) {
    switch (entry.kind) {
      case EntryKind::push:
        push(entry);
        break;
      case EntryKind::ready:
        keeps_at_ = 0;
        hand_over(entry.at, "the author marked it as ready for review");
        break;
      case EntryKind::comment:
      case EntryKind::inline_comment:
      case EntryKind::review:
        author_words(entry);
        break;
      default:
        break;
    }
  }

  void push(const Entry& entry) {
    for (auto& [person, approval] : approvals_) approval.stale = true;
    last_push_ = entry.at;
    const bool is_answer = decision_.turn == Turn::author && decision_.since < entry.at;
    if (is_answer || decision_.turn == Turn::committer) hand_over(entry.at, "the author pushed since the last review");
  }

  void author_words(const Entry& entry) {
    const std::string words = own_words(entry.body);
    note_blocker(words, entry.at);
    if (trim(words).empty() && entry.kind != EntryKind::inline_comment) return;
    const bool ready = RE2::PartialMatch(words, patterns_.ready);
    // "Rebased, but I still need to …" keeps the turn.
    if (RE2::PartialMatch(words, patterns_.unfinished) || (!ready && RE2::PartialMatch(words, patterns_.keeps))) {
      keeps_at_ = entry.at;
      if (decision_.turn == Turn::author) {
        decision_.why = "the author announced further work";
      } else {
        set(Turn::author, entry.at, "the author announced further work");
      }
      return;
    }
    const auto asked = mentioned(words, entry.person);
    if (!asked.empty() && (words.find('?') != std::string::npos || ready)) {
      hand_over(entry.at, "the author asked " + names(asked), asked);
    } else if (decision_.turn == Turn::author && !must_push_) {
      hand_over(entry.at, "the author answered the last remarks");
    } else if (ready) {
      hand_over(entry.at, "the author says that it is ready again");
    }
  }

  void hand_over(Timestamp at, std::string why, std::set<std::int64_t> who = {}) {
    must_push_ = false;
    if (who.empty() && !reviewers_.empty()) who = reviewers_;
    if (reviewers_.empty() && who.empty() && decision_.turn == Turn::reviewer) return;
    set(Turn::reviewer, at, std::move(why), std::move(who));
  }

  void other(const Entry& entry) {
    switch (entry.kind) {
      case EntryKind::review:
        review(entry);
        break;
      case EntryKind::comment:
      case EntryKind::inline_comment:
        words_of_other(entry);
        break;
      case EntryKind::push:
        if (!item_.by_author(entry)) push(entry);
        break;
      case EntryKind::requested:
        if (entry.subject && entry.subject != item_.author)
          set(Turn::reviewer, entry.at, "a review by " + people_.name(entry.subject) + " was requested",
              {entry.subject});
        break;
      case EntryKind::reopened:
        set(Turn::reviewer, entry.at, "it was reopened");
        break;
      default:
        break;
    }
  }

  void review(const Entry& entry) {
    decision_.answered = true;
    reviewers_.insert(entry.person);
    if (entry.state == "approved") {
      approve(entry);
    } else if (entry.state == "changes_requested") {
      approvals_.erase(entry.person);
      objections_[entry.person] = entry.at;
      must_push_ = true;
      set(Turn::author, entry.at, fmt::format("{} asked for changes", name(entry)));
    } else if (entry.state == "dismissed") {
      approvals_.erase(entry.person);
      objections_.erase(entry.person);
    } else {
      words_of_other(entry);
    }
  }

  struct Approval {
    Timestamp at = 0;
    bool stale = false;
  };

  void approve(const Entry& entry) {
    approvals_[entry.person] = {entry.at, false};
    objections_.erase(entry.person);
    const int standing = standing_approvals();
    const int required = policy_.rules_.required_approvals;
    if (standing >= required) {
      if (decision_.turn != Turn::author || decision_.people.empty())
        set(Turn::committer, entry.at,
            standing == 1 ? fmt::format("{} approved it", name(entry))
                          : fmt::format("{} approvals of what stands now", standing));
    } else if (decision_.turn == Turn::reviewer) {
      if (standing == 0) {
        decision_.why = fmt::format("approved by {}, which counts only beside somebody who merges", name(entry));
      } else if (counts_alone(entry.person)) {
        decision_.why = fmt::format("{} of {} approvals; the last by {}", standing, required, name(entry));
      }
      decision_.people.erase(entry.person);
    }
  }

  // An approval by somebody who never merges counts only beside one who does.
  int standing_approvals() const {
    int count = 0;
    for (const auto& [person, approval] : approvals_)
      if (!approval.stale && counts_alone(person)) ++count;
    return count;
  }

  bool counts_alone(std::int64_t person) const {
    return people_.approvers.empty() || people_.approvers.contains(person) || !policy_.approval_by_comment_;
  }

  void words_of_other(const Entry& entry) {
    decision_.answered = true;
    const std::string words = own_words(entry.body);
    const bool is_insider = people_.maintainers.contains(entry.person) || reviewers_.contains(entry.person);
    if (entry.kind != EntryKind::comment || is_insider) reviewers_.insert(entry.person);
    if (policy_.approval_by_comment_ && entry.kind != EntryKind::inline_comment && policy_.is_approval(words))
      return approve(entry);
    if (policy_.approval_by_comment_ && RE2::PartialMatch(words, patterns_.objection)) {
      approvals_.erase(entry.person);
      return set(Turn::author, entry.at, fmt::format("{} objects", name(entry)));
    }
    note_blocker(words, entry.at);
    if (RE2::PartialMatch(words, patterns_.rebase)) {
      must_push_ = true;
      return set(Turn::author, entry.at, fmt::format("{} says that it needs a rebase", name(entry)));
    }
    if (RE2::PartialMatch(words, patterns_.superseded) || RE2::PartialMatch(words, patterns_.ask))
      return set(Turn::author, entry.at, fmt::format("{} asks whether it goes on", name(entry)));
    const auto asked = mentioned(words, entry.person);
    if (RE2::PartialMatch(words, patterns_.promise))
      return set(Turn::reviewer, entry.at, fmt::format("{} promised to look at it", name(entry)), {entry.person});
    const bool has_question = words.find('?') != std::string::npos;
    if (!asked.empty() && has_question && words.find("@" + people_.name(item_.author)) == std::string::npos)
      return set(Turn::reviewer, entry.at, fmt::format("{} asked {}", name(entry), names(asked)), asked);
    const bool partial = policy_.approval_by_comment_ && RE2::PartialMatch(words, patterns_.partial);
    if (partial && !RE2::PartialMatch(words, patterns_.reservation)) return;
    // A review with nothing but its inline comments: those speak for it.
    if (trim(words).empty() && entry.kind == EntryKind::review) return;
    // Who approved what stands now and then talks on, asking nothing, asks nothing of the author either.
    const auto approval = approvals_.find(entry.person);
    if (approval != approvals_.end() && !approval->second.stale && !has_question && decision_.turn != Turn::author)
      return;
    // A passer-by's remark that asks nothing does not give the author a duty.
    if (!is_insider && entry.kind == EntryKind::comment && !has_question) return;
    set(Turn::author, entry.at, fmt::format("{} commented and the author has not answered", name(entry)));
  }

  std::string names(const std::set<std::int64_t>& people) const {
    std::string result;
    for (const auto person : people) result += (result.empty() ? "" : ", ") + people_.name(person);
    return result;
  }

  // What holds whatever was said last.
  void finish() {
    for (const auto& [person, approval] : approvals_)
      ++(approval.stale ? decision_.stale_approvals : decision_.approvals);
    if (decision_.turn == Turn::reviewer && decision_.stale_approvals > 0 && last_push_ > 0) {
      std::set<std::int64_t> before;
      for (const auto& [person, approval] : approvals_)
        if (approval.stale) before.insert(person);
      if (decision_.since <= last_push_) {
        decision_.why = fmt::format("pushed after the approval by {}", names(before));
        decision_.people = before;
        // An approval that does not count calls nobody back: it waits for those who reviewed.
        if (std::ranges::none_of(before, [&](std::int64_t person) { return counts_alone(person); })) {
          decision_.why += ", which counts only beside somebody who merges";
          std::set<std::int64_t> others;
          std::ranges::set_difference(reviewers_, before, std::inserter(others, others.end()));
          if (!others.empty()) decision_.people = others;
        }
      }
    }
    if (item_.ci == "failure" && item_.ci_at && decision_.turn != Turn::author && *item_.ci_at >= last_push_)
      set(Turn::author, *item_.ci_at, "CI fails: " + item_.ci_failed);
    if (item_.ci == "pending" && item_.ci_at && decision_.turn != Turn::author)
      set(Turn::ci, *item_.ci_at, "CI is running");
    by_label();
    if (RE2::PartialMatch(item_.title, patterns_.work_in_progress) && decision_.turn == Turn::reviewer &&
        decision_.people.size() != 1)
      set(Turn::author, item_.opened_at, "its title says that it is unfinished");
    if (item_.is_draft) draft();
    if (blocker_.number && is_open_(blocker_.number) && decision_.turn != Turn::author)
      set(Turn::nobody, blocker_.at, fmt::format("waits for #{}, which is open", blocker_.number));
  }

  void draft() {
    Timestamp since = item_.opened_at;
    for (const Entry& entry : item_.entries)
      if (entry.kind == EntryKind::draft) since = entry.at;
    if (blocker_.number && is_open_(blocker_.number)) {
      set(Turn::nobody, blocker_.at, fmt::format("a draft that waits for #{}, which is open", blocker_.number));
    } else if (decision_.turn == Turn::reviewer && !decision_.people.empty() && decision_.since > since) {
      decision_.why = "a draft, but " + decision_.why;
    } else if (decision_.turn == Turn::reviewer && RE2::PartialMatch(own_words(item_.body), patterns_.feedback)) {
      decision_.why = "a draft that asks for opinions; " + decision_.why;
    } else if (decision_.turn != Turn::author) {
      set(Turn::author, since, "it is a draft");
    }
  }

  void by_label() {
    const ReviewRules& rules = policy_.rules_;
    const std::pair<const std::vector<std::string>*, Turn> lists[] = {{&rules.author_labels, Turn::author},
                                                                      {&rules.reviewer_labels, Turn::reviewer},
                                                                      {&rules.committer_labels, Turn::committer},
                                                                      {&rules.blocked_labels, Turn::nobody}};
    for (const auto& [labels, turn] : lists) {
      for (const auto& label : *labels) {
        if (!item_.labels.contains(label)) continue;
        Timestamp since = item_.opened_at;
        for (const Entry& entry : item_.entries)
          if (entry.kind == EntryKind::labeled && entry.label == label) since = entry.at;
        // What was said or pushed after the label was set may have overtaken it.
        if (decision_.turn == turn || (decision_.since > since && turn != Turn::nobody)) continue;
        set(turn, since, fmt::format("labelled “{}”", label));
      }
    }
  }

  struct Blocker {
    std::int64_t number = 0;
    Timestamp at = 0;
  };

  const Patterns& patterns_;
  const ReviewPolicy& policy_;
  const OpenItem& item_;
  const People& people_;
  const std::function<bool(std::int64_t)>& is_open_;
  TurnDecision decision_;
  std::map<std::int64_t, Approval> approvals_;
  std::map<std::int64_t, Timestamp> objections_;
  std::set<std::int64_t> reviewers_;
  Blocker blocker_;
  Timestamp last_push_ = 0, keeps_at_ = 0;
  bool must_push_ = false;
};

ReviewPolicy::ReviewPolicy(const ReviewRules& rules, bool approval_by_comment)
    : rules_(rules), approval_by_comment_(approval_by_comment), patterns_(std::make_unique<Patterns>(rules)) {}

ReviewPolicy::~ReviewPolicy() = default;

bool ReviewPolicy::is_approval(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), patterns_->approval);
}

TurnDecision ReviewPolicy::decide(const OpenItem& item, const People& people, Timestamp as_of,
                                  const std::function<bool(std::int64_t)>& is_open) const {
  TurnDecision decision = Machine(*this, item, people, is_open).run();
  decision.since = std::min(decision.since, as_of);
  return decision;
}

namespace {

bool count_approving_comments(const Context& context, std::int64_t pulls) {
  const auto approved = context.database.integer(
      // The + keeps SQLite from looking up the comments of each pull request.
      "SELECT count(DISTINCT c.item_id) FROM comment c JOIN item i ON i.project_id = c.project_id AND i.item_id = "
      "+c.item_id "
      "WHERE c.project_id = :project AND i.kind = 'pull' AND c.created_at <= :as_of AND c.kind = 'conversation' "
      "AND (c.body LIKE 'ACK%' OR c.body LIKE 'utACK%' OR c.body LIKE 'tACK%' OR c.body LIKE 're-ACK%' OR c.body LIKE "
      "'reACK%')",
      context.parameters());
  return approved.value_or(0) * 10 >= pulls;
}

}  // namespace

bool approves_by_comment(const Context& context) {
  const std::string& mode = context.config.review.approval_by_comment;
  if (mode == "yes") return true;
  if (mode == "no") return false;
  constexpr std::string_view kPulls = "item WHERE project_id = :project AND kind = 'pull' AND created_at";
  const std::int64_t pulls = count_when_learning(context, kPulls);
  if (pulls == 0) {
    // A project that is younger than the week.
    const auto young =
        context.database.integer(fmt::format("SELECT count(*) FROM {} <= :as_of", kPulls), context.parameters());
    return young.value_or(0) > 0 && count_approving_comments(context, *young);
  }
  const std::string basis =
      fmt::format("1: {} pulls, {} comments by {}", pulls,
                  count_when_learning(context, "comment WHERE project_id = :project AND created_at"),
                  format_date(learning_moment(context.as_of)));
  return kept_or_made(
      context, "approvals", basis,
      [](std::string_view bytes) {
        Unpacker unpacker(bytes);
        const bool kept = unpacker.whole() != 0;
        unpacker.finish();
        return kept;
      },
      [&] { return count_approving_comments(when_learning(context), pulls); },
      [](bool made) {
        Packer packer;
        packer.whole(made ? 1 : 0);
        return packer.take();
      });
}

}  // namespace resident
