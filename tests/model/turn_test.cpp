#include <gtest/gtest.h>

#include <model/queues/turn.hpp>

namespace resident {
namespace {

constexpr std::int64_t kAuthor = 1, kAda = 2, kBea = 3, kOutsider = 4, kBot = 5;
constexpr Timestamp kStart = 1700000000;

// A thread in a few words: what happened, hour by hour.
class Thread {
 public:
  Thread() {
    item_.number = 10;
    item_.is_pull = true;
    item_.title = "Change something";
    item_.author = kAuthor;
    item_.created_at = item_.opened_at = kStart;
    people_.names = {{kAuthor, "author"}, {kAda, "ada"}, {kBea, "bea"}, {kOutsider, "outsider"}, {kBot, "bot"}};
    for (const auto& [id, name] : people_.names) people_.by_login[name] = id;
    people_.maintainers = people_.approvers = {kAda, kBea};
    people_.bots = {kBot};
  }
  Thread& add(EntryKind kind, std::int64_t person, std::string body = {}, std::string state = {}) {
    Entry entry;
    entry.at = kStart + kHour * static_cast<Timestamp>(item_.entries.size() + 1);
    entry.kind = kind;
    entry.person = person;
    entry.is_bot = person == kBot;
    entry.body = std::move(body);
    entry.state = std::move(state);
    item_.entries.push_back(std::move(entry));
    return *this;
  }
  Thread& says(std::int64_t person, const char* text) { return add(EntryKind::comment, person, text); }
  Thread& reviews(std::int64_t person, const char* state, const char* text = "") {
    return add(EntryKind::review, person, text, state);
  }
  Thread& pushes() { return add(EntryKind::push, kAuthor); }
  Thread& labelled(const char* label) {
    item_.labels.insert(label);
    add(EntryKind::labeled, kAda);
    item_.entries.back().label = label;
    return *this;
  }
  // "Update branch": the base alone is merged in.
  Thread& merges_base() {
    pushes();
    item_.entries.back().is_base_merge = true;
    return *this;
  }
  Thread& merges_itself(const char* by = "") {
    add(EntryKind::merges_itself, kAda);
    item_.entries.back().label = by;
    return *this;
  }
  Thread& merges_not(const char* by = "") {
    add(EntryKind::merges_not, kAda);
    item_.entries.back().label = by;
    return *this;
  }
  Thread& asks_review_of(std::int64_t reviewer) {
    add(EntryKind::requested, kAda);
    item_.entries.back().subject = reviewer;
    return *this;
  }
  OpenItem& item() { return item_; }
  People& people() { return people_; }
  ApprovalHabits& habits() { return habits_; }
  TurnDecision turn(bool by_comment = false, int required = 1, const char* push_dismisses = "auto",
                    Timestamp as_of = kStart + 1000 * kDay) const {
    ReviewRules rules;
    rules.push_dismisses_approvals = push_dismisses;
    rules.required_approvals = required;
    rules.author_labels = {"awaiting changes"};
    rules.blocked_labels = {"blocked"};
    ReferenceRules references;
    references.set_address("https://github.com/o/r");
    return ReviewPolicy(rules, by_comment, references, habits_).decide(item_, people_, as_of, [](std::int64_t number) {
      return number == 99;
    });
  }

 private:
  OpenItem item_;
  People people_;
  ApprovalHabits habits_;
};

TEST(Turn, ANewPullRequestWaitsForAReviewer) {
  const auto decision = Thread().turn();
  EXPECT_EQ(decision.turn, Turn::reviewer);
  EXPECT_EQ(decision.since, kStart);
  EXPECT_FALSE(decision.answered);
}

TEST(Turn, WhoApprovedAndTalksOnDoesNotTakeTheTurnBack) {
  EXPECT_EQ(Thread()
                .says(kAda, "ACK")
                .says(kBea, "utACK")
                .says(kAuthor, "Is that C++?")
                .says(kBea, "No, C.")
                .turn(true, 2)
                .turn,
            Turn::committer);
  EXPECT_EQ(Thread().says(kAda, "ACK").says(kBea, "utACK").says(kBea, "Could you also rename it?").turn(true, 2).turn,
            Turn::author);
  EXPECT_EQ(Thread().says(kAda, "ACK").pushes().says(kAda, "This breaks the build.").turn(true, 2).turn, Turn::author);
}

TEST(Turn, ChangesRequestedWaitForAPush) {
  Thread thread;
  thread.reviews(kAda, "changes_requested", "Please rename it.");
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.says(kAuthor, "Why?");
  EXPECT_EQ(thread.turn().turn, Turn::author) << "a question is no change";
  thread.pushes();
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  EXPECT_TRUE(thread.turn().people.contains(kAda));
}

TEST(Turn, ApprovalsMakeItTheCommitters) {
  Thread thread;
  thread.reviews(kAda, "approved");
  EXPECT_EQ(thread.turn().turn, Turn::committer);
  EXPECT_EQ(thread.turn(false, 2).turn, Turn::reviewer);
  thread.reviews(kBea, "approved");
  EXPECT_EQ(thread.turn(false, 2).turn, Turn::committer);
}

TEST(Turn, APushMakesApprovalsStale) {
  const auto decision = Thread().reviews(kAda, "approved").pushes().turn();
  EXPECT_EQ(decision.turn, Turn::reviewer);
  EXPECT_EQ(decision.approvals, 0);
  EXPECT_EQ(decision.stale_approvals, 1);
  EXPECT_TRUE(decision.people.contains(kAda));
}

TEST(Turn, AMergeOfTheBaseIsNoWork) {
  EXPECT_EQ(Thread().reviews(kAda, "changes_requested", "This leaks.").merges_base().turn().turn, Turn::author);
  EXPECT_EQ(Thread().reviews(kAda, "approved").merges_base().turn().turn, Turn::committer);
  EXPECT_EQ(Thread().reviews(kAda, "commented", "Why a list?").merges_base().turn().turn, Turn::author);
  // Who asked for it has it.
  EXPECT_EQ(Thread().says(kAda, "Please rebase.").merges_base().turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().reviews(kAda, "approved").merges_base().pushes().turn().turn, Turn::reviewer);
  // The forge names the commit that was approved, and the merge as the head.
  Thread thread;
  thread.reviews(kAda, "approved").merges_base();
  thread.item().entries[0].sha = std::string(40, 'a');
  thread.item().entries[1].sha = thread.item().head_sha = std::string(40, 'b');
  EXPECT_EQ(thread.turn().turn, Turn::committer);
  EXPECT_EQ(thread.turn().approvals, 1);
}

TEST(Turn, WhatMergesByItselfWaitsForNobody) {
  const auto soon = [](const Thread& thread) { return thread.turn(false, 1, "auto", kStart + 2 * kDay); };
  const auto armed = soon(Thread().reviews(kAda, "approved").merges_itself());
  EXPECT_EQ(armed.turn, Turn::nobody);
  EXPECT_EQ(armed.why, "ada approved it; it merges by itself once its checks pass (auto-merge)");
  EXPECT_EQ(soon(Thread().merges_itself().reviews(kAda, "approved").merges_itself("merge queue")).why,
            "ada approved it; it is in the merge queue");
  EXPECT_EQ(soon(Thread().merges_itself()).turn, Turn::reviewer);
  EXPECT_EQ(soon(Thread().merges_itself().reviews(kAda, "changes_requested", "It leaks.")).turn, Turn::author);
  EXPECT_EQ(soon(Thread().reviews(kAda, "approved").merges_itself().merges_not()).turn, Turn::committer);
  EXPECT_EQ(soon(Thread().reviews(kAda, "approved").merges_itself("merge queue").merges_not("merge queue")).why,
            "ada approved it; it left the merge queue without being merged");
  EXPECT_EQ(soon(Thread().reviews(kAda, "approved").merges_itself().add(EntryKind::reopened, kAda)).turn,
            Turn::committer);
  // What is still open after a week lacks something.
  const auto late = Thread().reviews(kAda, "approved").merges_itself().turn();
  EXPECT_EQ(late.turn, Turn::committer);
  EXPECT_EQ(late.why, "ada approved it; auto-merge is on, and it is still open");
}

TEST(Turn, ASuggestedChangeIsTheAuthors) {
  for (const char* text : {"```suggestion\n  return 0;\n```", "```suggestion:-0+1\nx\n```"})
    EXPECT_EQ(Thread().add(EntryKind::inline_comment, kAda, text).reviews(kAda, "commented").turn().turn, Turn::author)
        << text;
  for (const char* text : {"> ```suggestion\n> x\n> ```", "```\nsuggestion\n```"})
    EXPECT_NE(Thread().add(EntryKind::inline_comment, kOutsider, text).turn().turn, Turn::author) << text;
  // Who suggests and approves leaves it to who merges.
  EXPECT_EQ(
      Thread().add(EntryKind::inline_comment, kAda, "```suggestion\nx\n```").reviews(kAda, "approved").turn().turn,
      Turn::committer);
}

TEST(Turn, AnApprovalOnAConditionIsTheAuthors) {
  for (const char* text : {"LGTM, but please fix the typo before merging.", "Approving, provided you rename the flag.",
                           "Looks good to me once the leak is fixed", "Nice! Please squash before merging."})
    EXPECT_EQ(Thread().reviews(kAda, "approved", text).turn().turn, Turn::author) << text;
  for (const char* text : {"LGTM once CI is green.", "LGTM modulo nits", "LGTM after a quick look.",
                           "LGTM. I have read it before merging main.", "LGTM, merge once others agree"})
    EXPECT_EQ(Thread().reviews(kAda, "approved", text).turn().turn, Turn::committer) << text;
}

TEST(Turn, CommentsApproveWhereTheProjectSaysSo) {
  Thread thread;
  thread.says(kAda, "ACK 0123456789abcdef0123456789abcdef01234567").says(kBea, "utACK 0123456");
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::committer);
  EXPECT_NE(thread.turn(false, 1).turn, Turn::committer);
}

TEST(Turn, OnlyWholeApprovalsCount) {
  const ReviewPolicy policy(ReviewRules{}, true);
  for (const char* text : {"ACK", "ACK 1234567", "utACK 0123456789", "re-ACK 1234567", "reACK abcdef1", "tACK", "ACK.",
                           "**ACK**", "Nice!\nACK 1234567", "tested ACK", "Code review ACK abcdef0"})
    EXPECT_TRUE(policy.is_approval(text)) << text;
  for (const char* text : {"Concept ACK", "Approach ACK", "NACK", "ACK modulo nits", "ACK the first commit",
                           "utACK otherwise", "Back to it", "> ACKnowledged", "PACKAGE"})
    EXPECT_FALSE(policy.is_approval(text)) << text;
}

TEST(Turn, QuotedApprovalsAreNotTheSpeakers) {
  EXPECT_NE(Thread().says(kAda, "> ACK 1234567\n\nI see, but why?").turn(true, 1).turn, Turn::committer);
}

TEST(Turn, ARemarkByAPasserByGivesNobodyADuty) {
  EXPECT_EQ(Thread().says(kOutsider, "I would love to have this.").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kOutsider, "Does this work on Windows?").turn().turn, Turn::author);
}

