#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <model/queues/approvals.hpp>
#include <model/queues/by_label.hpp>
#include <model/queues/committers.hpp>
#include <model/queues/hold.hpp>
#include <model/queues/leaving.hpp>
#include <model/queues/merging.hpp>
#include <model/queues/quotes.hpp>
#include <model/queues/turn.hpp>

namespace resident {

// Walks through a thread, entry by entry.
class ReviewPolicy::Machine {
 public:
  Machine(const ReviewPolicy& policy, const OpenItem& item, const People& people, Timestamp as_of,
          const std::function<bool(std::int64_t)>& is_open)
      : ear_(*policy.ear_),
        policy_(policy),
        item_(item),
        people_(people),
        as_of_(as_of),
        is_open_(is_open),
        approvals_(policy.rules_, policy.approval_by_comment_, policy.habits_, item, people, state_),
        quotes_(item) {
    state_.begin(item);
    set(Turn::reviewer, item.opened_at, "nobody has reviewed it yet");
    if (item.is_own_document) {
      decision_.why = "its author wrote the document; an editor has to look";
    } else if (!item.owners.empty()) {
      set(Turn::reviewer, item.opened_at, fmt::format("waits for the document's authors: {}", names(item.owners)),
          item.owners);
    }
    hear_blockers(item.body, item.created_at);
    const Heard description = ear_.hear(item.body);
    hold_.describe(item, description);
    is_unfinished_ = description.speech.does(SpeechAct::unfinished);
    leaving_.said(item.created_at, description);
    if (const auto called = people_of(description.called_reviewers(), item.author);
        !called.empty() && decision_.people.empty())
      set(Turn::reviewer, item.opened_at, "the author asked " + names(called), called);
  }

