#include <gtest/gtest.h>

#include <analyses/queues/turn.hpp>

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
  Thread& asks_review_of(std::int64_t reviewer) {
    add(EntryKind::requested, kAda);
    item_.entries.back().subject = reviewer;
    return *this;
  }
  OpenItem& item() { return item_; }
  TurnDecision turn(bool by_comment = false, int required = 1) const {
    ReviewRules rules;
    rules.required_approvals = required;
    rules.author_labels = {"awaiting changes"};
    rules.blocked_labels = {"blocked"};
    return ReviewPolicy(rules, by_comment).decide(item_, people_, kStart + 1000 * kDay, [](std::int64_t number) {
      return number == 99;
    });
  }

 private:
  OpenItem item_;
  People people_;
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
  thread.item().ci_failed = "tests";
  thread.item().ci_at = kStart + kDay;
  EXPECT_EQ(thread.turn().turn, Turn::author);
  thread.item().ci = "pending";
  EXPECT_EQ(thread.turn().turn, Turn::ci);
  thread.item().ci = "failure";
  thread.item().ci_at = kStart;  // before the push
  EXPECT_EQ(thread.turn().turn, Turn::reviewer);
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
  EXPECT_EQ(alone.why, "pushed after the approval by outsider, which counts only beside somebody who merges");
}

TEST(Turn, AnApprovalThatDoesNotCountIsNotCalledTheLast) {
  const auto decision = Thread().says(kAda, "ACK 1234567").says(kOutsider, "ACK 1234567").turn(true, 2);
  EXPECT_EQ(decision.turn, Turn::reviewer);
  EXPECT_EQ(decision.why, "1 of 2 approvals; the last by ada");
}

}  // namespace
}  // namespace resident