TEST(Turn, AnAnswerHandsOver) {
  EXPECT_EQ(Thread().says(kAda, "Why not use the other one?").says(kAuthor, "It is slower.").turn().turn,
            Turn::reviewer);
  EXPECT_EQ(
      Thread().says(kAda, "Why not use the other one?").says(kAuthor, "Good point, I will rework it.").turn().turn,
      Turn::author);
  EXPECT_EQ(Thread().says(kAda, "Needs rebase").says(kAuthor, "I see.").turn().turn, Turn::author);
  EXPECT_EQ(Thread().says(kAda, "Needs rebase").pushes().turn().turn, Turn::reviewer);
}

TEST(Turn, APromiseKeepsTheTurn) {
  const auto decision = Thread().says(kAda, "I'll have a look next week.").turn();
  EXPECT_EQ(decision.turn, Turn::reviewer);
  EXPECT_EQ(decision.people, std::set<std::int64_t>{kAda});
}

TEST(Turn, AQuestionToSomebodyElseIsTheirs) {
  const auto decision = Thread().says(kAda, "@bea what do you think?").turn();
  EXPECT_EQ(decision.turn, Turn::reviewer);
  EXPECT_EQ(decision.people, std::set<std::int64_t>{kBea});
}

TEST(Turn, WaitsForNumbersOfThisRepositoryAlone) {
  for (const auto& [text, waits] : std::initializer_list<std::pair<const char*, bool>>{
           {"Depends on #99", true},
           {"Blocked by https://github.com/o/r/pull/99.", true},
           {"depends on o/r#99", true},
           {"Depends-On: #99", true},
           {"DEPENDS_ON #99", true},
           {"blocked by: #99", true},
           {"This no longer depends on #99.", false},
           {"It isn't really blocked by #99", false},
           {"Depends on [the parser](https://github.com/o/r/pull/99)", true},
           {"Depends on #98", false},
           {"Depends on #97, #98 and #99", true},
           {"Depends on #98. See #99", false},
           {"Depends on other/lib#12 and #99", true},
           {"Depends on other/lib#99", false},
           {"Depends on https://github.com/other/lib/pull/99", false},
           {"Waiting for https://ci.example.org/builds/99 to finish.", false},
           {"`depends on #99`", false},
           {"```\ndepends on #99\n```", false},
           {"> depends on #99\n\nNo longer so.", false},
           {"<!-- depends on #99 -->", false},
       }) {
    Thread thread;
    thread.item().body = text;
    EXPECT_EQ(thread.turn().turn == Turn::nobody, waits) << text;
  }
}

TEST(Turn, RequestsNameTheReviewer) {
  EXPECT_EQ(Thread().asks_review_of(kBea).turn().people, std::set<std::int64_t>{kBea});
}

TEST(Turn, DraftsAreTheirAuthors) {
  Thread thread;
  thread.item().is_draft = true;
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.item().body = "Looking for feedback on the approach.";
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  thread.item().body = "Stacked on #99.";
  EXPECT_EQ(thread.turn().turn, Turn::nobody);
  thread.item().body = "Stacked on #98.";  // which is closed
  EXPECT_EQ(thread.turn().turn, Turn::author);
}

TEST(Turn, BlockedIsNobodys) {
  EXPECT_EQ(Thread().says(kAuthor, "This is blocked on #99.").turn().turn, Turn::nobody);
  EXPECT_EQ(Thread().labelled("blocked").turn().turn, Turn::nobody);
}

TEST(Turn, LabelsSpeakUntilSomethingHappens) {
  Thread thread;
  thread.labelled("awaiting changes");
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.reviews(kAda, "commented", "Sorry, wrong label").pushes();
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
}

TEST(Turn, CiSpeaksForTheHead) {
  Thread thread;
  thread.pushes();
  thread.item().ci = "failure";
  thread.item().ci_failed = {"tests (ubuntu, 3.12)", "docs"};
  thread.item().ci_at = kStart + kDay;
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.item().ci = "pending";
  EXPECT_EQ(thread.turn().turn, Turn::ci);
  thread.item().ci = "failure";
  thread.item().ci_at = kStart;  // before the push
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
}

TEST(Turn, ChecksAreNamedWhole) {
  Thread thread;
  thread.pushes();
  thread.item().ci = "failure";
  thread.item().ci_failed = {"docs", "tests (ubuntu, 3.12)"};
  thread.item().ci_at = kStart + kDay;
  EXPECT_EQ(thread.turn().why, "CI fails: docs, tests (ubuntu, 3.12)");
}

