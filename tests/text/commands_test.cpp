#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <text/commands.hpp>
#include <text/speech.hpp>

namespace resident {
namespace {

struct Line {
  const char* text;
  CommandAct act;
  const char* names = "";
};

class CommandLines : public ::testing::TestWithParam<Line> {};

TEST_P(CommandLines, AreRead) {
  const Line& line = GetParam();
  const auto command = command_of(line.text);
  ASSERT_TRUE(command) << line.text;
  EXPECT_EQ(command->act, line.act) << line.text;
  std::string names;
  for (const std::string& each : command->names) names += (names.empty() ? "" : ",") + each;
  EXPECT_EQ(names, line.names) << line.text;
}

constexpr Line kCommands[] = {
    // Prow
    {"/lgtm", CommandAct::approve},
    {"/approve no-issue", CommandAct::approve},
    {"/lgtm cancel", CommandAct::take_back},
    {"/approve cancel", CommandAct::take_back},
    {"/remove-lgtm", CommandAct::take_back},
    {"/hold", CommandAct::hold},
    {"/hold until the release", CommandAct::hold},
    {"/hold cancel", CommandAct::release},
    {"/unhold", CommandAct::release},
    {"/remove-hold", CommandAct::release},
    {"/cc @Cyd @bea", CommandAct::call, "bea,cyd"},
    {"/assign @cyd", CommandAct::call, "cyd"},
    {"/assign", CommandAct::other},
    {"/retest", CommandAct::other},
    {"/test all", CommandAct::other},
    {"/label tide/merge-method-squash", CommandAct::other},
    {"/remove-lifecycle stale", CommandAct::other},
    // homu, bors-ng, bors
    {"@bors r+", CommandAct::approve},
    {"@bors: r+ rollup=never p=2", CommandAct::approve},
    {"bors r+", CommandAct::approve},
    {"bors merge", CommandAct::approve},
    {"@bors r=cyd,Bea", CommandAct::approve, "bea,cyd"},
    {"@bors r=me", CommandAct::approve},
    {"@bors r-", CommandAct::take_back},
    {"bors merge-", CommandAct::take_back},
    {"@bors try @rust-timer queue", CommandAct::other},
    {"@bors p=1 r+", CommandAct::approve},
    {"bors delegate+", CommandAct::other},
    // triagebot
    {"@rustbot author", CommandAct::to_author},
    {"@rustbot ready", CommandAct::to_reviewers},
    {"@rustbot review", CommandAct::to_reviewers},
    {"@rustbot blocked", CommandAct::hold},
    {"@rustbot label: +A-docs", CommandAct::other},
    {"r? @Cyd", CommandAct::call, "cyd"},
    {"r? compiler", CommandAct::call, "compiler"},
    {"r? @ghost", CommandAct::other},
    // others
    {"@dependabot rebase", CommandAct::other},
    {"@dependabot squash and merge", CommandAct::approve},
    {"@Mergifyio rebase", CommandAct::other},
    {"@coderabbitai review", CommandAct::other},
    {"@github-actions[bot] rebase", CommandAct::other},
    {"recheck", CommandAct::other},
    {"recheck bug 123456", CommandAct::other},
    {"retest this please", CommandAct::other},
    {"jenkins, test this please", CommandAct::other},
    {"pre-commit.ci autofix", CommandAct::other},
    {"!build", CommandAct::other},
};
INSTANTIATE_TEST_SUITE_P(All, CommandLines, ::testing::ValuesIn(kCommands));

constexpr const char* kProse[] = {"LGTM",
                                  "/usr/bin/git is not there",
                                  "/etc is not writable",
                                  "/tmp fills up",
                                  "/ is the root",
                                  "//! doc comments are missing",
                                  "/foo should not be a path of its own here, I think",
                                  "@ada could you rename this?",
                                  "@talbot r+",
                                  "@rustbot is nice, @ada what do you think?",
                                  "bors is slow today",
                                  "jenkins is red",
                                  "codecov is failing",
                                  "recheck the docs of this function, please.",
                                  "@bors is red, why?, @ada",
                                  "!= would be better here.",
                                  ""};

TEST(ProseOfCommands, IsReadAsSuch) {
  for (const char* text : kProse) EXPECT_FALSE(command_of(text)) << text;
}

TEST(CommandsInWords, StandBehindOthersForBorsAlone) {
  EXPECT_EQ(command_begin("Thanks! @bors r+"), 8U);
  EXPECT_EQ(command_begin("Thanks, @bors is slow"), std::string_view::npos);
  EXPECT_TRUE(approves_by_command("Nice.\n\n/lgtm"));
  EXPECT_TRUE(approves_by_command("Nice. @bors r+ rollup"));
  EXPECT_FALSE(approves_by_command("/approve\n/lgtm cancel"));
  EXPECT_FALSE(approves_by_command("I would say /lgtm"));
}

TEST(CommandsInSpeech, SayNothingElseToPeople) {
  for (const char* text : {"@dependabot rebase", "@mergifyio rebase", "/rebase", "/retest", "recheck", "/test all"}) {
    const Speech speech = understand(text);
    EXPECT_TRUE(speech.is_silent()) << text;
    EXPECT_FALSE(speech.asks()) << text;
    EXPECT_TRUE(speaks_only_to_machines(text)) << text;
  }
  EXPECT_FALSE(understand("@dependabot rebase").does(SpeechAct::rebase));
  EXPECT_TRUE(understand("Please rebase.\n/retest").does(SpeechAct::rebase));
  EXPECT_TRUE(understand("Please rebase. @bors r-").does(SpeechAct::rebase));
  EXPECT_FALSE(speaks_only_to_machines("It is 1.2\n/remove-lifecycle stale"));
  EXPECT_FALSE(speaks_only_to_machines("/cc @ada"));
  EXPECT_FALSE(speaks_only_to_machines(""));
}

TEST(CommandsInSpeech, Approve) {
  EXPECT_TRUE(understand("/lgtm").consents());
  EXPECT_TRUE(understand("Could you do the docs later?\n/lgtm").consents());
  EXPECT_FALSE(understand("/lgtm cancel").consents());
  EXPECT_TRUE(understand("/lgtm cancel").does(SpeechAct::take_back));
  EXPECT_FALSE(understand("`/lgtm`").does(SpeechAct::approve));
  EXPECT_FALSE(understand("> /lgtm\n\nNo.").does(SpeechAct::approve));
  EXPECT_FALSE(understand("```\n/lgtm\n```").does(SpeechAct::approve));
}

RC_GTEST_PROP(CommandsProperties, AnyBytesAreTaken, (const std::string& text)) {
  command_of(text);
  command_begin(text);
  approves_by_command(text);
}

}  // namespace
}  // namespace resident
