// Commit messages and commit objects as bytes, without a repository.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <base/mailmap.hpp>
#include <base/message_ids.hpp>
#include <base/text.hpp>
#include <git/file_changes.hpp>
#include <git/message.hpp>
#include <git/raw_commit.hpp>
#include <random>

namespace resident::git {
namespace {

using Numbers = std::vector<std::int64_t>;

std::string show(const std::vector<Trailer>& trailers) {
  std::string text;
  for (const Trailer& trailer : trailers) text += trailer.token + "=" + trailer.value + ";";
  return text;
}

TEST(GitMessage, SplitsAsGitDoes) {
  struct Case {
    const char *message, *subject, *body;
  };
  for (const Case& c : {
           Case{"One line\n", "One line", ""},
           {"\n\n  \nSubject  \nfolded\r\n\n\nBody\n  indented\n\n", "Subject folded", "Body\n  indented"},
           {"", "", ""},
           {"\n\n", "", ""},
           {"No end", "No end", ""},
           {"Subject\n   \nBody", "Subject", "Body"},
       }) {
    const auto [subject, body] = split_message(c.message);
    EXPECT_EQ(subject, c.subject) << c.message;
    EXPECT_EQ(body, c.body) << c.message;
  }
}

TEST(GitMessage, PullNumbers) {
  struct Case {
    const char* message;
    Numbers pulls;
  };
  const MessageParser parser;
  for (const Case& c : {
           Case{"bpo-44070: No longer eagerly convert filenames (GH-26007)", {26007}},
           {"gh-91234: Fix it (#91235)", {91235}},
           {"[3.9] bpo-1: Title (GH-12) (GH-34)", {12, 34}},
           {"Title (#1) (gh-2) \n\nBody (#3)", {1, 2}},
           {"Revert \"Title (#12)\" (#34)", {34}},
           {"Revert \"Title (#12)\"", {}},
           {"Title (#12) and more", {}},
           {"Merge pull request #123 from user/branch", {123}},
           {"Merge pull request 'A title' (#7) from user/branch into main", {7}},
           {"Merge bitcoin-core/secp256k1#1466: release cleanup", {1466}},
           {"Merge #123: Title", {123}},
           {"PR #12: Title\n\nImported from GitHub PR https://github.com/o/r/pull/12\n\nWords", {12}},
           {"Title\n\nCOPYBARA_INTEGRATE_REVIEW=https://github.com/o/r/pull/14 from ann:fix 3e1f9c6\n"
            "PiperOrigin-RevId: 600000002",
            {14}},
           {"Unlike #15\n\nSee https://github.com/o/r/pull/15", {}},
           {"Merge #123 #124 #130\n\n123: Title r=bob a=ann\n\nCloses #9, see #8\n\n124: Another r=bob a=cy",
            {123, 124, 130}},
           {"Merge #123 #124 into main", {123}},
           {"Merged PR 77: Title", {77}},
           {"Auto merge of #5511 - user:branch, r=me", {5511}},
           {"Merge branch 'x' into 'main'\n\nTitle\n\nSee merge request group/sub-group/project!321", {321}},
           {"Merge branch 'x' into 'main'\n\nSee merge request !4\n", {4}},
           {"Title (!9)", {9}},
           {"Title\n\nText.\n\nPull Request resolved: https://github.com/o/r/pull/12\nApproved by: ada", {12}},
           {"lib: title\n\nPR-URL: https://github.com/o/r/pull/13\nReviewed-By: Ada <ada@example.org>", {13}},
           {"lib: title\n\nBackport-PR-URL: https://github.com/o/r/pull/13", {}},
           {"[PUMP-1] Title\n\nText.\n\nCloses #14 from ada/pump-1.\n\nAuthored-by: Ada", {14}},
           {"Title\n\nCloses #14", {}},
           {"pump: title\n\nGitHub-Last-Rev: abc\nGitHub-Pull-Request: o/r#15", {15}},
           {"Title (#0)", {}},
           {"Title (#99999999999999999999)", {}},
           {"Merge remote-tracking branch 'origin/main'", {}},
           {"bpo-123: Title", {}},
       })
    EXPECT_EQ(parser.parse(c.message).pull_numbers, c.pulls) << c.message;
}

TEST(GitMessage, ABatchBroughtEachOfItsPulls) {
  const MessageParser parser;
  const Message batch = parser.parse("Merge #12 #13\n\n12: Stop r=ann a=bob\n\nFixes #5.\n\nPR-URL: #99");
  EXPECT_EQ(batch.pull_numbers, (Numbers{12, 13}));
  EXPECT_EQ(batch.own_pulls, 2U);
  EXPECT_EQ(batch.fixes, Numbers{5});
  EXPECT_EQ(parser.parse("[3.9] Title (GH-12) (GH-34)").own_pulls, 1U);
  EXPECT_EQ(parser.parse("Merge #12").own_pulls, 1U);
}

TEST(GitMessage, FixesAndMentions) {
  struct Case {
    const char* message;
    Numbers fixes, mentions;
  };
  const MessageParser parser;
  for (const Case& c : {
           Case{"Subject\n\nFixes #12", {12}, {}},
           {"fix GH-12", {12}, {}},
           {"Title\n\ncloses #1, #2 and gh-3, resolves: #4", {1, 4}, {2, 3}},
           {"Title\n\nFixed #1 #2; see #3", {1}, {2, 3}},
           {"Resolves issue #8", {}, {8}},
           {"Fix it\n\n#9 is mended", {}, {9}},
           {"Revert \"Fix it (fixes #1)\" (#2)\n\nFixes #3", {3}, {1}},
           {"Title\n\nPrefix #12, fixes bpo-33", {}, {12}},
           {"gh-91234: Title (#91235)", {}, {91234}},
           {"Title\n\nother/project#12, a#b, &#39;", {}, {}},
           {"Fixes #12 (#12)", {12}, {}},
       }) {
    const Message message = parser.parse(c.message);
    EXPECT_EQ(message.fixes, c.fixes) << c.message;
    EXPECT_EQ(message.mentions, c.mentions) << c.message;
  }
}

TEST(GitMessage, OfOtherRepositories) {
  MessagePatterns patterns;
  patterns.references.set_address("https://github.com/o/r");
  const MessageParser parser(patterns);
  struct Case {
    const char* message;
    Numbers pulls, fixes, mentions;
  };
  for (const Case& c : {
           Case{"Merge o/r#12: Title", {12}, {}, {}},
           {"Merge other/lib#12: Title", {}, {}, {}},
           {"Merge branch 'x'\n\nSee merge request group/lib!12", {}, {}, {}},
           {"Title\n\nPull-Request: https://github.com/other/lib/pull/12", {}, {}, {}},
           {"Title\n\nPull-Request: https://github.com/o/r/pull/12", {12}, {}, {}},
           {"Title\n\nFixes o/r#1, fixes other/lib#2, see https://github.com/o/r/issues/3", {}, {1}, {3}},
       }) {
    const Message message = parser.parse(c.message);
    EXPECT_EQ(message.pull_numbers, c.pulls) << c.message;
    EXPECT_EQ(message.fixes, c.fixes) << c.message;
    EXPECT_EQ(message.mentions, c.mentions) << c.message;
  }
}

// What git 2.39.5 says with `git log --format=%(trailers:only,unfold)`; tests/miner/messages.py asks git itself.
TEST(GitMessage, TrailersAsGitReadsThem) {
  const std::string picked = "(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)";
  struct Case {
    std::string message, trailers;
  };
  for (const Case& c : {
           Case{"S\n\nBody\n\nReviewed-by: Ada <a@b.c>\nSigned-off-by: Bob <b@b.c>\n",
                "reviewed-by=Ada <a@b.c>;signed-off-by=Bob <b@b.c>;"},
           {"S\n\nKey: value\n continued\nOther :  x\n", "key=value continued;other=x;"},
           {"Reviewed-by: subject is no trailer", ""},
           {"S\nReviewed-by: still the subject\n", ""},
           {"\n\nS\n\nReviewed-by: R\n", "reviewed-by=R;"},
           {"S\n\nBody: with colon\nand more text\n", ""},
           {"S\n\nSigned-off-by: A\n\nReviewed-by: R\n", "reviewed-by=R;"},
           {"S\n\nl1\nl2\nl3\nSigned-off-by: B <b@c>\n", "signed-off-by=B <b@c>;"},
           {"S\n\nl1\nl2\nl3\nl4\nSigned-off-by: B <b@c>\n", ""},
           {"S\n\nl1\nl2\nl3\nsigned-off-by: B <b@c>\n", ""},
           {"S\n\nl1\nl2\n  indented\nSigned-off-by: B\n", "signed-off-by=B;"},
           {"S\n\nl1\nl2\nl3\n  indented\nSigned-off-by: B\n", ""},
           {"S\n\nReviewed-by: R\n" + picked + "\n", "reviewed-by=R;"},
           {"S\n\nbody\n\n" + picked + "\n", ""},
           {"S\n\nReviewed-by: R\n# comment\nAcked-by: A\n", "reviewed-by=R;acked-by=A;"},
           {"S\n\nReviewed-by: R\n# ------------------------ >8 ------------------------\nAcked-by: A\n",
            "reviewed-by=R;"},
           {"S\n\nReviewed-by: R\n\nConflicts:\n\tfile.c\n", "reviewed-by=R;"},
           {"S\n\nReviewed-by: R\n---\n a.c | 2 +-\n\nAcked-by: A\n", "acked-by=A;"},
           {"S\n\nhttps://example.org/x\nReviewed-by: R\n", "https=//example.org/x;reviewed-by=R;"},
           {"S\n\nEmpty:\n-: x\n", "empty=;-=x;"},
           {"S\n\n  Reviewed-by: indented\n", ""},
           {"S\n\nCRLF: yes\r\nNext: no\r\n", "crlf=yes;next=no;"},
           {"S\n\nCo-Authored-By: A <a@b>\nsome text\n\nMore text.\n", ""},
           {"", ""},
           {"S\n\n:\n", ""},
       })
    EXPECT_EQ(show(parse_trailers(c.message)), c.trailers) << c.message;
  const auto trailers =
      parse_trailers("S\n\nCo-authored-by: \"Ada, L.\" <ada@example.org>\nReviewed-by: Bob\nCo-authored-by: C <c@d\n");
  ASSERT_EQ(trailers.size(), 3u);
  EXPECT_EQ(trailers[0].name, "Ada, L.");
  EXPECT_EQ(trailers[0].email, "ada@example.org");
  EXPECT_EQ(trailers[1].name, "");
  EXPECT_EQ(trailers[2].email, "");
}

TEST(GitMessage, MarksBesideTrailers) {
  struct Case {
    const char *message, *marks;
  };
  for (const Case& c : {
           Case{"S\n\n(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)\n\nCo-authored-by: Ada "
                "<a@b.c>\n",
                "cherry-picked-from=0123456789abcdef0123456789abcdef01234567;"},
           {"Revert \"x\"\n\nThis reverts commit 0123456789ABCDEF0123456789abcdef01234567.\n",
            "reverts=0123456789abcdef0123456789abcdef01234567;"},
           {"S\n\nCo-Authored-By: A <a@b>\nsome text\n\nMore text.\n", "co-authored-by=A <a@b>;"},
           {"S\n\nCo-authored-by: A <a@b>\n\nCo-authored-by: B <b@b>\n", "co-authored-by=A <a@b>;"},
           {"S\n\n  Co-authored-by: A <a@b>\n\ntext: Co-authored-by: A <a@b>\n", ""},
           {"S\n\nThis reverts commit of mine\n", ""},
       })
    EXPECT_EQ(show(parse_marks(c.message)), c.marks) << c.message;
}

TEST(GitMessage, PatternsAreChecked) {
  MessagePatterns patterns;
  patterns.pull_bodies = {"(unclosed"};
  EXPECT_THROW(MessageParser{patterns}, Error);
  patterns.pull_bodies = {"no group"};
  EXPECT_THROW(MessageParser{patterns}, Error);
  patterns.pull_bodies = {R"((?m)^Change: (\d+))"};
  EXPECT_EQ(MessageParser(patterns).parse("S\n\nChange: 42").pull_numbers, Numbers{42});
}

TEST(GitCommit, Signatures) {
  struct Case {
    const char *line, *name, *email;
    Timestamp time;
    int zone;
    std::size_t faults;
  };
  for (const Case& c : {
           Case{"Ada L. <ada@example.org> 1700000000 +0130", "Ada L.", "ada@example.org", 1700000000, 90, 0},
           {"A <a@b> 1 -0800", "A", "a@b", 1, -480, 0},
           {" <> 5 +0000", "", "", 5, 0, 0},
           {"A <a@b> -5 +0000", "A", "a@b", 0, 0, 1},
           {"A <a@b> 99999999999999999999 +0000", "A", "a@b", 253402300799, 0, 1},
           {"A <a@b> 7 +9999", "A", "a@b", 7, 0, 1},
           {"A <a@b> 7", "A", "a@b", 7, 0, 0},
           {"A <a@b>", "A", "a@b", 0, 0, 1},
           {"A <a@b 7 +0100", "A", "a@b", 7, 60, 1},
           {"A a@b 7 +0100", "A a@b", "", 7, 60, 1},
           {"", "", "", 0, 0, 2},
           {"A <x>y> 7 +0100", "A", "x", 7, 60, 0},
           {"A <a@b> soon +0100", "A", "a@b", 0, 0, 1},
       }) {
    std::vector<std::string> faults;
    const Signature signature = parse_signature(c.line, &faults);
    EXPECT_EQ(signature.name, c.name) << c.line;
    EXPECT_EQ(signature.email, c.email) << c.line;
    EXPECT_EQ(signature.time, c.time) << c.line;
    EXPECT_EQ(signature.zone_minutes, c.zone) << c.line;
    EXPECT_EQ(faults.size(), c.faults) << c.line;
  }
  EXPECT_LE(parse_signature(std::string(10'000, 'n') + " <a@b> 1 +0000", nullptr).name.size(), kMaxName + 4);
}

TEST(GitCommit, HeadersAndEncodings) {
  const std::string tree(40, 'a'), parent(40, 'b');
  const std::string head =
      "tree " + tree + "\nparent " + parent + "\nauthor Ren\xE9 <r@e> 1 +0000\ncommitter C <c@d> 2 +0000\n";
  const RawCommit latin = parse_commit(head + "encoding ISO-8859-1\ngpgsig x\n parent of nothing\n\n\n\xC9t\xE9\n");
  EXPECT_EQ(latin.message, "\nÉté\n");
  EXPECT_EQ(latin.author.name, "René");
  EXPECT_EQ(latin.header.parents.size(), 1u);
  EXPECT_TRUE(latin.faults.empty());
  EXPECT_EQ(parse_commit(head + "\n\xC9t\xE9\n").message, "\uFFFDt\uFFFD\n");
  EXPECT_EQ(parse_commit(head + "encoding no-such-set\n\n\xC9\n").message, "\uFFFD\n");
  EXPECT_FALSE(parse_commit(head + "encoding no-such-set\n\n\xC9\n").faults.empty());
  EXPECT_EQ(parse_commit("").faults.size(), 5u);
  EXPECT_FALSE(convert_to_utf8("x", "../../evil"));
  EXPECT_FALSE(convert_to_utf8("x", "UTF-8//TRANSLIT"));
  EXPECT_EQ(convert_to_utf8("\x82\xA0", "Shift_JIS").value_or(""), "あ");
}

TEST(GitPath, IsCleanUniqueAndBounded) {
  EXPECT_EQ(path_text("a/é\n\"b"), "a/é\n\"b");
  EXPECT_EQ(path_text("a\xE9"
                      "b/é"),
            "a\\xE9"
            "b/é");
  const std::string one = path_text(std::string(10'000, 'x') + "1"), other = path_text(std::string(10'000, 'x') + "2");
  EXPECT_LE(one.size(), kMaxPath);
  EXPECT_NE(one, other);
}

TEST(GitMessage, RandomBytesAreCleanAndBounded) {
  const std::vector<std::string> pieces = {"Fixes ",
                                           "#12",
                                           "\n",
                                           "\n\n",
                                           "(GH-3)",
                                           "Co-authored-by: ",
                                           "<",
                                           ">",
                                           "\xE9",
                                           std::string(1, '\0'),
                                           "author ",
                                           "tree ",
                                           "encoding UTF-16\n",
                                           " ",
                                           ":",
                                           "(cherry picked from commit ",
                                           "abcdef0123456789",
                                           "Merge #1",
                                           "é"};
  std::mt19937 random(7);
  const MessageParser parser;
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::size_t i = random() % 40; i > 0; --i) text += pieces[random() % pieces.size()];
    const Message message = parser.parse(text);
    ASSERT_TRUE(is_clean_text(message.subject) && is_clean_text(message.body));
    for (const Trailer& trailer : message.trailers)
      ASSERT_TRUE(is_clean_text(trailer.value) && is_clean_text(trailer.name));
    const RawCommit commit = parse_commit(text);
    ASSERT_TRUE(is_clean_text(commit.message) && is_clean_text(commit.author.name));
    ASSERT_TRUE(is_clean_text(path_text(text)));
  }
}

TEST(ParseMarks, NamesTheMailThatBroughtIt) {
  const auto marks = parse_marks(
      "pump: start\n\nIt is.\n\nLink: https://lore.kernel.org/r/a31@ann.example.org\nMessage-Id: <b2@bob.example.net>\n"
      "Discussion: https://postgr.es/m/c3%40cy.example.com\nCloses: https://lore.kernel.org/r/d4@eve.example.org\n"
      "Link: https://example.org/issues/12\nSigned-off-by: Ann <ann@example.org>\n");
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[0].token, "message-id");
  EXPECT_EQ(marks[0].value, mail_key("a31@ann.example.org"));
  EXPECT_EQ(marks[1].value, mail_key("b2@bob.example.net"));
  EXPECT_EQ(marks[2].token, "discussion");
  EXPECT_EQ(marks[2].value, mail_key("c3@cy.example.com"));
}

TEST(RevertsOfSeveral, AreReadOverTheLinesOfTheirSentence) {
  const auto reverted = [](const char* message) {
    std::string all;
    for (const Trailer& mark : parse_marks(message))
      if (mark.token == "reverts") all += (all.empty() ? "" : " ") + mark.value;
    return all;
  };
  EXPECT_EQ(reverted("Revert both\n\nThis reverts commits 0123abc and 4567DEF.\n"), "0123abc 4567def");
  EXPECT_EQ(reverted("Revert\n\nThis reverts commits 0123abc, 4567def\nand 89abcde. See 1111111.\n"),
            "0123abc 4567def 89abcde");
  EXPECT_EQ(reverted("Revert\n\nThis reverts commit 0123abc, reversing\nchanges made to 4567def.\n"), "0123abc");
  EXPECT_EQ(reverted("Revert\n\nThis reverts commits of last week, as of 0123abc.\n"), "");
}

}  // namespace
}  // namespace resident::git