TEST(Turn, AnApprovalDoesNotLiftAnothersRequestForChanges) {
  Thread thread;
  thread.reviews(kAda, "changes_requested", "Please rename it.").reviews(kBea, "approved");
  EXPECT_EQ(thread.turn().turn, Turn::author);
  EXPECT_EQ(thread.turn().why, "ada asked for changes");
  thread.pushes();
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  EXPECT_EQ(thread.turn().people, std::set<std::int64_t>{kAda});
  thread.reviews(kBea, "approved");
  EXPECT_EQ(thread.turn().turn, Turn::reviewer) << "ada has not looked again";
  EXPECT_EQ(thread.turn().why, "ada asked for changes and has not looked again");
  thread.item().left = {kAda};
  EXPECT_EQ(thread.turn().turn, Turn::committer) << "nobody waits for who left";
  thread.item().left = {};
  thread.reviews(kAda, "approved");
  EXPECT_EQ(thread.turn().turn, Turn::committer);
}

TEST(Turn, APushKeepsApprovalsWhereTheProjectSaysSo) {
  Thread thread;
  thread.reviews(kAda, "approved").pushes();
  EXPECT_EQ(thread.turn(false, 1, "no").turn, Turn::committer);
  EXPECT_EQ(thread.turn(false, 1, "no").approvals, 0) << "of what stands now there is none";
  EXPECT_EQ(thread.turn(false, 1, "no").why, "ada approved an older commit, which is enough here");
  EXPECT_EQ(thread.turn(false, 1, "yes").turn, Turn::reviewer);
}

TEST(Turn, AnApprovalIsForTheCommitItNames) {
  Thread thread;
  thread.pushes();
  thread.item().entries.back().sha = std::string(40, '1');
  thread.pushes();
  thread.item().entries.back().sha = std::string(40, '2');
  thread.item().head_sha = std::string(40, '2');
  Thread begun_before = thread;
  begun_before.reviews(kAda, "approved");
  begun_before.item().entries.back().sha = std::string(40, '1');
  EXPECT_EQ(begun_before.turn().turn, Turn::reviewer);
  EXPECT_EQ(begun_before.turn().approvals, 0);
  Thread of_head = thread;
  of_head.reviews(kAda, "approved");
  of_head.item().entries.back().sha = std::string(40, '2');
  EXPECT_EQ(of_head.turn().turn, Turn::committer);
  Thread in_words = thread;
  in_words.says(kAda, "ACK 1111111").says(kBea, "utACK 2222222");
  EXPECT_EQ(in_words.turn(true, 1).turn, Turn::committer);
  EXPECT_EQ(in_words.turn(true, 1).approvals, 1);
  EXPECT_EQ(in_words.turn(true, 2).turn, Turn::reviewer);
}

TEST(Turn, WhoRemarksAndThenApprovesWaitsForNoAnswer) {
  Thread thread;
  thread.says(kAda, "Could you rename it?");
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::author);
  thread.says(kBea, "ACK 1234567");
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::author) << "ada's remark waits";
  Thread own;
  own.says(kAda, "Could you rename it?").says(kAda, "ACK 1234567");
  EXPECT_EQ(own.turn(true, 2).turn, Turn::reviewer);
  EXPECT_EQ(own.turn(true, 2).why, "1 of 2 approvals; the last by ada");
}

TEST(Turn, ARobotsRequestNamesTheReviewerAndTakesNoTurn) {
  Thread thread;
  thread.says(kAda, "Could you rename it?");
  thread.add(EntryKind::unrequested, kBot).item().entries.back().subject = kBea;
  thread.add(EntryKind::requested, kBot).item().entries.back().subject = kBea;
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.says(kAuthor, "Renamed.");
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  EXPECT_TRUE(thread.turn().people.contains(kBea));
  Thread fresh;
  fresh.add(EntryKind::requested, kBot).item().entries.back().subject = kBea;
  EXPECT_EQ(fresh.turn().people, std::set<std::int64_t>{kBea});
}

TEST(Turn, ARequestThatIsTakenBackIsNone) {
  Thread thread;
  thread.asks_review_of(kBea);
  thread.add(EntryKind::unrequested, kAda).item().entries.back().subject = kBea;
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  EXPECT_TRUE(thread.turn().people.empty());
}

TEST(CommitAfterAck, IsTheOneThatIsNamed) {
  EXPECT_EQ(commit_after_ack("ACK 0123abc"), "0123abc");
  EXPECT_EQ(commit_after_ack("Nice!\nutACK `0123abcdef`, thanks"), "0123abcdef");
  EXPECT_EQ(commit_after_ack("ACK\n0123abc"), "");
  EXPECT_EQ(commit_after_ack("ACK deadline 12345"), "");
}

TEST(Turn, BotsDoNotReview) {
  EXPECT_EQ(Thread().says(kBot, "Thank you! Have you signed the agreement?").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kBot, "This needs rebase").turn().turn, Turn::author);
}

TEST(Turn, ADeletedReviewerStillCounts) {
  EXPECT_EQ(Thread().reviews(0, "changes_requested", "No.").turn().turn, Turn::author);
}

TEST(OwnWords, AreWithoutQuotesCodeAndComments) {
  EXPECT_EQ(own_words("> quoted\nmine\n```\ncode?\n```\n<!-- hidden\nACK -->\nend"), "mine\n\nend\n");
}

TEST(Turn, AStaleApprovalThatNeverCountedCallsNobodyBack) {
  const auto decision =
      Thread().reviews(kBea, "commented", "Two remarks.").says(kOutsider, "ACK 1234567").pushes().turn(true);
  EXPECT_EQ(decision.turn, Turn::reviewer);
  EXPECT_EQ(decision.people, std::set<std::int64_t>{kBea});
  const auto alone = Thread().says(kOutsider, "ACK 1234567").pushes().turn(true);
  EXPECT_EQ(alone.people, std::set<std::int64_t>{kOutsider});
  EXPECT_EQ(alone.why, "pushed after the approval by outsider, which alone is not enough");
}

TEST(Turn, AnybodysApprovalInWordsCountsBesideOneThatCountsAlone) {
  EXPECT_EQ(Thread().says(kOutsider, "ACK 1234567").turn(true, 2).turn, Turn::reviewer);
  const auto both = Thread().says(kAda, "ACK 1234567").says(kOutsider, "ACK 1234567").turn(true, 2);
  EXPECT_EQ(both.turn, Turn::committer);
  EXPECT_EQ(both.why, "2 approvals of what stands now");
  const auto of_three = Thread().says(kOutsider, "ACK 1234567").says(kAda, "ACK 1234567").turn(true, 3);
  EXPECT_EQ(of_three.turn, Turn::reviewer);
  EXPECT_EQ(of_three.why, "2 of 3 approvals; the last by ada");
}

TEST(Said, AnAnswerToTheAuthorIsNoQuestionToTheAuthor) {
  Thread thread;
  thread.reviews(kAda, "commented", "Why this loop?").says(kAuthor, "It is faster. Is a test needed here?");
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread(thread).says(kAda, "No, the old one covers it.").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread(thread).says(kAda, "Yes, please add one.").turn().turn, Turn::author);
}

TEST(Said, WhoeverPromisesToDoItIsWaitedFor) {
  for (const char* promise : {"I'll open a follow-up for that variant.", "I'll have another look tomorrow."}) {
    const auto decision = Thread().says(kAda, promise).turn();
    EXPECT_EQ(decision.turn, Turn::reviewer) << promise;
    EXPECT_EQ(decision.why, "ada promised to look at it") << promise;
  }
}

TEST(Said, WhatTheAuthorSaysThatItNeedsAsksNobody) {
  Thread thread;
  thread.says(kAda, "Why this loop?");
  EXPECT_EQ(Thread(thread).says(kAuthor, "@ada this needs a rework first.").turn().why,
            "the author answered the last remarks");
  EXPECT_EQ(Thread(thread).says(kAuthor, "@ada this needs a rework first, could you help?").turn().why,
            "the author asked ada");
}

TEST(Said, ABotsAdviceBesideCiIsNoCallForARebase) {
  EXPECT_EQ(Thread()
                .says(kBot,
                      "At least one of the CI tasks failed.\n\nTry to run the tests.\n\n* Possibly this is due to a "
                      "merge conflict. If so, please rebase on the target branch.")
                .turn()
                .turn,
            Turn::reviewer);
  EXPECT_EQ(Thread().says(kBot, "This pull request conflicts with the target branch and needs rebase.").turn().turn,
            Turn::author);
}

