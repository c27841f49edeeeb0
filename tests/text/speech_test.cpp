#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <base/text.hpp>
#include <text/speech.hpp>

#include "tests/processor_time.hpp"

namespace resident {
namespace {

struct Row {
  SpeechAct act;
  bool holds;
  const char* text;
};

class Speeches : public ::testing::TestWithParam<Row> {};

TEST_P(Speeches, SaysOrDoesNotSay) {
  const Row& row = GetParam();
  EXPECT_EQ(understand(row.text).does(row.act), row.holds) << row.text;
}

constexpr Row kConsent[] = {
    {SpeechAct::consent, true, "LGTM"},
    {SpeechAct::consent, true, "Looks good to me, thanks!"},
    {SpeechAct::consent, true, "lgtm 👍"},
    {SpeechAct::consent, true, "This looks great."},
    {SpeechAct::consent, true, "LGTM once CI is green."},
    {SpeechAct::consent, true, "Thanks, ship it!"},
    {SpeechAct::consent, true, "@ada All looks good now."},
    {SpeechAct::consent, true, "Once CI is green: LGTM"},
    {SpeechAct::consent, true, "+1 (binding)"},
    {SpeechAct::consent, true, "+1 for merging this"},
    {SpeechAct::consent, false, "+1 (non-binding)"},
    {SpeechAct::consent, false, "+1 on what @cyd said"},
    {SpeechAct::consent, false, "Nicht LGTM, da fehlt ein Test."},
    {SpeechAct::consent, false, "Pas LGTM"},
    {SpeechAct::consent, false, "@cyd's LGTM is missing."},
    {SpeechAct::consent, false, "This needs an LGTM by somebody else."},
    {SpeechAct::consent, false, "If you drop the cache: LGTM"},
    {SpeechAct::promise_review, true, "This is on my list for tomorrow."},
    {SpeechAct::promise_review, false, "It's on my queue to write the proposal draft."},
    {SpeechAct::take_back, true, "I take back my LGTM."},
    {SpeechAct::take_back, false, "I take back the laptop."},
    {SpeechAct::consent, false, "LGTM once the second loop is gone."},
    {SpeechAct::consent, false, "Does this look good to you?"},
    {SpeechAct::consent, false, "Not LGTM yet."},
    {SpeechAct::consent, false, "This doesn't look good to me."},
    {SpeechAct::consent, false, "LGTM?"},
    {SpeechAct::consent, false, "The rest looks good."},
    {SpeechAct::consent, false, "The first commit looks good."},
    {SpeechAct::consent, false, "If this looks good to others, I can squash."},
    {SpeechAct::consent, false, "> LGTM\n\nI do not see that."},
    {SpeechAct::consent, false, "```\nLGTM\n```"},
    {SpeechAct::consent, false, "<!-- LGTM -->"},
    {SpeechAct::consent_idea, true, "The concept looks good."},
    {SpeechAct::consent_idea, true, "I like the idea."},
    {SpeechAct::consent_idea, true, "Nice idea"},
    {SpeechAct::consent_idea, false, "The test fails."},
    {SpeechAct::ack, true, "tACK 0123456"},
    {SpeechAct::consent, false, "ACK 0123456"},
    {SpeechAct::concept_ack, true, "Concept ACK. The code needs work."},
    {SpeechAct::concept_ack, false, "What is a concept ACK?"},
    {SpeechAct::object, true, "NACK, it breaks the old format"},
    {SpeechAct::object, true, "I'm against this."},
    {SpeechAct::object, false, "I'm not against this."},
    {SpeechAct::reservation, true, "LGTM, but one loop is too many."},
    {SpeechAct::reservation, true, "LGTM, one nit below"},
    {SpeechAct::reservation, false, "LGTM"},
};
INSTANTIATE_TEST_SUITE_P(Consent, Speeches, ::testing::ValuesIn(kConsent));

constexpr Row kAsking[] = {
    {SpeechAct::question, true, "Why is this needed?"},
    {SpeechAct::question, true, "为什么需要这个？"},
    {SpeechAct::question, true, "Is it so (and why?)"},
    {SpeechAct::question, false, "See https://example.org/?page=2 for more"},
    {SpeechAct::question, false, "`a ? b : c` is fine"},
    {SpeechAct::question, false, "> Why?\n\nBecause it is faster."},
    {SpeechAct::request, true, "Please add a test."},
    {SpeechAct::request, true, "Could you squash the last two commits"},
    {SpeechAct::request, true, "nit: rename this"},
    {SpeechAct::request, true, "This should be const."},
    {SpeechAct::request, false, "That should be fine."},
    {SpeechAct::request, false, "I agree."},
    {SpeechAct::direct, true, "Could you squash these?"},
    {SpeechAct::direct, true, "Please squash."},
    {SpeechAct::direct, false, "Is there anything left in the other repository?"},
    {SpeechAct::rebase, true, "This needs a rebase."},
    {SpeechAct::rebase, true, "Needs rebase"},
    {SpeechAct::rebase, true, "Please rebase."},
    {SpeechAct::rebase, true, "Can you rebase this on master?"},
    {SpeechAct::rebase, true, "There are merge conflicts now."},
    {SpeechAct::rebase, false, "No need to rebase."},
    {SpeechAct::rebase, false, "This does not need a rebase."},
    {SpeechAct::rebase, false, "Possibly this is due to a silent merge conflict."},
    {SpeechAct::rebase, false, "If this needs a rebase, tell me."},
    {SpeechAct::rebase, false, "Rebased."},
    {SpeechAct::rebase, false, "To avoid a merge conflict I left that out."},
    {SpeechAct::nudge, true, "Are you still interested in this?"},
    {SpeechAct::nudge, true, "Any news here?"},
    {SpeechAct::nudge, true, "Gentle ping"},
    {SpeechAct::nudge, true, "What's the status of this?"},
    {SpeechAct::nudge, true, "@ada are you still working on it?"},
    {SpeechAct::nudge, false, "Nothing of this is new."},
};
INSTANTIATE_TEST_SUITE_P(Asking, Speeches, ::testing::ValuesIn(kAsking));

constexpr Row kAuthors[] = {
    {SpeechAct::announce, true, "I'll push a fix tomorrow."},
    {SpeechAct::announce, true, "I’ll push a fix tomorrow."},
    {SpeechAct::announce, true, "Thanks, will fix."},
    {SpeechAct::announce, true, "Working on it."},
    {SpeechAct::announce, true, "Good point, I'm going to split this up."},
    {SpeechAct::unfinished, true, "I still need to write the tests."},
    {SpeechAct::announce, false, "I want to keep this simple."},
    {SpeechAct::announce, false, "I will do a follow up PR."},
    {SpeechAct::announce, false, "She is looking to implement it."},
    {SpeechAct::announce, false, "I'll do that in a follow-up."},
    {SpeechAct::nudge, false, "The status of that proposal is still Active."},
    {SpeechAct::announce, false, "I'll leave it as it is."},
    {SpeechAct::announce, false, "If you prefer, I'll split it."},
    {SpeechAct::announce, false, "Should I split it?"},
    {SpeechAct::announce, false, "I pushed a fix."},
    {SpeechAct::done, true, "Done"},
    {SpeechAct::done, true, "Done, thanks."},
    {SpeechAct::done, true, "Rebased and addressed the comments."},
    {SpeechAct::done, true, "Thanks! Fixed."},
    {SpeechAct::done, true, "I've pushed a new version."},
    {SpeechAct::done, true, "Ready for review again"},
    {SpeechAct::done, true, "PTAL"},
    {SpeechAct::done, false, "Not done yet."},
    {SpeechAct::done, false, "Is this done?"},
    {SpeechAct::done, false, "Once fixed, I would agree."},
    {SpeechAct::unfinished, true, "This is WIP"},
    {SpeechAct::unfinished, true, "Not ready yet, sorry"},
    {SpeechAct::unfinished, false, "No longer work in progress"},
    {SpeechAct::promise_review, true, "I'll review this next week."},
    {SpeechAct::promise_review, true, "I will take a closer look tomorrow."},
    {SpeechAct::promise_review, true, "Will test this."},
    {SpeechAct::promise_review, false, "Will you review this?"},
    {SpeechAct::promise_review, false, "I reviewed it."},
};
INSTANTIATE_TEST_SUITE_P(Authors, Speeches, ::testing::ValuesIn(kAuthors));

constexpr Row kHolding[] = {
    {SpeechAct::hold, true, "Please do not merge yet."},
    {SpeechAct::hold, true, "Please don't merge this yet, I want to test it."},
    {SpeechAct::hold, true, "Do not merge before #12 is in."},
    {SpeechAct::hold, true, "DO NOT MERGE"},
    {SpeechAct::hold, true, "This is on hold until the release."},
    {SpeechAct::hold, true, "Let's wait until 1.2 is out."},
    {SpeechAct::hold, true, "Blocked on #12"},
    {SpeechAct::hold, false, "Why was this not merged?"},
    {SpeechAct::hold, false, "We don't merge without two reviews."},
    {SpeechAct::hold, false, "I see no reason not to merge this."},
    {SpeechAct::hold, false, "This is no longer on hold."},
    {SpeechAct::hold, false, "This is not blocked on anything."},
    {SpeechAct::hold, false, "> Please do not merge yet.\n\nWhat is missing?"},
    {SpeechAct::release, true, "This can be merged now."},
    {SpeechAct::release, true, "It is unblocked."},
    {SpeechAct::release, true, "No longer blocked"},
    {SpeechAct::release, false, "This can't be merged."},
    {SpeechAct::release, false, "Can this be merged?"},
    {SpeechAct::withdraw, true, "Never mind, I misread it."},
    {SpeechAct::withdraw, true, "No need to change this."},
    {SpeechAct::withdraw, false, "This needs a change."},
    {SpeechAct::accept, true, "Ok, makes sense."},
    {SpeechAct::accept, true, "You're right."},
    {SpeechAct::accept, false, "That makes no sense."},
};
INSTANTIATE_TEST_SUITE_P(Holding, Speeches, ::testing::ValuesIn(kHolding));

TEST(Speech, NamesWhomItAsks) {
  EXPECT_EQ(understand("@ada please take a look").asked(), std::set<std::string>{"ada"});
  EXPECT_EQ(understand("@Ada @bea\nCould you have a look?").asked(), (std::set<std::string>{"ada", "bea"}));
  EXPECT_EQ(understand("As @ada said, this is fine.").asked(), std::set<std::string>{});
  EXPECT_EQ(understand("Write to somebody@example.org please").asked(), std::set<std::string>{});
  EXPECT_EQ(understand("> @ada could you?\n\nYes.").mentions, std::set<std::string>{});
}

TEST(Speech, ConsentNeedsNoMoreThanIsThere) {
  EXPECT_TRUE(understand("LGTM").consents());
  EXPECT_FALSE(understand("LGTM, but please squash").consents());
  EXPECT_FALSE(understand("Looks good. Can you add a test?").consents());
  EXPECT_FALSE(understand("Looks good, please do not merge yet.").consents());
}

TEST(Speech, SentencesKeepTheirWords) {
  const Speech speech = understand("Hello.\nCould you _please_ look at [this](https://example.org/a)?\n\nThanks");
  ASSERT_EQ(speech.sentences.size(), 3u);
  EXPECT_EQ(speech.sentences[1].text, "Could you _please_ look at this?");
  EXPECT_EQ(speech.first(SpeechAct::question), &speech.sentences[1]);
}

TEST(Speech, CodeIsQuotedAsItStandsAndSaysNothing) {
  const Speech speech = understand("Please use `a ? b::c : d` here. `@ada please`");
  ASSERT_EQ(speech.sentences.size(), 2u);
  EXPECT_EQ(speech.sentences[0].text, "Please use a ? b::c : d here.");
  EXPECT_FALSE(speech.does(SpeechAct::question));
  EXPECT_EQ(speech.sentences[1].text, "@ada please");
  EXPECT_FALSE(speech.sentences[1].does(SpeechAct::request));
  EXPECT_TRUE(speech.mentions.empty());
}

TEST(Speech, WordsOfOthersInQuotationMarksSayNothing) {
  const Speech speech = understand("It could show \"Please check this. Are you sure?\" below.");
  ASSERT_EQ(speech.sentences.size(), 1u);
  EXPECT_EQ(speech.sentences[0].text, "It could show \"Please check this. Are you sure?\" below.");
  EXPECT_FALSE(speech.asks());
}

TEST(Speech, AddressesStandInWhatIsQuoted) {
  EXPECT_EQ(understand("I suggest https://example.org/a?b=1 here.").sentences.at(0).text,
            "I suggest https://example.org/a?b=1 here.");
}

TEST(Speech, LinesWrappedByHandAreOneSentence) {
  const Speech speech = understand("Could you please look at whether this\nneeds the second loop?");
  ASSERT_EQ(speech.sentences.size(), 1u);
  EXPECT_TRUE(speech.sentences[0].does(SpeechAct::question));
}

TEST(Speech, AdviceBesideCiIsNoCallForARebase) {
  EXPECT_FALSE(
      bot_asks_for_rebase("<!--1-->\nAt least one of the CI tasks failed.\n\nTry to run the tests locally.\n* Possibly "
                          "this is due to a silent merge conflict. If so, make sure to rebase on the latest commit."));
  EXPECT_FALSE(bot_asks_for_rebase("CI failed.\n\nSee the log.\n\nIf it fails again: please rebase."));
  EXPECT_FALSE(bot_asks_for_rebase(
      "### Conflicts\nReviewers, this pull request conflicts with the following ones:\n* #12 (Change it)"));
  EXPECT_TRUE(
      bot_asks_for_rebase("<!--2-->\n🐙 This pull request conflicts with the target branch and [needs "
                          "rebase](https://example.org)."));
}

TEST(Speech, OwnWordsLeaveOutQuotesCodeAndComments) {
  EXPECT_EQ(own_words("a\n> b\n```\nc\n```\nd<!-- e\nf -->g"), "a\nd\ng\n");
  EXPECT_EQ(own_words("~~~\n```\na\n~~~\nb"), "b\n");
  EXPECT_EQ(own_words("```a``` b"), "");
  EXPECT_EQ(own_words("a <!-- never closed\nb"), "a\n");
}

// Any bytes are read, and in time that grows with the text alone.
RC_GTEST_PROP(Speech, ReadsAnything, (const std::string& text)) {
  const Speech speech = understand(text);
  for (const Sentence& sentence : speech.sentences) RC_ASSERT(!sentence.text.empty());
}

TEST(Speech, LongTextsTakeLittleTime) {
  const double begin = test::processor_seconds();
  for (const char* part :
       {".", "`", "<!--", "](", "please ", "@a ", "> ", "i will try to also ", "?", "no need to\n"}) {
    std::string text;
    while (text.size() < 200'000) text += part;
    (void)understand(text);
    (void)own_words(text);
  }
  EXPECT_LT(test::processor_seconds() - begin, 5);
}

TEST(OwnWords, AreWithoutWhatAMailProgrammePutsBelow) {
  const char* outlook =
      "Done.\n\nFrom: Bea <notifications@example.org>\nSent: Tuesday, January 2, 2024 10:00 AM\nTo: o/r\nSubject: Re: "
      "[o/r] Change (#1)\n\nCould you add a test?\n";
  const char* german =
      "Erledigt.\n\n*Von:* Bea\n*Gesendet:* Dienstag, 2. Januar 2024\n*An:* o/r\n*Betreff:* Re: Change\n\nCould you?";
  const char* proton = "LGTM\n\n-----Original Message-----\nPlease do not merge yet.";
  const char* yahoo =
      "LGTM\nOn Tuesday, January 2, 2024, 10:00:00 AM, Bea <bea@example.org> wrote:\n\nPlease do not merge yet.";
  const char* footer = "LGTM\n\n—\nReply to this email directly, view it on GitHub, or unsubscribe.";
  EXPECT_EQ(trim(own_words(outlook)), "Done.");
  EXPECT_EQ(trim(own_words(german)), "Erledigt.");
  EXPECT_EQ(trim(own_words(proton)), "LGTM");
  EXPECT_EQ(trim(own_words(yahoo)), "LGTM");
  EXPECT_EQ(trim(own_words(footer)), "LGTM\n\n—");
  // Whoever writes below or between what is quoted is heard.
  const char* below = "On Mon, Jan 1, 2024, Bea <bea@example.org> wrote:\n\n> Could you add a test?\n\nDone.";
  EXPECT_NE(own_words(below).find("Done."), std::string::npos);
  // Fields of a form are no head of a mail, and code is left alone.
  EXPECT_NE(own_words("It fails.\n\nFrom: 2.0\nTo: 2.1\n\nIt hangs.").find("hangs"), std::string::npos);
  EXPECT_NE(own_words("See:\n\n```\n-----Original Message-----\n```\nIt hangs.").find("hangs"), std::string::npos);
}

TEST(Notices, AreAMachinesWhoeverPostsThem) {
  for (const char* text :
       {"This issue has been automatically marked as stale because it has not had recent activity.",
        "This issue is stale because it has been open 60 days with no activity.",
        "Issues go stale after 90d of inactivity.\nMark the issue as fresh with `/remove-lifecycle stale`.",
        "Can one of the admins verify this patch?"})
    EXPECT_TRUE(speaks_only_to_machines(text)) << text;
  for (const char* text : {"This is stale, can we close it?", "Why was this marked as stale?",
                           "> This issue has been automatically marked as stale because …\n\nStill happens in 2.0."})
    EXPECT_FALSE(speaks_only_to_machines(text)) << text;
}

}  // namespace
}  // namespace resident
