#include <gtest/gtest.h>

#include <actions/questions.hpp>
#include <model/queues/owed.hpp>

namespace resident {
namespace {

constexpr std::int64_t kAuthor = 1, kAda = 2, kBea = 3, kOutsider = 4, kBot = 5;
constexpr Timestamp kBegin = 1700000000;  // 2023-11-14

class Thread {
 public:
  explicit Thread(bool is_pull = true) {
    item_.number = 10;
    item_.is_pull = is_pull;
    item_.title = "Change something";
    item_.body = "It changes the second loop of the parser to be faster.";
    item_.url = is_pull ? "https://example.org/o/n/pull/10" : "https://example.org/o/n/issues/10";
    item_.author = kAuthor;
    item_.created_at = item_.opened_at = kBegin;
    people_.names = {{kAuthor, "Carl"}, {kAda, "ada"}, {kBea, "bea"}, {kOutsider, "outsider"}, {kBot, "bot"}};
    people_.by_login = {{"carl", kAuthor}, {"ada", kAda}, {"bea", kBea}, {"outsider", kOutsider}, {"bot", kBot}};
    people_.maintainers = people_.approvers = {kAda, kBea};
    people_.bots = {kBot};
  }
  Thread& add(EntryKind kind, std::int64_t person, std::string body = {}, std::string state = {}) {
    Entry entry;
    entry.at = kBegin + kDay * static_cast<Timestamp>(item_.entries.size() + 1);
    entry.kind = kind;
    entry.person = person;
    entry.is_bot = person == kBot;
    entry.body = std::move(body);
    entry.state = std::move(state);
    entry.key = std::to_string(100 + item_.entries.size());
    entry.thread = entry.key;
    item_.entries.push_back(std::move(entry));
    return *this;
  }
  Thread& says(std::int64_t person, const char* text) { return add(EntryKind::comment, person, text); }
  Thread& remarks(std::int64_t person, const char* text, const char* thread = "") {
    add(EntryKind::inline_comment, person, text);
    if (*thread) item_.entries.back().thread = thread;
    return *this;
  }
  Thread& reviews(std::int64_t person, const char* state, const char* text = "") {
    return add(EntryKind::review, person, text, state);
  }
  Thread& pushes() { return add(EntryKind::push, kAuthor); }
  OpenItem& item() { return item_; }
  const People& people() const { return people_; }
  std::optional<Owed> owed() const { return owed_by_author(item_, people_, kBegin + 1000 * kDay); }
  // The kind and the words, or "nothing".
  std::string told() const {
    const auto owed = this->owed();
    if (!owed) return "nothing";
    static const char* names[] = {"changes", "question", "rebase", "nudge", "announced"};
    return std::string(names[static_cast<int>(owed->kind)]) + ": " + people_.name(owed->by) + ": " + owed->words;
  }

 private:
  OpenItem item_;
  People people_;
};

TEST(Owed, AQuestionStandsUntilItsAuthorActs) {
  Thread thread;
  thread.says(kAda, "Interesting. Could you add a test?");
  EXPECT_EQ(thread.told(), "question: ada: Could you add a test?");
  EXPECT_EQ(Thread(thread).pushes().told(), "nothing");
  EXPECT_EQ(Thread(thread).says(kAuthor, "There is one already.").told(), "nothing");
}

TEST(Owed, WhatAsksNothingIsNotOwed) {
  EXPECT_EQ(Thread().says(kAda, "I measured it: twice as fast.").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Assigned number 155").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Should we wait for the release?").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Please note that the release is near.").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Thank you for your work.").told(), "nothing");
}

TEST(Owed, WhatIsSaidToOthersIsNotOwed) {
  EXPECT_EQ(Thread().says(kAda, "@bea").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "@bea could you have a look?").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "@bea @carl could you have a look?").told(),
            "question: ada: @bea @carl could you have a look?");
  EXPECT_EQ(Thread().says(kOutsider, "I get an error here.").says(kAda, "Did you rebuild all of it?").told(),
            "nothing");
  EXPECT_EQ(Thread().says(kOutsider, "It fails on my machine.").says(kAda, "@Carl did you see that?").told(),
            "question: ada: @Carl did you see that?");
  EXPECT_EQ(Thread()
                .says(kOutsider, "I get an error with the new compiler here.")
                .says(kBea, "ok")
                .says(kAda, "> I get an error with the new compiler here.\n\nWhich one do you use?")
                .told(),
            "nothing");
  EXPECT_EQ(Thread().says(kAda, "> changes the second loop of the parser\n\nDid you measure it?").told(),
            "question: ada: Did you measure it?");
  EXPECT_EQ(Thread().remarks(kOutsider, "Rename it.", "t").remarks(kAda, "Do you have a name?", "t").told(), "nothing");
}