TEST(Said, APasserBysIdeaIsNoReview) {
  const auto decision = Thread().says(kOutsider, "What if we also supported colours? Does anyone want that?").turn();
  EXPECT_EQ(decision.turn, Turn::reviewer);
  EXPECT_TRUE(decision.people.empty());
  EXPECT_EQ(decision.why, "nobody has reviewed it yet");
}

TEST(Said, ConsentInWordsByWhoMayApproveIsAnApproval) {
  const auto decision = Thread().says(kAda, "LGTM, thanks!").turn();
  EXPECT_EQ(decision.turn, Turn::committer);
  EXPECT_EQ(decision.why, "ada approved it (ada in words)");
  EXPECT_EQ(Thread().says(kOutsider, "LGTM").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kAda, "Looks good, but please squash.").turn().turn, Turn::author);
  EXPECT_EQ(Thread().says(kAda, "Concept looks good.").turn().turn, Turn::reviewer);
}

TEST(Said, DoneAfterApprovalsHandsNothingBack) {
  EXPECT_EQ(Thread().reviews(kAda, "approved").says(kAuthor, "Done, thanks.").turn().turn, Turn::committer);
  EXPECT_EQ(
      Thread().reviews(kAda, "approved").says(kBea, "Could you fix the title?").says(kAuthor, "Done.").turn().turn,
      Turn::committer);
}

TEST(Said, AnAnnouncedFixKeepsTheTurnUntilItComes) {
  Thread thread;
  thread.reviews(kAda, "commented", "The loop leaks.").says(kAuthor, "Right, I'll push a fix tomorrow.");
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.says(kAuthor, "By the way, thanks for the quick look.");
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.pushes();
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().reviews(kAda, "commented", "Why?").says(kAuthor, "I'll leave it, it is faster.").turn().turn,
            Turn::reviewer);
}

TEST(Said, ARequestToNamedPeopleNeedsNoQuestionMark) {
  EXPECT_EQ(Thread().says(kAda, "@bea please take a look").turn().people, std::set<std::int64_t>{kBea});
  EXPECT_EQ(Thread().says(kAda, "@bea").turn().people, std::set<std::int64_t>{kBea});
  EXPECT_EQ(Thread().says(kAda, "cc @bea").turn().people, std::set<std::int64_t>{kBea});
  EXPECT_EQ(Thread().says(kAuthor, "@bea please have a look at the second commit.").turn().people,
            std::set<std::int64_t>{kBea});
}

TEST(Said, DoNotMergeYetBlocks) {
  Thread thread;
  thread.reviews(kAda, "approved").says(kBea, "Please do not merge yet.");
  EXPECT_EQ(thread.turn().turn, Turn::nobody);
  EXPECT_EQ(thread.turn().why, "bea asks not to merge it yet");
  EXPECT_EQ(Thread(thread).says(kBea, "This can be merged now.").turn().turn, Turn::committer);
  Thread described;
  described.item().body = "It changes the format. Please do not merge before the release.";
  EXPECT_EQ(described.turn().turn, Turn::nobody);
  EXPECT_EQ(described.reviews(kAda, "approved").turn().turn, Turn::nobody);
  Thread quoted;
  EXPECT_EQ(quoted.reviews(kAda, "approved").says(kBea, "> Please do not merge yet.\n\nOk with me.").turn().turn,
            Turn::committer);
}

TEST(Said, LabelsOfStateHoldWhileTheyStand) {
  for (const char* label : {"Needs rebase", "status: needs-rebase", "merge conflict"}) {
    Thread thread;
    thread.labelled(label).reviews(kAda, "approved").says(kAuthor, "Thanks.");
    EXPECT_EQ(thread.turn().turn, Turn::author) << label;
  }
  EXPECT_EQ(Thread().labelled("CI").reviews(kAda, "approved").turn().turn, Turn::committer);
}

TEST(Said, WhoMayMergeIsNamed) {
  Thread thread;
  thread.reviews(kOutsider, "commented", "Nice.").reviews(kAda, "approved");
  EXPECT_EQ(thread.turn().turn, Turn::committer);
  EXPECT_EQ(thread.turn().people, std::set<std::int64_t>{kAda});
  thread.item().author = kBea;
  EXPECT_EQ(thread.turn().people, std::set<std::int64_t>{kAda}) << "bea leaves merging to others";
  thread.item().author_merges_own = true;
  EXPECT_EQ(thread.turn().people, std::set<std::int64_t>{kBea});
}

TEST(Said, WhoApprovesAfterCiHadFailedTookItForNoObstacle) {
  Thread thread;
  thread.labelled("CI failed");
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.reviews(kAda, "approved", "The failure has nothing to do with this.");
  EXPECT_EQ(thread.turn().turn, Turn::committer);
  EXPECT_EQ(thread.turn().why, "ada approved it; labelled “CI failed” before that");
  thread.pushes();
  EXPECT_EQ(thread.turn().turn, Turn::author) << "nobody approved what CI fails for now";
  EXPECT_EQ(Thread().reviews(kAda, "approved").labelled("CI failed").turn().turn, Turn::author)
      << "who approved it did not know";
}

TEST(Said, AnApprovalOnAConditionWaitsForTheAuthor) {
  for (const char* text :
       {"ACK mod the name of the file.", "utACK modulo the typo", "ACK 0123abc, if you squash the last two commits",
        "Nice work.\n\nACK once the second loop is gone.", "tACK 0123abc except for the default"}) {
    const auto decision = Thread().says(kAda, text).turn(true, 1);
    EXPECT_EQ(decision.turn, Turn::author) << text;
    EXPECT_EQ(decision.why, "ada approved it on a condition") << text;
    EXPECT_EQ(Thread().says(kAda, text).pushes().turn(true, 1).turn, Turn::reviewer) << text;
  }
  // Of what the author can't bring about, or may leave.
  for (const char* text : {"ACK, if CI passes", "ACK 0123abc, once others have looked", "ACK, if nobody objects"})
    EXPECT_EQ(Thread().says(kAda, text).turn(true, 1).turn, Turn::committer) << text;
  EXPECT_EQ(Thread().reviews(kAda, "approved", "ACK, modulo the comment above").turn(true, 1).turn, Turn::author);
  EXPECT_EQ(Thread()
                .reviews(kAda, "approved", "ACK, modulo the comment above")
                .says(kAuthor, "That is how the others are written.")
                .turn(true, 1)
                .turn,
            Turn::committer);
  EXPECT_EQ(Thread().says(kOutsider, "ACK mod the name of the file.").turn(true, 1).turn, Turn::reviewer)
      << "a passer-by's";
}

TEST(Said, WhatIsLeftToAnotherPullRequestAsksNothing) {
  EXPECT_EQ(Thread().says(kAda, "Concept ACK").says(kAda, "A separate PR may cover the other dialog.").turn(true).turn,
            Turn::reviewer);
  EXPECT_EQ(Thread().says(kAda, "The rest is out of scope here.").turn(true).turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kAda, "Could you move this to a separate PR?").turn(true).turn, Turn::author);
  EXPECT_EQ(Thread()
                .says(kAda, "This is wrong. It loses data. It also breaks the build. A follow-up can rename it.")
                .turn(true)
                .turn,
            Turn::author);
}

TEST(Said, WhoAnswersSomebodyElseAsksTheAuthorNothing) {
  Thread thread;
  thread.says(kAda, "ACK").says(kBea, "ACK");
  thread.says(kOutsider, "I get hundreds of warnings from the checker here.");
  const char* const answer = "> I get hundreds of warnings from the checker here.\n\nPlease turn the checks off first.";
  EXPECT_EQ(Thread(thread).says(kAda, answer).turn(true, 2).turn, Turn::committer);
  EXPECT_EQ(
      Thread(thread).says(kAda, (std::string(answer) + " @author could you document that?").c_str()).turn(true, 2).turn,
      Turn::author);
  Thread own;
  own.says(kAuthor, "It is as fast as before on my machine.");
  EXPECT_EQ(own.says(kAda, "> It is as fast as before on my machine.\n\nPlease show figures.").turn(true).turn,
            Turn::author);
}