  TurnDecision run() {
    for (const Entry& entry : item_.entries) {
      merging_.told(entry);
      if (entry.kind == EntryKind::requested || entry.kind == EntryKind::unrequested) {
        // By whomever: for CODEOWNERS the forge names the author as who asked, and bots assign reviewers.
        request(entry);
      } else if (entry.kind == EntryKind::dismissed) {
        dismissal(entry);
      } else if (entry.kind == EntryKind::copied) {
        state_.copied(entry);
      } else if (entry.kind == EntryKind::blocked) {
        hear_blockers("Depends on " + entry.label, entry.at);
      } else if (entry.kind == EntryKind::unlabeled) {
        // Whoever took the label off, robots as well.
        hold_.unlabeled(entry.label);
      } else if (entry.is_bot) {
        bot(entry);
      } else if (is_author(entry)) {
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
    objector_.reset();
    remark_by_.reset();
    waits_for_request_ = asked_by_author_ = false;
  }

  bool is_author(const Entry& entry) const { return item_.author == entry.person; }
  // Known to be somebody else's: commits often do not tell whose account pushed them.
  bool is_others(const Entry& entry) const { return entry.person != 0 && entry.person != item_.author; }

  std::string name(const Entry& entry) const { return people_.name(entry.person); }
  std::string names(const std::set<std::int64_t>& people) const { return names_of(people, people_); }
  void hear_blockers(const std::string& body, Timestamp at) {
    for (const auto number : ear_.blockers(body, item_.is_draft))
      if (number != item_.number && is_open_(number)) blocker_ = {number, at};
  }

  // "/lgtm cancel", "@bors r-": approvals in words stand no more, whoever takes them back.
  void take_back(const Entry& entry) {
    for (const std::int64_t person : in_words_) state_.forget(person);
    in_words_.clear();
    if (decision_.turn == Turn::committer && !approvals_.are_enough())
      set(Turn::reviewer, entry.at, fmt::format("{} took the approval back", name(entry)), reviewers_);
  }

  // The people among these logins, other than the author and the speaker.
  std::set<std::int64_t> people_of(const std::set<std::string>& logins, std::int64_t speaker) const {
    auto result = people_named(logins, people_);
    result.erase(item_.author);
    result.erase(speaker);
    return result;
  }

  void bot(const Entry& entry) {
    if (entry.kind == EntryKind::push && is_author(entry)) return push(entry);
    if (entry.kind == EntryKind::comment && ear_.is_call_for_rebase(entry.body)) call_for_rebase(entry);
  }

  void call_for_rebase(const Entry& entry) {
    set(Turn::author, entry.at, fmt::format("{} says that it needs a rebase", name(entry)));
    needs_rebase_ = true;
  }

  void author(const Entry& entry) {
    switch (entry.kind) {
      case EntryKind::push:
        push(entry);
        break;
      case EntryKind::ready:
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
    if (entry.is_base_merge && !needs_rebase_) {
      // No work on it: it answers nothing, and takes no approval back.
      state_.base_merged(entry);
      last_push_ = entry.at;
      return;
    }
    needs_rebase_ = false;
    if (is_author(entry)) leaving_.pushed();
    const bool answers_request = !state_.blocking(item_, false).empty();
    state_.pushed(entry);
    last_push_ = entry.at;
    is_objected_ = false;
    const bool is_answer = decision_.turn == Turn::author && decision_.since < entry.at && !item_.by_patch_sets;
    const bool is_overtaken = decision_.turn == Turn::committer && !approvals_.are_enough();
    if (is_answer || is_overtaken)
      hand_over(entry.at, fmt::format("{} pushed since the last review", is_others(entry) ? name(entry) : "the author"),
                answers_request ? approvals_.objectors() : std::set<std::int64_t>{});
    if (decision_.turn == Turn::committer && approvals_.are_enough()) decision_.why = approvals_.text();
  }

  void author_words(const Entry& entry) {
    const Heard heard = ear_.hear(entry.body);
    hear_blockers(entry.body, entry.at);
    hold_.said(entry, heard, true);
    leaving_.said(entry.at, heard);
    if (heard.takes_back) take_back(entry);
    if (heard.is_silent() && entry.kind != EntryKind::inline_comment) return;
    author_asked_ = author_asked_ || heard.has_question;
    // "Rebased, but I still need to …" keeps the turn, and so does what is announced, until it comes.
    if (heard.announces) {
      must_push_ = true;
      if (decision_.turn != Turn::author) set(Turn::author, entry.at, "");
      return void(decision_.why = "the author announced further work");
    }
    const bool by_name = heard.asked.empty() && (heard.has_question || heard.says_ready);
    const auto asked = people_of(by_name ? heard.speech.mentions : heard.asked, entry.person);
    if (!asked.empty() && (by_name || !heard.only_tells())) {
      hand_over(entry.at, "the author asked " + names(asked), asked);
      asked_by_author_ = decision_.turn == Turn::reviewer;
    } else if (decision_.turn == Turn::author && !must_push_) {
      hand_over(entry.at, "the author answered the last remarks");
    } else if (heard.says_ready && (decision_.turn == Turn::author || approvals_.standing() == 0)) {
      // After an approval there is nothing to hand back.
      hand_over(entry.at, "the author says that it is ready again");
    }
  }

  void hand_over(Timestamp at, std::string why, std::set<std::int64_t> who = {}) {
    must_push_ = false;
    const bool answers_request = !state_.blocking(item_, false).empty();
    state_.answer();
    if (who.empty() && approvals_.are_enough() && approvals_.objectors().empty()) {
      settle(at);
      return;
    }
    if (who.empty() && answers_request) who = approvals_.objectors();
    if (who.empty()) who = reviewers_;
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
        push(entry);
        break;
      case EntryKind::reopened:
        // What was decided before stands.
        if (!settle(entry.at)) set(Turn::reviewer, entry.at, "it was reopened");
        break;
      default:
        break;
    }
  }

  // Somebody is asked for a review, or is not asked any more.
  void request(const Entry& entry) {
    // A robot that is asked answers by itself.
    if (entry.subject && (entry.subject == item_.author || people_.bots.contains(entry.subject))) return;
    const bool is_person = entry.subject != 0;
    if (!is_person && entry.team.empty()) return;  // of an account that is gone
    if (entry.kind == EntryKind::unrequested) {
      const bool was_asked = state_.asked().contains(entry.subject) || state_.asked_teams().contains(entry.team);
      state_.unrequested(entry);
      if (was_asked && waits_for_request_) taken_back(entry);
      return;
    }
    state_.requested(entry);
    if (!is_person && entry.is_answered_team) return;
    // A robot asks by rule, and some ask anew with every comment: that is no word on what is to be done now.
    if (entry.is_bot && decision_.answered) return;
    const std::string whose = is_person ? people_.name(entry.subject) : "the team " + entry.team;
    must_push_ = false;
    set(Turn::reviewer, entry.at,
        is_author(entry) ? "the author asked for a review by " + whose
                         : fmt::format("a review by {} was requested", whose),
        state_.asked());
    waits_for_request_ = true;
  }

  void taken_back(const Entry& entry) {
    const std::string whose = entry.subject ? people_.name(entry.subject) : "the team " + entry.team;
    const std::string why = fmt::format("the request for a review by {} was taken back", whose);
    if (!settle(entry.at)) set(Turn::reviewer, entry.at, why, state_.asked().empty() ? reviewers_ : state_.asked());
    waits_for_request_ = !state_.asked().empty() || !state_.asked_teams().empty();
  }

  void review(const Entry& entry) {
    decision_.answered = true;
    reviewers_.insert(entry.person);
    state_.reviewed(entry.person);
    if (entry.state == "approved") {
      const Heard heard = ear_.hear(entry.body);
      in_words_.erase(entry.person);
      approve(entry);
      if (heard.sets_condition) set_condition(entry);
      hold_.approved(entry, heard);
    } else if (entry.state == "changes_requested") {
      state_.decide(entry.person, approvals_.decision_of(entry, Verdict::changes_requested));
      must_push_ = !item_.by_patch_sets || entry.is_official.value_or(true);
      set(Turn::author, entry.at, fmt::format("{} asked for changes", name(entry)));
      objector_ = entry.person;
    } else if (entry.state != "dismissed") {
      words_of_other(entry);
    }
  }

  // What the author has to do first; the approval itself, if it is one, stands.
  void set_condition(const Entry& entry) { remarked(entry, "approved it on a condition"); }
  void remarked(const Entry& entry, std::string_view what) {
    set(Turn::author, entry.at, fmt::format("{} {}", name(entry), what));
    remark_by_ = entry.person;
  }

  // A review was dismissed, or taken back by a push or by its own author.
  void dismissal(const Entry& entry) {
    const auto was = state_.dismiss(entry.subject, entry.key);
    if (!was) return;
    const std::string whose = people_.name(entry.subject);
    if (was->verdict == Verdict::approved) {
      if (decision_.turn != Turn::committer || approvals_.are_enough()) return;
      set(Turn::reviewer, entry.at, fmt::format("the approval by {} does not stand any more", whose), {entry.subject});
    } else if (decision_.turn == Turn::author && objector_ == entry.subject) {
      must_push_ = false;
      if (!settle(entry.at))
        set(Turn::reviewer, entry.at, fmt::format("the request for changes by {} was dismissed", whose), reviewers_);
    } else if (decision_.turn == Turn::reviewer) {
      settle(entry.at);
    }
  }

  void approve(const Entry& entry) {
    author_asked_ = false;
    const bool is_of_older = !entry.sha.empty() && !state_.is_of_head(approvals_.decision_of(entry, Verdict::approved));
    state_.decide(entry.person, approvals_.decision_of(entry, Verdict::approved));
    // Whoever remarks and then approves waits for no answer.
    if (decision_.turn == Turn::author && remark_by_ == entry.person)
      set(Turn::reviewer, entry.at, fmt::format("{} approved it", name(entry)), reviewers_);
    if (settle(entry.at)) return;
    if (decision_.turn != Turn::reviewer) return;
    decision_.why = is_of_older ? fmt::format("{} approved another commit than the newest", name(entry))
                                : approvals_.lacking_text(entry);
    if (!is_of_older) decision_.people.erase(entry.person);
  }

  // "ACK 0123abc" is for the commit that it names.
  void approve_in_words(const Entry& entry, const std::string& words) {
    Entry named = entry;
    if (const std::string commit = commit_after_ack(words); !commit.empty()) named.sha = commit;
    approve(named);
  }

  // What the standing decisions make of it, whatever was said; false: they leave it as it is.
  bool settle(Timestamp at) {
    if (const auto waiting = state_.blocking(item_, false); !waiting.empty()) {
      const std::int64_t person = waiting.front();
      if (decision_.turn != Turn::author)
        set(Turn::author, state_.decisions().at(person).at, fmt::format("{} asked for changes", people_.name(person)));
      objector_ = person;
      return true;
    }
    const bool is_enough = approvals_.are_enough();
    if (const auto again = approvals_.objectors(); !again.empty()) {
      // A remark that waits for the author comes first.
      if (decision_.turn == Turn::author && !is_enough) return false;
      const Timestamp since = decision_.turn == Turn::reviewer ? decision_.since : at;
      std::set<std::int64_t> who = decision_.turn == Turn::reviewer ? decision_.people : std::set<std::int64_t>{};
      std::erase_if(who, [&](std::int64_t person) { return state_.approval_of(person) != nullptr; });
      who.insert(again.begin(), again.end());
      set(Turn::reviewer, since, fmt::format("{} asked for changes and has not looked again", names(again)), who);
      return true;
    }
    if (!is_enough) return false;
    set(Turn::committer, at, approvals_.text());
    return true;
  }

  bool is_insider(const Entry& entry) const {
    return people_.maintainers.contains(entry.person) || people_.approvers.contains(entry.person) ||
           reviewers_.contains(entry.person) || approvals_.is_owner(entry.person) ||
           state_.asked().contains(entry.person);
  }

  void words_of_other(const Entry& entry) {
    const Heard heard = ear_.hear(entry.body);
    // "/retest", "@dependabot rebase": nothing is said to people.
    if (heard.is_silent() && !heard.speech.sentences.empty()) return;
    decision_.answered = decision_.answered || !heard.only_arranges();
    const bool has_say = is_insider(entry) || promised_.contains(entry.person);
    if (entry.kind == EntryKind::review || has_say) reviewers_.insert(entry.person);
    hold_.said(entry, heard, false);
    if (heard.takes_back) take_back(entry);
    if (heard.takes_back_own && state_.approval_of(entry.person) && !heard.approves) {
      state_.forget(entry.person);
      return remarked(entry, "took the approval back");
    }
    const bool is_conditional = policy_.approval_by_comment_ && has_say && heard.sets_condition;
    if (approves(entry, heard) || is_conditional) {
      if (is_conditional) set_condition(entry);
      return;
    }
    if (policy_.approval_by_comment_ && heard.objects) {
      state_.forget(entry.person);
      is_objected_ = true;
      return set(Turn::author, entry.at, fmt::format("{} objects", name(entry)));
    }
    hear_blockers(entry.body, entry.at);
    if (heard.calls_for_rebase) {
      must_push_ = true;
      return call_for_rebase(entry);
    }
    const bool names_author = people_named(heard.speech.mentions, people_).contains(item_.author);
    const bool names_others = !people_of(heard.asked, entry.person).empty() && !names_author;
    // A passer-by who asks for news asks whose turn it is.
    if (heard.nudges && !has_say && !names_author && !heard.names_successor && decision_.turn != Turn::author) return;
    if (heard.nudges && !names_others)
      return set(Turn::author, entry.at, fmt::format("{} asks whether it goes on", name(entry)));
    if (heard.promises) return promise(entry);
    if (answers_for_author(entry, heard, has_say)) {
      set(Turn::reviewer, entry.at, fmt::format("{} answered for the author", name(entry)), reviewers_);
      return void(settle(entry.at));
    }
    if (asks_others(entry, heard)) return;
    if (!gives_duty(entry, heard, has_say)) return;
    remarked(entry, "commented and the author has not answered");
  }

  // It takes nothing of what the author still has to push.
  void promise(const Entry& entry) {
    promised_.insert(entry.person);
    if (decision_.turn == Turn::author && must_push_) return;
    set(Turn::reviewer, entry.at, fmt::format("{} promised to look at it", name(entry)), {entry.person});
  }

  // By the project's word for it, or in other words by somebody who may approve.
  bool approves(const Entry& entry, const Heard& heard) {
    if (entry.kind == EntryKind::inline_comment) return false;
    if ((policy_.approval_by_comment_ || approvals_.is_owner(entry.person)) && heard.approves) {
      in_words_.insert(entry.person);
      approve_in_words(entry, heard.words);
      return true;
    }
    const bool may = people_.approvers.contains(entry.person) || approvals_.is_owner(entry.person);
    if (!may || !heard.consents || policy_.rules_.approval_in_words == "no") return false;
    Entry told = entry;
    // "r=cyd": the approval that it tells is theirs.
    if (const auto whose = people_of(heard.approves_for, entry.person); !whose.empty()) told.person = *whose.begin();
    in_words_.insert(told.person);
    approve(told);
    if (decision_.turn == Turn::committer) decision_.why += fmt::format(" ({} in words)", name(entry));
    return true;
  }

  bool asks_others(const Entry& entry, const Heard& heard) {
    auto asked = people_of(heard.asked, entry.person);
    const auto mentioned = people_of(heard.speech.mentions, entry.person);
    // Naming the document's authors asks them, in whatever words.
    const bool asks_owners =
        std::ranges::any_of(mentioned, [&](std::int64_t person) { return approvals_.is_owner(person); });
    if (asked.empty() && (heard.has_question || asks_owners)) asked = mentioned;
    if (people_named(heard.speech.mentions, people_).contains(item_.author)) return false;
    if (asked.empty() && !heard.asks_strangers(people_)) return false;
    const std::string whom = asked.empty() ? "somebody else" : names(asked);
    set(Turn::reviewer, entry.at, fmt::format("{} asked {}", name(entry), whom), asked.empty() ? reviewers_ : asked);
    return true;
  }

  // Whether it answers, by name, whose question made it the author's turn. A passer-by's is answered by the project, or
  // by anybody beside the line of code; anybody's by one of those whose approvals are enough.
  bool answers_for_author(const Entry& entry, const Heard& heard, bool has_say) const {
    if (decision_.turn != Turn::author || !remark_by_ || *remark_by_ == entry.person || heard.asks) return false;
    if (!people_named(heard.speech.mentions, people_).contains(*remark_by_)) return false;
    if (approvals_.are_enough() && state_.approval_of(entry.person) != nullptr) return true;
    const bool is_of_project = people_.maintainers.contains(*remark_by_) || people_.approvers.contains(*remark_by_);
    return !is_of_project && (has_say || entry.kind == EntryKind::inline_comment);
  }

  // Whether the author has to do or answer something.
  bool gives_duty(const Entry& entry, const Heard& heard, bool has_say) {
    // A review with nothing but its inline comments: those speak for it.
    if (heard.is_silent() && entry.kind == EntryKind::review) return false;
    if (heard.only_commands()) return heard.asks;
    if (heard.suggests_change && entry.kind == EntryKind::inline_comment) return true;
    const bool answers = author_asked_ && decision_.turn != Turn::author;
    if (has_say) author_asked_ = false;
    const bool accepts = heard.speech.does(SpeechAct::accept) && !heard.speech.does(SpeechAct::reservation);
    if (heard.agrees_to_idea || heard.holds || heard.releases || (accepts && !heard.asks)) return false;
    // What is left to the author or another pull request asks nothing; what answers somebody else is said to them.
    if (heard.leaves_it || (heard.is_for_later && heard.only_tells()) ||
        (quotes_.answers_another(entry) && !people_named(heard.speech.mentions, people_).contains(item_.author)))
      return false;
    // Who approved what stands now and then talks on, asking nothing, asks nothing of the author either.
    const StandingDecision* approval = state_.approval_of(entry.person);
    if (approval && state_.is_of_head(*approval) && !heard.asks && decision_.turn != Turn::author) return false;
    // What a document's authors have agreed to, others' opinions do not undo.
    const bool speaks_for_it = people_.maintainers.contains(entry.person) || approvals_.is_owner(entry.person);
    if (!speaks_for_it && (approvals_.is_approved_by_owner() || (item_.is_own_document && !heard.has_question)))
      return false;
    // A passer-by's idea or remark gives nobody a duty; what is asked of the author does.
    if (!has_say && entry.kind != EntryKind::review)
      return heard.has_question && !heard.only_suggests && !heard.speech.does(SpeechAct::open_question);
    // An answer to the author's question is none to the author, but after an objection it is about that.
    return !answers || is_objected_ || heard.asks || entry.kind == EntryKind::review;
  }

  // What holds whatever was said last.
  void finish() {
    if (item_.head_is_of_now) state_.head_is(item_.head_sha);
    std::set<std::int64_t> before;
    for (const auto& [person, decision] : state_.decisions()) {
      if (decision.verdict != Verdict::approved) continue;
      if (state_.is_of_head(decision)) {
        ++decision_.approvals;
      } else {
        ++decision_.stale_approvals;
        before.insert(person);
      }
    }
    // A commit with an old date, pushed after the approval: the approval names another one.
    if (decision_.turn == Turn::committer && !approvals_.are_enough())
      set(Turn::reviewer, decision_.since, fmt::format("{} approved another commit than the newest", names(before)),
          before);
    if (decision_.turn == Turn::reviewer && !before.empty()) after_approvals(before);
    if (decision_.turn == Turn::reviewer) {
      std::ranges::copy_if(state_.asked(), std::inserter(decision_.people, decision_.people.end()),
                           [&](std::int64_t person) { return !people_.bots.contains(person); });
      decision_.teams = state_.asked_teams();
      if (decision_.people.empty() && !approvals_.is_approved_by_owner()) decision_.people = item_.owners;
    }
    if (item_.ci == "failure" && item_.ci_at && decision_.turn != Turn::author && *item_.ci_at >= last_push_)
      set(Turn::author, *item_.ci_at, "CI fails: " + item_.ci_failed_text());
    if (item_.ci == "pending" && item_.ci_at && decision_.turn != Turn::author)
      set(Turn::ci, *item_.ci_at, "CI is running");
    turn_by_label(item_, policy_.rules_, approvals_, decision_,
                  [&](Turn turn, Timestamp since, std::string why) { set(turn, since, std::move(why)); });
    unfinished();
    merges_itself();
    if (item_.is_draft) draft();
    if (blocker_.number && is_open_(blocker_.number) && decision_.turn != Turn::author)
      set(Turn::nobody, blocker_.at, fmt::format("waits for #{}, which is open", blocker_.number));
    if (decision_.turn == Turn::committer) decision_.people = committers_of(item_, people_, reviewers_);
    if (decision_.turn == Turn::author && item_.author_is_bot) decision_.why += "; its author is a bot";
  }

  void merges_itself() {
    if (decision_.turn != Turn::committer) return;
    if (merging_.is_under_way(as_of_))
      set(Turn::nobody, std::max(decision_.since, merging_.since()), decision_.why + "; " + merging_.why());
    else
      decision_.why += merging_.remark();
  }

  void unfinished() {
    const bool is_done = decision_.turn == Turn::committer;
    if (is_done || (decision_.turn == Turn::reviewer && !decision_.answered))
      if (const auto wait = hold_.wait(item_, is_done, people_, state_))
        set(wait->turn, wait->at, wait->why, wait->people);
    // Forges keep what has such a title from being merged, whoever approved it.
    if (is_done && decision_.turn == Turn::committer && (ear_.is_held(item_.title) || ear_.is_unfinished(item_.title)))
      set(Turn::author, item_.opened_at, "its title says that it is not to be merged yet");
    if (const auto& leaving = leaving_.standing(); leaving && !approvals_.are_enough())
      return set(leaving->turn, leaving->at, leaving->why);
    if (decision_.turn != Turn::reviewer || (decision_.people.size() == 1 && decision_.since > item_.opened_at)) return;
    const bool is_titled = ear_.is_unfinished(item_.title) || ear_.is_held(item_.title);
    if (is_titled || (is_unfinished_ && !decision_.answered && last_push_ <= item_.created_at))
      set(Turn::author, item_.opened_at,
          fmt::format("its {} says that it is unfinished", is_titled ? "title" : "description"));
  }

  // Approvals of older commits, which do not count here: their authors are waited for.
  void after_approvals(const std::set<std::int64_t>& before) {
    if (decision_.since > last_push_ || !approvals_.objectors().empty() || waits_for_request_) return;
    const bool is_pushed_over =
        std::ranges::any_of(before, [&](std::int64_t person) { return state_.decisions().at(person).pushed_after; });
    decision_.why = is_pushed_over ? fmt::format("pushed after the approval by {}", names(before))
                                   : fmt::format("{} approved another commit than the newest", names(before));
    decision_.people = before;
    // An approval that does not count calls nobody back: it waits for those who reviewed.
    if (std::ranges::any_of(before, [&](std::int64_t person) { return state_.decisions().at(person).is_official; }))
      return;
    decision_.why += ", which alone is not enough";
    std::set<std::int64_t> others;
    std::ranges::set_difference(reviewers_, before, std::inserter(others, others.end()));
    if (!others.empty()) decision_.people = others;
  }

  void draft() {
    const Timestamp since = drafted_at(item_);
    if (blocker_.number && is_open_(blocker_.number)) {
      set(Turn::nobody, blocker_.at, fmt::format("a draft that waits for #{}, which is open", blocker_.number));
    } else if (decision_.turn == Turn::reviewer && decision_.since > since &&
               (waits_for_request_ || asked_by_author_)) {
      decision_.why = "a draft, but " + decision_.why;
    } else if (decision_.turn == Turn::reviewer && ear_.wants_opinions(own_words(item_.body))) {
      decision_.why = "a draft that asks for opinions; " + decision_.why;
    } else if (decision_.turn != Turn::author) {
      set(Turn::author, since, "it is a draft");
    }
  }

  const Ear& ear_;
  const ReviewPolicy& policy_;
  const OpenItem& item_;
  const People& people_;
  const Timestamp as_of_;
  const std::function<bool(std::int64_t)>& is_open_;
  TurnDecision decision_;
  ReviewState state_;
  const Approvals approvals_;
  Quotes quotes_;
  std::optional<std::int64_t> remark_by_;        // whose remark, unanswered, made it the author's turn
  std::optional<std::int64_t> objector_;         // whose request for changes made it the author's turn
  std::set<std::int64_t> reviewers_, promised_;  // promised_: to review it
  std::set<std::int64_t> in_words_;              // whose approval was given in words
  Blocker blocker_;                              // what it waits for
  Timestamp last_push_ = 0;
  bool needs_rebase_ = false;  // somebody said so, and nothing was pushed since
  bool must_push_ = false, is_unfinished_ = false, is_objected_ = false;  // by its description; since the last push
  Hold hold_;
  Leaving leaving_;
  Merging merging_;
  bool author_asked_ = false;       // the author's last words ask something, and nobody of the project has spoken since
  bool waits_for_request_ = false;  // the turn is somebody's because they were asked: by the forge's request, …
  bool asked_by_author_ = false;    // … or in the author's own words
};

TurnDecision ReviewPolicy::replay(const OpenItem& item, const People& people, Timestamp as_of,
                                  const std::function<bool(std::int64_t)>& is_open) const {
  return Machine(*this, item, people, as_of, is_open).run();
}

}  // namespace resident