TEST(Owed, ExplanationsAndRhetoricAskNothing) {
  EXPECT_EQ(Thread().says(kAda, "You need to select the one that fits.").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Leaving it open (please don't rebase)").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Yes, please.").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Why waste time if you knew that it fails?").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "@bea\nCan you say whether @carl is on the right way?").told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Slow.").says(kAuthor, "I'll add it once #12 is in.").told(), "nothing");
}

TEST(Owed, APasserByAsksNothingOfTheAuthorForUs) {
  EXPECT_EQ(Thread().says(kOutsider, "Could you add a test?").told(), "nothing");
}

TEST(Owed, SomebodyElseMayHaveAnsweredOrOvertakenIt) {
  Thread thread;
  thread.says(kAda, "Does your change work with the old format?");
  EXPECT_EQ(Thread(thread).says(kOutsider, "It does, I tried it.").told(), "nothing");
  EXPECT_EQ(Thread(thread).says(kAda, "Never mind, I see that it does.").told(), "nothing");
  EXPECT_EQ(Thread(thread).says(kBea, "Let's put this on hold until 2.0.").told(), "nothing");
  EXPECT_EQ(Thread(thread).reviews(kAda, "approved").told(), "nothing");
  EXPECT_EQ(Thread(thread).reviews(kBea, "approved").told(),
            "question: ada: Does your change work with the old format?");
}

TEST(Owed, ChangesThatAReviewAskedFor) {
  Thread thread;
  thread.reviews(kAda, "changes_requested", "Please split this into two commits.");
  EXPECT_EQ(thread.told(), "changes: ada: Please split this into two commits.");
  EXPECT_EQ(Thread(thread).says(kBea, "I agree with that.").told(),
            "changes: ada: Please split this into two commits.");
  EXPECT_EQ(Thread(thread).reviews(kAda, "approved").told(), "nothing");
  thread.add(EntryKind::dismissed, kBea);
  thread.item().entries.back().subject = kAda;
  EXPECT_EQ(thread.told(), "nothing");
  EXPECT_EQ(Thread().reviews(kOutsider, "changes_requested", "Please split this.").told(), "nothing");
}

TEST(Owed, ARebase) {
  EXPECT_EQ(Thread().says(kAda, "Needs rebase.").told(), "rebase: ada: Needs rebase.");
  EXPECT_EQ(Thread().says(kBot, "This pull request conflicts with the target branch and needs rebase.").told(),
            "rebase: bot: ");
  EXPECT_EQ(Thread().says(kBot, "CI failed.\n\nTry again.\n\nPossibly it needs a rebase.").told(), "nothing");
  Thread thread;
  thread.says(kBot, "This needs a rebase.").add(EntryKind::unlabeled, kBot);
  EXPECT_EQ(thread.told(), "nothing");
}

TEST(Owed, AnAnnouncedFixIsOwedUntilItComes) {
  Thread thread;
  thread.says(kAda, "The loop is slow.").says(kAuthor, "Right. I'll push a fix tomorrow.");
  EXPECT_EQ(thread.told(), "announced: Carl: I'll push a fix tomorrow.");
  EXPECT_EQ(Thread(thread).says(kAda, "Thanks!").told(), "nothing");
  EXPECT_EQ(Thread(thread).pushes().told(), "nothing");
  EXPECT_EQ(Thread().says(kAda, "Slow.").says(kAuthor, "Done. I'll split it if you prefer.").told(), "nothing");
}

TEST(Owed, WhatWasEditedLaterIsNotShown) {
  Thread thread;
  thread.says(kAda, "Could you add a test?");
  thread.item().entries.back().edited_at = kBegin + 2000 * kDay;
  EXPECT_EQ(thread.told(), "nothing");
}

TEST(Owed, NobodyAnswersWhereItIsLocked) {
  Thread thread(false);
  thread.says(kAda, "Which version do you use?");
  EXPECT_EQ(thread.told(), "question: ada: Which version do you use?");
  thread.item().is_locked = true;
  EXPECT_EQ(thread.told(), "nothing");
}

std::string asked(Thread& thread) {
  const auto action = question_to_author(thread.item(), thread.people(), kBegin + 200 * kDay, 60 * kDay);
  return action ? action->content : "";
}

TEST(Questions, NameWhoSaidWhatAndWhenAndWhere) {
  Thread thread;
  thread.reviews(kAda, "changes_requested", "Please split *this*, @Carl.");
  EXPECT_EQ(asked(thread),
            "Hello @Carl, on 2023-11-15 ada asked for changes (https://example.org/o/n/pull/10#pullrequestreview-100): "
            "“Please split this, Carl.” There is no answer from you since; are you still interested in this? If you "
            "would rather have somebody else take it over, just say so.");
  const auto action = question_to_author(thread.item(), thread.people(), kBegin + 200 * kDay, 60 * kDay);
  ASSERT_EQ(action->said.size(), 1u);
  EXPECT_EQ(said_text(action->said[0]),
            "ada on 2023-11-15: “Please split this, @Carl.”, https://example.org/o/n/pull/10#pullrequestreview-100");
  Thread issue(false);
  issue.says(kBea, "Which version do you use?");
  EXPECT_EQ(asked(issue),
            "Hello @Carl, on 2023-11-15 bea wrote: “Which version do you use?” "
            "(https://example.org/o/n/issues/10#issuecomment-100). There is no answer from you since; could you have a "
            "look at it?");
}

TEST(Questions, AreNotAskedTooSoonNorTwiceNorOfWhomNobodyCanName) {
  Thread thread;
  thread.says(kAda, "Could you add a test?");
  EXPECT_NE(asked(thread), "");
  EXPECT_FALSE(question_to_author(thread.item(), thread.people(), kBegin + 60 * kDay, 60 * kDay));
  Thread again(thread);
  again.says(kBea, "Hello @Carl, on 2023-11-15 ada wrote … <!-- resident:1/comment/0 -->");
  EXPECT_EQ(asked(again), "");
  Thread nameless(thread);
  nameless.item().author = 77;
  EXPECT_EQ(asked(nameless), "");
}

TEST(Questions, KeepHostileWordsHarmless) {
  Thread thread;
  thread.says(kAda, "Could you [look](javascript:alert) at <script>, @Carl, and #1?");
  EXPECT_NE(asked(thread).find("“Could you look at \\<script\\>, Carl, and \\#1?”"), std::string::npos)
      << asked(thread);
}

TEST(Questions, ShowNamesAsTheyWereWritten) {
  Thread thread;
  thread.says(kAda, "Could you rename a_b and test_split_page(), or _not_ even {x}!?");
  EXPECT_NE(asked(thread).find("“Could you rename a_b and test_split_page(), or \\_not\\_ even {x}!?”"),
            std::string::npos)
      << asked(thread);
}

TEST(Questions, AnchorsAreThoseOfTheForge) {
  OpenItem item;
  Entry entry;
  entry.key = "12";
  const auto url = [&](const char* address, EntryKind kind) {
    item.url = address;
    entry.kind = kind;
    return post_url(item, entry);
  };
  EXPECT_EQ(url("https://h/o/n/pull/1", EntryKind::comment), "https://h/o/n/pull/1#issuecomment-12");
  EXPECT_EQ(url("https://h/o/n/pull/1", EntryKind::inline_comment), "https://h/o/n/pull/1#discussion_r12");
  EXPECT_EQ(url("https://h/g/n/-/merge_requests/1", EntryKind::comment), "https://h/g/n/-/merge_requests/1#note_12");
  EXPECT_EQ(url("https://h/g/n/-/merge_requests/1", EntryKind::review), "https://h/g/n/-/merge_requests/1");
  EXPECT_EQ(url("https://h/o/n/pulls/1", EntryKind::comment), "https://h/o/n/pulls/1#issuecomment-12");
  EXPECT_EQ(url("https://h/o/n/pulls/1", EntryKind::review), "https://h/o/n/pulls/1");
  EXPECT_EQ(url("", EntryKind::comment), "");
  entry.key = "comment/x";
  EXPECT_EQ(url("https://h/o/n/pull/1", EntryKind::comment), "https://h/o/n/pull/1");
}

}  // namespace
}  // namespace resident