TEST(Said, AQuestionThatTheProjectAnsweredIsNotTheAuthorsAnyMore) {
  Thread thread;
  thread.says(kAda, "ACK").says(kBea, "ACK").says(kOutsider, "Does this take constant time?");
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::author);
  EXPECT_EQ(Thread(thread).says(kAda, "@outsider Right, it does.").turn(true, 2).turn, Turn::committer);
  Thread of_maintainer;
  of_maintainer.says(kAda, "Why is the loop unrolled?").says(kBea, "@ada It looks faster.");
  EXPECT_EQ(of_maintainer.turn(true, 2).turn, Turn::author) << "who may merge wants to hear it of the author";
}

TEST(Said, WhatIsLeftToTheAuthorAsksNothing) {
  const auto turn_after = [](const char* text) { return Thread().says(kAda, text).turn(true, 2).turn; };
  for (const char* text :
       {"Sounds fine to me. It is only faster on old machines.", "The second name is fine by me.",
        "I have no strong opinion here. The letter comes first in the word, so it is easier to find.",
        "Just my two cents: the old order is easier to read.", "Hoping #12 will make this unnecessary :)",
        "I've made a build of it:\n\n- with cmake\n- with make", "Tested on three systems, all of it works."})
    EXPECT_EQ(turn_after(text), Turn::reviewer) << text;
  for (const char* text :
       {"Sounds fine to me, but the name is wrong.", "The name is fine by me. Could you also move it?",
        "No strong opinion, but please rename it.", "Tested on three systems; one of them fails.",
        "Tested it. I don't think that this is the way.", "The second name is better, since it says what it does."})
    EXPECT_EQ(turn_after(text), Turn::author) << text;
}

TEST(Said, AnAckThatDoesNotCountIsNoRemark) {
  Thread thread;
  thread.reviews(kAda, "commented", "The loop runs once too often.");
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::author);
  thread.reviews(kOutsider, "commented", "tested ACK on my machine\nTried it with old and new files.");
  EXPECT_EQ(thread.turn(true, 2).why, "ada commented and the author has not answered");
  EXPECT_EQ(thread.says(kAda, "ACK").turn(true, 2).turn, Turn::reviewer) << "whose remark it was has approved";
  EXPECT_EQ(Thread().reviews(kOutsider, "commented", "ACK mod nits").turn(true, 2).turn, Turn::author);
}

TEST(Said, APasserBysMaybeIsAnIdea) {
  EXPECT_EQ(Thread().says(kOutsider, "Nice. Maybe take the other colour and show some variants?").turn().turn,
            Turn::reviewer);
  EXPECT_EQ(Thread().says(kOutsider, "Maybe take the other colour? Does it work on old screens?").turn().turn,
            Turn::author);
  EXPECT_EQ(Thread().says(kAda, "Maybe take the other colour?").turn().turn, Turn::author);
}

TEST(Said, WhereApprovalsAreEnoughOneOfThemMayAnswerForTheAuthor) {
  Thread thread;
  thread.says(kAda, "ACK").says(6, "ACK").says(kBea, "No word on what is lost?");
  thread.people().names[6] = "cleo";
  thread.habits().known_reviewers = {6};
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::author);
  EXPECT_EQ(Thread(thread).says(6, "@bea That was lost before.").turn(true, 2).turn, Turn::committer);
  EXPECT_EQ(Thread(thread).says(kOutsider, "@bea That was lost before.").turn(true, 2).turn, Turn::author)
      << "who did not approve it";
}

TEST(Said, APasserBysQuestionOnALineIsAnsweredByAnybodyBesideIt) {
  Thread thread;
  thread.add(EntryKind::inline_comment, kOutsider, "Why the odd spaces?");
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.people().names[6] = "cleo";
  EXPECT_EQ(Thread(thread).add(EntryKind::inline_comment, 6, "@outsider They align the equals signs.").turn().turn,
            Turn::reviewer);
  EXPECT_EQ(Thread(thread).says(6, "@outsider They align the equals signs.").turn().turn, Turn::author);
}

TEST(Said, AnAuthorWhoseAccountIsGoneIsHeard) {
  Thread thread;
  thread.item().author = 0;
  thread.says(kAda, "Why are the shadows gone?");
  EXPECT_EQ(thread.turn().turn, Turn::author);
  EXPECT_EQ(thread.says(0, "The first drawing had none.").turn().turn, Turn::reviewer);
}

TEST(Said, APromiseToReviewTakesNothingOfWhatHasToBePushed) {
  EXPECT_EQ(Thread().says(kAda, "Please rebase.").says(kBea, "Will test it tonight.").turn().turn, Turn::author);
  EXPECT_EQ(Thread().says(kBea, "Will test it tonight.").turn().why, "bea promised to look at it");
  // Who promised, and then came back with remarks.
  Thread thread;
  thread.says(kAda, "Ping @outsider for help.").says(kOutsider, "Thanks for the ping, will have a look.");
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  thread.says(kOutsider, "I reworked the table. My branch is at my fork; take what is needed of it.");
  EXPECT_EQ(thread.turn().turn, Turn::author);
}

TEST(Said, WhatComesAfterThisIsNotWaitedFor) {
  Thread thread;
  thread.says(kAda, "The offset should be larger.").pushes();
  EXPECT_EQ(Thread(thread)
                .says(kAuthor,
                      "Done. I plan to look at the other algorithm when the code here is done. There would "
                      "still need to be an offset.")
                .turn()
                .turn,
            Turn::reviewer);
  EXPECT_EQ(Thread(thread).says(kAuthor, "Rebased, but I still need to write the tests.").turn().turn, Turn::author);
}

TEST(Said, AnAnswerIsOneThoughTheAuthorSaidMoreSinceAsking) {
  Thread thread;
  thread.says(kAda, "The bound looks right.").says(kAuthor, "Do your scripts know that?");
  thread.says(kAuthor, "On second reading, that is not what I did.");
  EXPECT_EQ(thread.says(kAda, "They reason over all fields, so they find it.").turn().turn, Turn::reviewer);
  EXPECT_EQ(thread.says(kAda, "The bound is wrong, though.").turn().turn, Turn::author) << "the question was answered";
  Thread objected;
  objected.says(kAda, "NACK\n\nThis is in use.").says(kAuthor, "Where is it used?").says(kBea, "The manual tells.");
  EXPECT_EQ(objected.turn(true, 2).turn, Turn::author) << "of the objection";
}

// How many approvals are enough, and whose count.
TEST(Approvals, AsManyAsTheProjectsPastSays) {
  Thread thread;
  thread.habits().required_own = 1;
  thread.habits().own = {63, 100};
  thread.says(kBea, "ACK");
  EXPECT_EQ(thread.turn(true, 2).why, "1 of 2 approvals; the last by bea");
  thread.item().author = kAda;  // who may merge
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::committer);
  EXPECT_EQ(thread.turn(true, 2).why, "bea approved it, which has been enough here (63 of the last 100)");
}

TEST(Approvals, OfAKnownReviewerCountBesideAnAuthorWhoMayMerge) {
  Thread thread;
  thread.says(kOutsider, "ACK");
  EXPECT_EQ(thread.turn(true, 1).why, "approved by outsider, which alone is not enough");
  thread.item().author = kAda;
  EXPECT_EQ(thread.turn(true, 1).turn, Turn::reviewer) << "nobody knows who that is";
  thread.habits().known_reviewers = {kOutsider};
  EXPECT_EQ(thread.turn(true, 1).turn, Turn::committer);
  EXPECT_EQ(thread.turn(true, 2).why, "1 of 2 approvals; the last by outsider");
  thread.item().author = kAuthor;
  EXPECT_EQ(thread.turn(true, 1).turn, Turn::reviewer) << "nobody who may merge stands behind it";
}

TEST(Approvals, TwoOfWhomOneIsKnownAreEnoughWithoutAnybodyWhoMerges) {
  Thread thread;
  thread.says(kOutsider, "ACK").says(6, "tACK");
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::reviewer);
  thread.habits().known_reviewers = {6};
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::committer);
  EXPECT_EQ(thread.turn(true, 3).turn, Turn::reviewer);
  EXPECT_EQ(Thread(thread).pushes().turn(true, 2).turn, Turn::reviewer) << "of what stood before";
}

TEST(Approvals, EnoughOvertakeTheRequestOfSomebodyWhoMayNotMerge) {
  Thread thread;
  thread.reviews(kOutsider, "changes_requested", "Rename it.").pushes().says(kAda, "ACK").says(kBea, "ACK");
  EXPECT_EQ(thread.turn(true, 2).turn, Turn::committer);
  EXPECT_EQ(thread.turn(true, 3).turn, Turn::reviewer);
  Thread of_reviews;
  of_reviews.reviews(kOutsider, "changes_requested").pushes().reviews(kAda, "approved").reviews(kBea, "approved");
  EXPECT_EQ(of_reviews.turn(false, 2).turn, Turn::reviewer) << "the forge's own rule where approvals are reviews";
  Thread unanswered;
  unanswered.reviews(kOutsider, "changes_requested", "Rename it.").says(kAda, "ACK").says(kBea, "ACK");
  EXPECT_EQ(unanswered.turn(true, 2).turn, Turn::author);
  Thread of_maintainer;
  of_maintainer.reviews(kAda, "changes_requested", "Rename it.").pushes().says(kOutsider, "ACK").says(kBea, "ACK");
  EXPECT_EQ(of_maintainer.turn(true, 2).turn, Turn::reviewer);
}

// What Prow's, bors' and triagebot's users reported: words to machines are none to people.
TEST(Commands, AskTheAuthorNothing) {
  for (const char* text :
       {"@dependabot rebase", "@mergifyio rebase", "/rebase", "/retest", "/test all", "recheck", "retest this please",
        "@rustbot label: +A-docs", "/milestone v1.2", "pre-commit.ci autofix", "@coderabbitai review", "/ok-to-test"}) {
    const auto decision = Thread().says(kAda, text).turn();
    EXPECT_EQ(decision.turn, Turn::reviewer) << text;
    EXPECT_FALSE(decision.answered) << text;
  }
  // Nor do they answer for the author.
  EXPECT_EQ(Thread().says(kAda, "Why is that needed?").says(kAuthor, "/retest").turn().turn, Turn::author);
  // What stands beside them is heard.
  EXPECT_EQ(Thread().says(kAda, "Please rebase.\n/retest").turn().turn, Turn::author);
}

TEST(Commands, ApproveAndTakeBack) {
  for (const char* text : {"/lgtm", "/approve", "Nice work!\n\n/lgtm\n/approve", "@bors r+", "Thanks! @bors r+ rollup",
                           "bors merge", "Could you do the docs in another one?\n/lgtm"})
    EXPECT_EQ(Thread().says(kAda, text).turn().turn, Turn::committer) << text;
  for (const char* text :
       {"/lgtm cancel", "@bors r-", "bors try", "@bors delegate+", "I would say `/lgtm` here.", "> /lgtm\n\nNot yet."})
    EXPECT_NE(Thread().says(kAda, text).turn().turn, Turn::committer) << text;
  EXPECT_EQ(Thread().says(kAuthor, "/lgtm\n/approve").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kOutsider, "/lgtm").turn().turn, Turn::reviewer);
  const auto back = Thread().says(kAda, "/lgtm").says(kBea, "/lgtm cancel").turn();
  EXPECT_EQ(back.turn, Turn::reviewer);
  EXPECT_EQ(back.why, "bea took the approval back");
  EXPECT_EQ(Thread().says(kAda, "@bors r+").says(kAuthor, "bors r-").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kAda, "@bors r+").says(kAda, "@bors r-\n\nCould you rename it first?").turn().turn,
            Turn::author);
  // A review of the forge is taken back there.
  EXPECT_EQ(Thread().reviews(kAda, "approved").says(kBea, "/lgtm cancel").turn().turn, Turn::committer);
  EXPECT_EQ(Thread().says(kAda, "@bors r=bea").turn().why, "bea approved it (ada in words)");
}

TEST(Commands, HoldUntilAnybodySaysOtherwise) {
  Thread thread;
  thread.reviews(kBea, "approved").says(kAda, "/hold");
  EXPECT_EQ(thread.turn().turn, Turn::nobody);
  thread.says(kAda, "LGTM");
  EXPECT_EQ(thread.turn().turn, Turn::nobody) << "a word does not lift a command";
  thread.says(kBea, "/hold cancel");
  EXPECT_EQ(thread.turn().turn, Turn::committer);
  EXPECT_EQ(Thread().says(kAuthor, "/hold").reviews(kBea, "approved").says(kBea, "/unhold").turn().turn,
            Turn::committer);
  EXPECT_EQ(Thread().says(kAda, "/lgtm\n/hold").turn().turn, Turn::nobody);
  Thread labelled;
  labelled.reviews(kBea, "approved").says(kAda, "/hold").add(EntryKind::unlabeled, kBot);
  labelled.item().entries.back().label = "do-not-merge/hold";
  EXPECT_EQ(labelled.turn().turn, Turn::committer);
}

TEST(Commands, HandOver) {
  EXPECT_EQ(Thread().says(kAda, "@rustbot author").turn().turn, Turn::author);
  EXPECT_EQ(Thread().says(kAda, "Could you rename it?").says(kAuthor, "@rustbot ready").turn().turn, Turn::reviewer);
  const auto asked = Thread().says(kAuthor, "r? @bea").turn();
  EXPECT_EQ(asked.turn, Turn::reviewer);
  EXPECT_EQ(asked.people, (std::set<std::int64_t>{kBea}));
  EXPECT_EQ(Thread().says(kAda, "/cc @bea").turn().people, (std::set<std::int64_t>{kBea}));
  EXPECT_EQ(Thread().reviews(kBea, "approved").says(kAda, "@rustbot blocked").turn().turn, Turn::nobody);
}

TEST(Said, WhoApprovesByAReviewWaitsNoLonger) {
  const char* wait = "Please don't merge this yet, I want to look at the locking.";
  EXPECT_EQ(Thread().says(kAda, wait).reviews(kAda, "approved").turn().turn, Turn::committer);
  EXPECT_EQ(Thread().says(kAda, wait).reviews(kBea, "approved").turn().turn, Turn::nobody);
  EXPECT_EQ(Thread().reviews(kAda, "approved", "Fine, but please don't merge before the release.").turn().turn,
            Turn::nobody);
  EXPECT_EQ(Thread()
                .reviews(kAda, "approved", "Do not merge until 1.2 is out.")
                .says(kAda, "1.2 is out, can be merged now.")
                .turn()
                .turn,
            Turn::committer);
}

TEST(LabelMatching, AreOneWhateverTheirCaseAndSigns) {
  for (const char* label : {"Awaiting Changes", "awaiting-changes", "awaiting_changes", "status: awaiting changes"})
    EXPECT_EQ(Thread().reviews(kAda, "approved").labelled(label).turn().turn, Turn::author) << label;
  for (const char* label : {"Blocked", "S-Blocked: no", "state/blocked", "do-not-merge/hold", "Do Not Merge"}) {
    const bool is_other = std::string_view(label) == "S-Blocked: no";
    EXPECT_EQ(Thread().reviews(kAda, "approved").labelled(label).turn().turn, is_other ? Turn::committer : Turn::nobody)
        << label;
  }
  EXPECT_EQ(Thread().reviews(kAda, "approved").labelled("area: blocked").turn().turn, Turn::committer);
  EXPECT_EQ(Thread().reviews(kAda, "approved").labelled("do-not-merge/work-in-progress").turn().turn, Turn::author);
}

TEST(Said, WhatAClosedOneBlockedIsBlockedNoMore) {
  for (const char* text : {"Blocked by #12", "This is blocked on #12.", "Waiting for #12 to be merged."}) {
    Thread thread;
    thread.item().body = text;
    EXPECT_EQ(thread.reviews(kAda, "approved").turn().turn, Turn::committer) << text;
  }
  Thread open;
  open.item().body = "Blocked by #99";
  EXPECT_EQ(open.reviews(kAda, "approved").turn().turn, Turn::nobody);
  EXPECT_EQ(Thread().reviews(kAda, "approved", "Blocked until the release.").turn().turn, Turn::nobody);
}

TEST(Turn, WhatWasDecidedBeforeItWasReopenedStands) {
  EXPECT_EQ(Thread().reviews(kAda, "approved").add(EntryKind::reopened, kAda).turn().turn, Turn::committer);
  EXPECT_EQ(Thread().reviews(kAda, "changes_requested").add(EntryKind::reopened, kBea).turn().turn, Turn::author);
  EXPECT_EQ(Thread().says(kAda, "Could you rename it?").add(EntryKind::reopened, kAda).turn().turn, Turn::reviewer);
}

TEST(Turn, ABotAsAuthorIsSaidToBeOne) {
  Thread thread;
  thread.item().author_is_bot = true;
  thread.item().author = kBot;
  EXPECT_EQ(thread.reviews(kAda, "changes_requested").turn().why, "ada asked for changes; its author is a bot");
  EXPECT_EQ(thread.add(EntryKind::push, kBot).turn().turn, Turn::reviewer) << "it pushes, too";
}

TEST(Turn, WhatIsStruckOutIsTakenBack) {
  EXPECT_EQ(Thread().says(kAda, "~~LGTM~~ Found a bug: the loop never ends.").turn().turn, Turn::author);
  EXPECT_EQ(Thread().says(kAda, "~~Is this needed?~~ LGTM").turn().turn, Turn::committer);
  Thread blocked, free;
  blocked.item().body = "Depends on #99";
  free.item().body = "~~Depends on #99~~ which is in.";
  EXPECT_EQ(blocked.turn().turn, Turn::nobody);
  EXPECT_EQ(free.turn().turn, Turn::reviewer);
}

TEST(Turn, WordsForADependence) {
  for (const char* words : {"Depends upon #99", "Requires #99 to be merged first.", "Needs #99 first"}) {
    Thread thread;
    thread.item().body = words;
    EXPECT_EQ(thread.turn().turn, Turn::nobody) << words;
  }
  Thread thread;
  thread.item().body = "It requires #99 in the title to be bold.";
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
}

TEST(Turn, CourtesyAsksNothing) {
  for (const char* words : {"Thanks, nice work!", "Thank you for the fix, @author!", "Great catch.", "\xF0\x9F\x91\x8D",
                            ":+1:", ":shipit:", "\xF0\x9F\x8E\x89 \xE2\x9D\xA4\xEF\xB8\x8F",
                            "I have no time for this in the next weeks, sorry.",
                            "Sorry, I won't be able to review this.", "I'm on vacation until Monday."})
    EXPECT_NE(Thread().says(kAda, words).turn().turn, Turn::author) << words;
  for (const char* words :
       {"Thanks, please add a test.", "Nice work! Why is it static?", "I can't review this until it is rebased.",
        "Good, but the name is wrong.", "This breaks the build."})
    EXPECT_EQ(Thread().says(kAda, words).turn().turn, Turn::author) << words;
}

TEST(Turn, AHoldOfOnesOwnIsForItsAuthor) {
  EXPECT_EQ(Thread().says(kAuthor, "Please do not merge yet, I found a bug.").turn().turn, Turn::author);
  EXPECT_EQ(Thread().reviews(kAda, "approved").says(kAuthor, "/hold").turn().turn, Turn::author);
  EXPECT_EQ(Thread().reviews(kAda, "approved").says(kBea, "Please do not merge yet.").turn().turn, Turn::nobody);
}

TEST(Turn, AHoldForSomebodyWaitsForThem) {
  Thread thread;
  thread.reviews(kAda, "approved", "Approved, but please wait for @bea before you merge it.");
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  EXPECT_EQ(thread.turn().people, (std::set<std::int64_t>{kBea}));
  thread.reviews(kBea, "approved");
  EXPECT_EQ(thread.turn().turn, Turn::committer);
}

TEST(Turn, APassersByAsksForNews) {
  EXPECT_EQ(Thread().says(kOutsider, "+1, we need this too. Any news?").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kAda, "Any news?").turn().turn, Turn::author);
  EXPECT_EQ(Thread().reviews(kAda, "changes_requested", "Add a test.").says(kOutsider, "Any news?").turn().turn,
            Turn::author);
}

TEST(Turn, AQuestionToSomebodyWhoIsNotKnownIsNotTheAuthors) {
  EXPECT_EQ(Thread().says(kAda, "@stranger what do you think of this?").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kAda, "@Override is missing here.").turn().turn, Turn::author);
  EXPECT_EQ(Thread().says(kAda, "@author what do you think of this?").turn().turn, Turn::author);
}

TEST(Turn, WhoPushedIsNamed) {
  Thread thread;
  thread.reviews(kAda, "changes_requested", "Add a test.").add(EntryKind::push, kBea);
  EXPECT_EQ(thread.turn().why, "bea pushed since the last review");
}

TEST(Turn, NamesInCodeAreNobodys) {
  for (const char* words :
       {"@types/node should stay at 18, can you change that?", "@param lines are missing, please add them.",
        "@Override is missing. Could you add it?", "@app.route should come first. Can you swap them?"})
    EXPECT_EQ(Thread().says(kAda, words).turn().turn, Turn::author) << words;
  EXPECT_EQ(Thread().says(kAda, "@org/core can you look at this?").turn().turn, Turn::reviewer);
}

TEST(Turn, ARequestThatIsTakenBackAnswersNoRequestForChanges) {
  Thread thread;
  thread.reviews(kAda, "changes_requested", "This breaks on Windows.").asks_review_of(kAda);
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
  thread.add(EntryKind::unrequested, kAuthor).item().entries.back().subject = kAda;
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.asks_review_of(kAda).pushes();
  thread.add(EntryKind::unrequested, kAuthor).item().entries.back().subject = kAda;
  EXPECT_EQ(thread.turn().turn, Turn::reviewer) << "the push answers it";
}

TEST(Turn, TitlesOfUnfinishedWork) {
  for (const char* title :
       {"WIP: a parser", "[draft] a parser", "Draft: a parser", "a parser [WIP]", "\xF0\x9F\x9A\xA7 a parser"}) {
    Thread thread;
    thread.item().title = title;
    EXPECT_EQ(thread.turn().turn, Turn::author) << title;
    EXPECT_EQ(thread.reviews(kAda, "approved").turn().turn, Turn::author) << title << ", and approved";
  }
  for (const char* title :
       {"[DNM] a parser", "Do not merge: a parser", "DO NOT MERGE testing CI", "DON'T MERGE - a parser"}) {
    Thread thread;
    thread.item().title = title;
    EXPECT_EQ(thread.reviews(kAda, "approved").turn().turn, Turn::author) << title;
  }
  for (const char* title : {"Draft release notes", "Wipe the cache", "Swipe to wip", "Do not merge empty lists"}) {
    Thread thread;
    thread.item().title = title;
    EXPECT_EQ(thread.reviews(kAda, "approved").turn().turn, Turn::committer) << title;
  }
}

TEST(Turn, ADescriptionAsksForReviewers) {
  for (const char* body : {"Fixes it.\n\nr? @bea", "Fixes it.\n\n/cc @bea", "Fixes it. @bea, could you review this?"}) {
    Thread thread;
    thread.item().body = body;
    EXPECT_EQ(thread.turn().turn, Turn::reviewer) << body;
    EXPECT_EQ(thread.turn().people, (std::set<std::int64_t>{kBea})) << body;
  }
  Thread thread;
  thread.item().body = "As @bea said, it leaks.";
  EXPECT_TRUE(thread.turn().people.empty());
}

TEST(Turn, ATaskThatIsNotTickedIsNotSo) {
  Thread held, free;
  held.item().body = "- [x] Do not merge\n- [ ] Ready";
  free.item().body = "- [ ] Do not merge\n- [x] Ready";
  EXPECT_EQ(held.reviews(kAda, "approved").turn().turn, Turn::author);
  EXPECT_EQ(free.reviews(kAda, "approved").turn().turn, Turn::committer);
}

TEST(Turn, AnApprovalInWordsIsTakenBackInWords) {
  for (const char* words :
       {"I take back my LGTM: this breaks Windows.", "Please ignore my LGTM, I looked at the wrong commit.",
        "Not LGTM after all.", "I withdraw my approval.", "Scratch that, I found a deadlock.", "Sorry, un-LGTM."})
    EXPECT_EQ(Thread().says(kAda, "LGTM").says(kAda, words).turn().turn, Turn::author) << words;
}

TEST(Turn, APingWaitsForWhomItNames) {
  for (const char* words : {"@bea ping", "Gentle ping @bea :)", "@bea friendly reminder", "Bump @bea"}) {
    const auto decision = Thread().says(kAuthor, words).turn();
    EXPECT_EQ(decision.turn, Turn::reviewer) << words;
    EXPECT_EQ(decision.people, (std::set<std::int64_t>{kBea})) << words;
  }
}

TEST(Turn, WhatGivesTheAuthorNothingToDo) {
  for (const char* words :
       {"No further comments from me.", "No objections from my side.", "Nothing to add here.",
        "The CI failure is unrelated.", "CI is red, but that's unrelated to this change.",
        "Flaky test, I restarted the job.", "Restarted CI.", "Sorry for the delay, looking now.", "Reviewing this now.",
        "This is on my list for tomorrow.", "I started reviewing, more tomorrow."})
    EXPECT_EQ(Thread().says(kAda, words).turn().turn, Turn::reviewer) << words;
  for (const char* words :
       {"The CI failure is unrelated, but the name should be shorter.", "The test fails. It is flaky? No, it leaks.",
        "No further comments, please add a test.", "There are no tests."})
    EXPECT_EQ(Thread().says(kAda, words).turn().turn, Turn::author) << words;
}

TEST(Turn, WhoeverIsDeferredToIsWaitedFor) {
  for (const char* words : {"I'll defer to @bea on this.", "Over to @bea.", "Leaving this to @bea to decide.", "+@bea",
                            "Adding @bea for the network part."}) {
    const auto decision = Thread().says(kAda, words).turn();
    EXPECT_EQ(decision.turn, Turn::reviewer) << words;
    EXPECT_EQ(decision.people, (std::set<std::int64_t>{kBea})) << words;
  }
}

TEST(Turn, WhoseLookIsWantedIsWaitedFor) {
  for (const char* words :
       {"I'd like @bea to have a look at this as well.", "Would be good to get @bea's opinion.",
        "Let's get @bea's eyes on this.", "I think @bea should review this.", "Looks good, I'll let @bea approve."}) {
    const auto decision = Thread().says(kAda, words).turn();
    EXPECT_EQ(decision.turn, Turn::reviewer) << words;
    EXPECT_EQ(decision.people, (std::set<std::int64_t>{kBea})) << words;
  }
  for (const char* words : {"LGTM but I'd like another pair of eyes.", "LGTM, needs a second review."})
    EXPECT_EQ(Thread().says(kAda, words).turn().turn, Turn::reviewer) << words;
  EXPECT_EQ(Thread().says(kAda, "You should review the lock again, @author.").turn().turn, Turn::author);
}

TEST(Turn, TrailersInACommentApprove) {
  for (const char* words : {"Reviewed-by: Ada Stone <ada@example.org>", "Acked-by: Ada Stone <ada@example.org>"})
    EXPECT_EQ(Thread().says(kAda, words).turn().turn, Turn::committer) << words;
  EXPECT_EQ(Thread().says(kAda, "Tested-by: Ada Stone <ada@example.org>").turn().turn, Turn::reviewer);
  EXPECT_EQ(Thread().says(kAda, "> Reviewed-by: Bea\n\nWhere did bea say so?").turn().turn, Turn::author);
}

TEST(Turn, VotesWithoutWeightAskNothing) {
  for (const char* words : {"+1 (non-binding)", "+0", "-0", "-0.5: I would not, but go on", "+1 on what @bea said"})
    EXPECT_EQ(Thread().says(kAda, words).turn().turn, Turn::reviewer) << words;
  EXPECT_EQ(Thread().says(kAda, "+1 (binding)").turn().turn, Turn::committer);
  EXPECT_EQ(Thread().says(kAda, "-1: this breaks the API.").turn().turn, Turn::author);
  EXPECT_EQ(Thread().says(kAda, "+1 to the idea, but the code needs tests.").turn().turn, Turn::author);
}

TEST(Turn, AHoldOfOnesOwnIsLetGo) {
  EXPECT_EQ(Thread()
                .says(kAuthor, "Please do not merge yet, I still test it.")
                .says(kAuthor, "Tested now, this can go in.")
                .reviews(kAda, "approved")
                .turn()
                .turn,
            Turn::committer);
}

TEST(Turn, WhoWillMergeItApproves) {
  for (const char* words : {"I'll merge this on Monday if nobody objects.", "Will merge when CI is green.",
                            "Merging tomorrow unless there are objections."})
    EXPECT_EQ(Thread().says(kAda, words).turn().turn, Turn::committer) << words;
  EXPECT_NE(Thread().says(kAda, "I'll merge this once you have added a test.").turn().turn, Turn::committer);
}

TEST(Turn, WhatIsMergedAfterARelease) {
  for (const char* words : {"Let's merge this after the 3.0 release.", "We should wait with this until 3.1.",
                            "This should not go in before 3.0 is out.", "Postponing this to the next release."})
    EXPECT_EQ(Thread().reviews(kAda, "approved").says(kAda, words).turn().turn, Turn::nobody) << words;
  EXPECT_EQ(Thread().reviews(kAda, "approved").says(kAda, "This will be in the 3.0 release.").turn().turn,
            Turn::committer);
}

TEST(Turn, AnAuthorWhoLeavesIsNotWaitedFor) {
  for (const char* words : {"I don't have time to finish this. Feel free to take over.",
                            "Unfortunately I won't be able to continue this work.", "I'm no longer working on this.",
                            "This is up for grabs."}) {
    Thread thread;
    thread.reviews(kAda, "changes_requested", "Add a test.").says(kAuthor, words);
    EXPECT_EQ(thread.turn().turn, Turn::committer) << words;
    EXPECT_EQ(thread.pushes().turn().turn, Turn::reviewer) << words << ", and pushed";
  }
  EXPECT_EQ(Thread().reviews(kAda, "changes_requested").says(kAuthor, "I can't finish this this week.").turn().turn,
            Turn::author);
  EXPECT_EQ(Thread().says(kAda, "Why?").says(kAuthor, "For speed. Feel free to close if not wanted.").turn().turn,
            Turn::reviewer);
  for (const char* words : {"Superseded by #99.", "Closing in favor of #99", "#99 supersedes this."})
    EXPECT_EQ(Thread().says(kAuthor, words).turn().turn, Turn::author) << words;
}

TEST(Turn, WhatTheForgeSaysHasToBeClosedFirst) {
  Thread thread;
  thread.reviews(kAda, "approved").add(EntryKind::blocked, kAuthor).item().entries.back().label = "#99";
  EXPECT_EQ(thread.turn().turn, Turn::nobody);
  EXPECT_EQ(thread.turn().why, "waits for #99, which is open");
}

TEST(Turn, AMachinesNoticeFromAPersonsAccountSaysNothing) {
  const auto decision = Thread()
                            .says(kAda,
                                  "This pull request has been automatically marked as stale because it has not had "
                                  "recent activity. It will be closed if no further activity occurs.")
                            .turn();
  EXPECT_EQ(decision.turn, Turn::reviewer);
  EXPECT_FALSE(decision.answered);
}

TEST(Turn, WhoTheForgeDoesNotCountDoesNotWhereNobodyHasMerged) {
  Thread thread;
  thread.people().approvers.clear();
  thread.people().maintainers.clear();
  thread.reviews(kOutsider, "approved");
  EXPECT_EQ(thread.turn().turn, Turn::committer) << "where the forge does not say";
  thread.item().entries.back().is_official = false;
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
}

}  // namespace
}  // namespace resident
