#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/message_ids.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sources/mail/patches/patch_subject.hpp>
#include <sources/mail/patches/patch_text.hpp>
#include <sources/mail/patches/review_tags.hpp>
#include <sources/mail/patches/series.hpp>

namespace resident::mail {
namespace {

std::string told(const std::string& subject) {
  const PatchSubject read = parse_patch_subject(subject);
  std::string text;
  if (read.is_reply) text += "re ";
  if (read.is_patch) text += "patch ";
  if (read.is_pull_request) text += "pull ";
  if (read.is_for_record) text += "record ";
  if (read.is_rfc) text += "rfc ";
  if (read.is_resend) text += "resend ";
  text += "v" + std::to_string(read.version) + (read.tells_version ? "" : "?");
  if (read.has_number()) text += " " + std::to_string(read.part) + "/" + std::to_string(read.parts);
  for (const auto& tree : read.trees) text += " <" + tree + ">";
  return text + ": " + read.title;
}

// What git format-patch writes, and what people and lists make of it.
TEST(PatchSubject, IsReadAsListsWriteIt) {
  const std::pair<const char*, const char*> rows[] = {
      {"[PATCH] fix it", "patch v1?: fix it"},
      {"[PATCH v2 3/7] fix it", "patch v2 3/7: fix it"},
      {"[PATCH 0/3] three changes", "patch v1? 0/3: three changes"},
      {"[PATCH net-next v3] fix it", "patch v3 <net-next>: fix it"},
      {"[net-next PATCH v3 01/12] fix it", "patch v3 1/12 <net-next>: fix it"},
      {"[LTP] [PATCH v2 1/3] fix it", "patch v2 1/3: fix it"},
      {"[LTP] [RFC PATCH] fix it", "patch rfc v1?: fix it"},
      {"[RFC v2 1/2] fix it", "patch rfc v2 1/2: fix it"},
      {"[PATCH/RFC 2/5] fix it", "patch rfc v1? 2/5: fix it"},
      {"[RESEND PATCH v4 2/2] fix it", "patch resend v4 2/2: fix it"},
      {"[PATCH RESEND] fix it", "patch resend v1?: fix it"},
      {"[PATCHv3 2/4] fix it", "patch v3 2/4: fix it"},
      {"[PATCH1/2] fix it", "patch v1? 1/2: fix it"},
      {"[PATCH V2] fix it", "patch v2: fix it"},
      {"[PATCH -v2 1/3] fix it", "patch v2 1/3: fix it"},
      {"[PATCH v2.1 4/9] fix it", "patch v2 4/9: fix it"},
      {"[v2,3/7] fix it", "v2 3/7: fix it"},
      {"[PATCH 2 of 7 V3] fix it", "patch v3 2/7: fix it"},
      {"[PATCH pump-next] [core] stop", "patch v1? <pump-next>: stop"},
      {"[PATCH 5.10.y 1/1] fix it", "patch v1? 1/1 <5.10.y>: fix it"},
      {"[COMMITTED][PATCH 1/1] fix it", "patch record v1? 1/1: fix it"},
      {"[GIT PULL] pump changes", "pull v1?: pump changes"},
      {"[PULL 03/15] fix it", "pull v1? 3/15: fix it"},
      {"Re: [PATCH 1/3] fix it", "re patch v1? 1/3: fix it"},
      {"AW: [PATCH] fix it", "re patch v1?: fix it"},
      {"RE: Re: [EXT] Re: [PATCH v2] fix it", "re patch v2: fix it"},
      {"[PATCH 5/3] by hand", "patch v1?: by hand"},
      {"[PATCH 0/0] by hand", "patch v1?: by hand"},
      {"[list] a question", "v1?: a question"},
      {"[LTP] Subject: [PATCH v6] fix it", "patch v6: fix it"},
      {"[PATCH  v2  1/2]   two  blanks", "patch v2 1/2: two blanks"},
      {"patch for the pump", "v1?: patch for the pump"},
      {"[PATCH", "v1?: [PATCH"},
      {"", "v1?: "},
  };
  for (const auto& [subject, expected] : rows) EXPECT_EQ(told(subject), expected) << subject;
}

TEST(PatchSubject, NamesMaintenanceBranches) {
  EXPECT_EQ(parse_patch_subject("[PATCH 5.10.y 1/1] a").stable_tree(), "5.10.y");
  EXPECT_EQ(parse_patch_subject("[PATCH stable] a").stable_tree(), "stable");
  EXPECT_EQ(parse_patch_subject("[PATCH 2.39 2/3] a").stable_tree(), "2.39");
  EXPECT_EQ(parse_patch_subject("[PATCH net-next v2] a").stable_tree(), "");
  EXPECT_EQ(parse_patch_subject("[PATCH v2.1] a").stable_tree(), "");
}

TEST(ReviewTags, CountWhatIsNotQuoted) {
  const std::string body =
      "On Monday Ann wrote:\n> Signed-off-by: Ann <ann@example.org>\n> > Reviewed-by: Bob <bob@example.net>\n"
      "AB> Acked-by: Bob <bob@example.net>\n| Tested-by: robot <robot@ci.example>\n\nGood.\n\n"
      "Reviewed-by: Cy Cole <cy@example.com> # of the core\n\n-- \nReviewed-by: sig <sig@example.com>\n";
  const auto tags = review_tags(unquoted_words(body));
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags[0], (ReviewTag{"reviewed-by", "Cy Cole", "cy@example.com"}));
}

TEST(ReviewTags, KnowWhatStandsBelowAQuotedHead) {
  const std::string outlook =
      "Thanks!\n\nFrom: Ann <ann@example.org>\nSent: Monday\nTo: list\nSubject: [PATCH] a\n\nReviewed-by: Bob "
      "<bob@example.net>\n";
  EXPECT_TRUE(review_tags(unquoted_words(outlook)).empty());
  EXPECT_TRUE(review_tags(unquoted_words("Ok\n-----Original Message-----\nAcked-by: Bob <b@example.net>\n")).empty());
  // One line that looks like a head is none.
  EXPECT_EQ(review_tags(unquoted_words("From: is missing here\nAcked-by: Bob <b@example.net>\n")).size(), 1U);
}

TEST(ReviewTags, AreReadAsPeopleWriteThem) {
  EXPECT_EQ(review_tags("reviewed-By : Ann <a@b.example>\n").size(), 1U);
  EXPECT_EQ(review_tags("    Tested-by: Ann <a@b.example>\n").size(), 1U);
  EXPECT_EQ(review_tags("Reviewed-and-tested-by: Ann <a@b.example>\n").size(), 2U);
  EXPECT_EQ(review_tags("With that mended: Reviewed-by: Ann <a@b.example>\n").size(), 1U);
  EXPECT_TRUE(review_tags("I give my Reviewed-by: later\n").empty());
  EXPECT_TRUE(review_tags("Reviewed-by: tags of others should go above the line of dashes\n").empty());
  EXPECT_TRUE(review_tags("Reported-by: Ann <a@b.example>\n").empty());
  EXPECT_EQ(review_tags("Nacked-by: Eve <e@b.example>\n")[0].token, "nacked-by");
}

TEST(Statement, TellsWhatIsDoneFromWhatIsAnnounced) {
  const std::pair<const char*, Said> rows[] = {
      {"Applied, thanks.\n", Said::applied},
      {"Thanks, applied.\n", Said::applied},
      {"Pushed, thanks!\n", Said::applied},
      {"Hi!\nMerged with minor changes, thanks.\n", Said::applied_changed},
      {"Applied, with the typo in the comment mended.\n", Said::applied_changed},
      {"Both patches applied to master.\n", Said::applied},
      {"Just a quick follow-up, I just merged this into pump/stable and will send it on tomorrow.\n", Said::applied},
      {"... and the patch is now in pump/dev, thanks everyone!\n", Said::applied},
      {"This is now in conflict with the other one.\n", Said::nothing},
      {"This all looks reasonable to me so I've merged it into pump/next.\n", Said::applied},
      {"I've merged this patchset, thanks.\n", Said::applied},
      {"Please give the number a name. Then I will apply it.\n", Said::will_apply},
      {"This should be applied after the release.\n", Said::will_apply},
      {"I'll merge it tomorrow.\n", Said::will_apply},
      {"Has this been merged?\n", Said::nothing},
      {"It was not applied yet.\n", Said::nothing},
      {"And dropped again: it does not build with -Werror.\n", Said::taken_back},
      {"Please ignore this one, my mailer has wrapped it.\n", Said::withdrawn},
      {"NAK, this breaks the pump.\n", Said::rejected},
      {"I'm not going to apply this.\n", Said::rejected},
      {"The change looks good to me.\n", Said::nothing},
      {"The patch does not apply to the current tree.\n", Said::nothing},
      {"We merged two lists here and that is slow.\n", Said::nothing},
      {"", Said::nothing},
  };
  for (const auto& [text, expected] : rows)
    EXPECT_STREQ(said_name(statement_of(text).said), said_name(expected)) << text;
}

TEST(Statement, NamesParts) {
  EXPECT_EQ(statement_of("Applied 1-3 and 5, thanks.\n").parts, (std::vector<int>{1, 2, 3, 5}));
  EXPECT_EQ(statement_of("Patches 2 and 4 applied.\n").parts, (std::vector<int>{2, 4}));
  EXPECT_TRUE(statement_of("Applied to 5.10, thanks.\n").parts.empty());
  for (const char* all : {"Both merged, thanks.\n", "These two patches have been merged.\n", "Series applied.\n",
                          "Both are now in pump/next.\n", "All three patches pushed.\n"})
    EXPECT_EQ(statement_of(all).parts, std::vector<int>{kAllParts}) << all;
  EXPECT_TRUE(statement_of("All patches applied except the last.\n").parts.empty());
}

TEST(LinkedMessageIds, AreFoundInCommitsAndLetters) {
  EXPECT_EQ(linked_message_ids("Link: https://lore.kernel.org/r/20260811155202.1-5-ann@example.org"),
            std::vector<std::string>{"20260811155202.1-5-ann@example.org"});
  EXPECT_EQ(linked_message_ids("Link: https://lore.kernel.org/ltp/20260811155202.1-5-ann@example.org/"),
            std::vector<std::string>{"20260811155202.1-5-ann@example.org"});
  EXPECT_EQ(linked_message_ids("Discussion: https://postgr.es/m/flat/CAF%2Bx%40mail.example.org"),
            std::vector<std::string>{"CAF+x@mail.example.org"});
  EXPECT_EQ(linked_message_ids("Message-Id: <a10@ann.example.org>"), std::vector<std::string>{"a10@ann.example.org"});
  EXPECT_TRUE(linked_message_ids("Signed-off-by: Ann <ann@example.org>").empty());
  EXPECT_TRUE(linked_message_ids("https://example.org/pump/commit/12").empty());
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t count; (count = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), count);
  pclose(pipe);
  return text;
}

// git itself is asked, over diffs with everything that its own code tells apart.
TEST(PatchText, HasTheIdThatGitPrints) {
  const std::string mails[] = {
      // Two files, a new one, one without a line feed at its end.
      "A message.\n---\n a | 2 +-\n\ndiff --git a/a b/a\nindex 1111111..2222222 100644\n--- a/a\n+++ b/a\n@@ -1,2 +1,2 "
      "@@\n one\n-two\n"
      "+drei\n\\ No newline at end of file\ndiff --git a/n b/n\nnew file mode 100644\nindex 0000000..3333333\n--- "
      "/dev/null\n+++ b/n\n"
      "@@ -0,0 +1,2 @@\n+x  y\n+\tz\n-- \n2.39.5\n",
      // A rename alone, and a mode.
      "diff --git a/test.sh b/t/test.sh\nsimilarity index 100%\nrename from test.sh\nrename to t/test.sh\ndiff --git "
      "a/m b/m\n"
      "old mode 100644\nnew mode 100755\n-- \n2.39.5\n",
      // Two hunks, a section's name behind the second.
      "diff --git a/a.c b/a.c\nindex 1..2 100644\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n@@ -9,3 +9,4 @@ int "
      "main()\n q\n+r\n s\n t\n",
      // Binary, and a file behind it.
      "diff --git a/p.png b/p.png\nindex abcdef1..1234567 100644\nBinary files a/p.png and b/p.png differ\ndiff --git "
      "a/z b/z\n"
      "index 1..2 100644\n--- a/z\n+++ b/z\n@@ -1 +1 @@\n-a\n+b\n",
  };
  const auto folder = std::filesystem::temp_directory_path() / ("resident-patch-id-test-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  for (const std::string& mail : mails) {
    std::ofstream(folder / "mail") << mail;
    const std::string git = output_of("git patch-id --stable < " + (folder / "mail").string()).substr(0, 40);
    EXPECT_EQ(parse_patch_text(mail).patch_id, git) << mail;
    EXPECT_TRUE(parse_patch_text(mail).is_whole);
  }
  std::filesystem::remove_all(folder);
}

TEST(PatchText, ReadsEmptyContextLinesAndSeesWrappedOnes) {
  const std::string whole = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n one\n \n-two\n+drei\n";
  std::string cut = whole;
  cut.replace(cut.find("\n \n"), 3, "\n\n");
  EXPECT_EQ(parse_patch_text(cut).patch_id, parse_patch_text(whole).patch_id);
  EXPECT_TRUE(parse_patch_text(cut).is_whole);
  const std::string wrapped =
      "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n one\n-two\n+drei and\nvier\n three\n";
  EXPECT_TRUE(parse_patch_text(whole).has_diff);
  EXPECT_FALSE(parse_patch_text(wrapped).is_whole);
}

TEST(PatchText, TakesHeadersOfTheBodyAndNotes) {
  const PatchText patch = parse_patch_text(
      "From: Gil Gone <gil@corp.example>\nSubject: [PATCH] a title\n\ncommit 0123456789abcdef0123456789abcdef01234567 "
      "upstream.\n\nIt is.\n\nAcked-by: Cy <cy@example.com>\n---\nLink to v1: "
      "https://lists.example.org/pump/a10@ann.example.org\n\n"
      "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n one\n+two\n-- \n2.39.5\n\nbase-commit: "
      "abcdef0123456789\n");
  EXPECT_EQ(patch.author.name, "Gil Gone");
  EXPECT_EQ(patch.title, "a title");
  EXPECT_EQ(patch.upstream_commit, "0123456789abcdef0123456789abcdef01234567");
  EXPECT_EQ(patch.base_commit, "abcdef0123456789");
  EXPECT_EQ(patch.linked_ids, std::vector<std::string>{"a10@ann.example.org"});
  EXPECT_EQ(patch.paths, std::vector<std::string>{"a"});
  EXPECT_EQ(patch.additions, 1);
  ASSERT_EQ(patch.tags.size(), 1U);
  EXPECT_EQ(patch.tags[0].token, "acked-by");
}

// Builds lists of mails in few words.
class Lists {
 public:
  Lists& mail(const std::string& id, const std::string& subject, Timestamp at, const std::string& answers = {},
              const std::string& by = "Ann Arden", const std::string& file = "a.c", const std::string& change = "x") {
    Message message;
    message.id = id + "@host";
    message.subject = subject;
    message.date = at;
    message.author.provider = "mail";
    message.author.name = by;
    message.author.email = "a@" + std::string(1, by[0]) + ".example";
    if (!answers.empty()) message.references.push_back(answers + "@host");
    const bool is_cover = subject.find("0/") != std::string::npos || subject.starts_with("Re:");
    message.body = is_cover ? "Words.\n"
                            : "Message.\n---\n\ndiff --git a/" + file + " b/" + file + "\n--- a/" + file + "\n+++ b/" +
                                  file + "\n@@ -1 +1,2 @@\n one\n+" + change + "\n";
    mails.push_back(facts_of(message));
    return *this;
  }
  std::vector<MailFacts> mails;
};

std::string shape(const std::vector<Series>& list) {
  std::string text;
  for (const Series& series : list) {
    text += text.empty() ? "" : " | ";
    for (const SeriesVersion& version : series.versions) {
      text += "v" + std::to_string(version.number) + (version.is_partial ? "~" : "") + "(";
      if (version.cover) text += "c";
      for (const auto& [number, place] : version.own) text += std::to_string(number);
      text += "/" + std::to_string(version.total) + ")";
    }
    if (!series.answers.empty()) text += "+" + std::to_string(series.answers.size());
  }
  return text;
}

TEST(AssembleSeries, JoinsVersionsAndParts) {
  Lists lists;
  lists.mail("c1", "[PATCH 0/2] two", 1000)
      .mail("p1", "[PATCH 1/2] first", 1001, "c1")
      .mail("p2", "[PATCH 2/2] second", 1002, "c1", "Ann Arden", "b.c");
  lists.mail("r", "Re: [PATCH 2/2] second", 2000, "p2", "Bob Berg");
  // A part alone into the thread; then all anew in a thread of its own.
  lists.mail("p2b", "[PATCH v2 2/2] second", 3000, "p2", "Ann Arden", "b.c", "y");
  lists.mail("c3", "[PATCH v3 0/2] two", 9000)
      .mail("q1", "[PATCH v3 1/2] first", 9001, "c3")
      .mail("q2", "[PATCH v3 2/2] second", 9002, "c3", "Ann Arden", "b.c", "z");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(c12/2)v2~(2/2)v3(c12/2)+1");
  const std::vector<Series> list = assemble_series(lists.mails);
  EXPECT_EQ(list[0].versions[1].parts.at(1).mail, 1U);
  EXPECT_EQ(list[0].versions[1].parts.at(2).mail, 4U);
}

TEST(AssembleSeries, TheCoverLetterAloneMayTellTheVersion) {
  Lists lists;
  lists.mail("c1", "[PATCH v3 0/2] two", 1000)
      .mail("p1", "[PATCH 1/2] first", 1001, "c1")
      .mail("p2", "[PATCH 2/2] second", 1002, "c1", "Ann Arden", "b.c");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v3(c12/2)");
}

TEST(AssembleSeries, KeepsOrderOfComingOutOfIt) {
  Lists lists;
  lists.mail("c1", "[PATCH 0/2] two", 1000)
      .mail("p1", "[PATCH 1/2] first", 1001, "c1")
      .mail("p2", "[PATCH 2/2] second", 1002, "c1");
  lists.mail("d", "[PATCH v2] other", 5000);
  const std::string before = shape(assemble_series(lists.mails));
  std::reverse(lists.mails.begin(), lists.mails.end());
  EXPECT_EQ(shape(assemble_series(lists.mails)), before);
}

TEST(AssembleSeries, LeavesApartWhatIsOther) {
  Lists lists;
  lists.mail("a", "[PATCH] fix a typo", 1000).mail("b", "[PATCH] fix a typo", 2000, "", "Bob Berg");
  // The same title by another sender is another patch; so is a backport, and other files.
  lists.mail("s", "[PATCH 5.10.y] fix a typo", 3000, "", "Ann Arden")
      .mail("o", "[PATCH] fix a typo", 4000, "", "Ann Arden", "other.c");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(1/1) | v1(1/1) | v1(1/1) | v1(1/1)");
}

TEST(AssembleSeries, SendsAgainOnlyWhatIsMostlyTheSame) {
  // Without a word on versions, a title in common with a much larger series is none of it.
  Lists lists;
  lists.mail("a", "[PATCH] page: ffix", 1000);
  lists.mail("c", "[PATCH 0/4] headers", 90'000);
  for (int part = 1; part <= 4; ++part)
    lists.mail("p" + std::to_string(part),
               "[PATCH " + std::to_string(part) + "/4] " + (part == 1 ? "page: ffix" : "page " + std::to_string(part)),
               90'000 + part, "c", "Ann Arden", "a.c", "y" + std::to_string(part));
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(1/1) | v1(c1234/4)");
  // Who collected it among much else sends no later version of it; who takes it up does.
  Lists others;
  others.mail("p1", "[PATCH 1/2] first", 1000).mail("p2", "[PATCH 2/2] second", 1001);
  others.mail("m", "[PATCH v2 7/25] first", 90'000, "", "Mo Mann");
  EXPECT_EQ(shape(assemble_series(others.mails)), "v1(12/2) | v2(7/25)");
  others.mail("q1", "[PATCH v3 1/2] first", 180'000, "", "Bob Berg")
      .mail("q2", "[PATCH v3 2/2] second", 180'001, "", "Bob Berg");
  EXPECT_EQ(shape(assemble_series(others.mails)), "v1(12/2)v3(12/2) | v2(7/25)");
}

TEST(AssembleSeries, WhatAMaintainerMadeOfItIsAVersion) {
  Lists lists;
  lists.mail("a", "[PATCH] pump: name it", 1000).mail("b", "[PATCH] pump: name it", 2000, "a", "Bob Berg", "a.c", "y");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(1/1) | v1(1/1)") << "somebody else's own";
  lists.mails[1].author = lists.mails[0].author;  // "From: Ann Arden" in its text
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(1/1)v1(1/1)");
  lists.mail("c", "[PATCH v2] pump: name it", 3000, "", "Ann Arden", "a.c", "z");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(1/1)v1(1/1)v2(1/1)");
}

TEST(AssembleSeries, MorePartsGoOnWithTheVersion) {
  Lists lists;
  lists.mail("c", "[PATCH 0/2] two", 1000)
      .mail("p1", "[PATCH 1/2] first", 1001, "c")
      .mail("p2", "[PATCH 2/2] second", 1002, "c");
  lists.mail("p3", "[PATCH 3/4] third", 1003, "c").mail("p4", "[PATCH 4/4] fourth", 1004, "c");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(c1234/4)");
}

TEST(AssembleSeries, KnowsResendsAndUnthreadedParts) {
  Lists lists;
  lists.mail("p1", "[PATCH 1/3] first", 1000)
      .mail("p2", "[PATCH 2/3] second", 1001)
      .mail("p3", "[PATCH 3/3] third", 1002);
  lists.mail("r1", "[PATCH RESEND 1/3] first", 900'000)
      .mail("r2", "[PATCH RESEND 2/3] second", 900'001)
      .mail("r3", "[PATCH RESEND 3/3] third", 900'002);
  const std::vector<Series> list = assemble_series(lists.mails);
  EXPECT_EQ(shape(list), "v1(123/3)v1(123/3)");
  EXPECT_TRUE(list[0].last().is_resend);
}

TEST(AssembleSeries, TellsWhatIsMissing) {
  Lists lists;
  lists.mail("p1", "[PATCH 1/3] first", 1000, "cover").mail("p3", "[PATCH 3/3] third", 1001, "cover");
  const std::vector<Series> list = assemble_series(lists.mails);
  EXPECT_EQ(shape(list), "v1(13/3)");
  EXPECT_TRUE(list[0].last().is_incomplete());
}

TEST(AssembleSeries, JoinsOtherTitlesByFilesAndWords) {
  Lists lists;
  lists.mail("a", "[PATCH] pump: use the right factor", 1000)
      .mail("b", "[PATCH v2] pump: name the right factor", 90'000, "", "Ann Arden", "a.c", "y");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(1/1)v2(1/1)");
}

TEST(AssembleSeries, JoinsTheNextVersionUnderQuiteAnotherTitle) {
  Lists lists;
  lists.mail("a", "[PATCH v2] pump: use the gauge if it is open", 1000)
      .mail("o", "[PATCH v2] pump: mend the valve", 2000, "", "Ann Arden", "b.c")
      .mail("b", "[PATCH v3] pump: read the shared page by default", 90'000, "", "Ann Arden", "a.c", "y");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v2(1/1)v3(1/1) | v2(1/1)");
  Lists words;
  words.mail("a", "[PATCH] pump: flush before it is named", 1000)
      .mail("b", "[PATCH v2] pump: flush all before it is named", 2000, "", "Ann Arden", "a.c", "y");
  words.mails[1].paths.push_back("b.c");
  words.mails[1].paths.push_back("c.c");
  EXPECT_EQ(shape(assemble_series(words.mails)), "v1(1/1)v2(1/1)");
  // Not after a version was left out.
  Lists others;
  others.mail("a", "[PATCH v2] pump: use the gauge if it is open", 1000)
      .mail("b", "[PATCH v4] pump: read the shared page by default", 90'000, "", "Ann Arden", "a.c", "y");
  EXPECT_EQ(shape(assemble_series(others.mails)), "v2(1/1) | v4(1/1)");
}

TEST(AssembleSeries, JoinsAPartThatGoesOnAlone) {
  Lists lists;
  lists.mail("p1", "[PATCH 1/2] pump: no empty lists", 1000, "", "Ann Arden", "list.c")
      .mail("p2", "[PATCH 2/2] check: add a simple test of the pump", 1001, "p1", "Ann Arden", "test.c")
      .mail("b", "[PATCH v2] check: add tests of the pump", 190 * kDay, "", "Ann Arden", "test.c", "y");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(12/2)v2(1/1)");
}

TEST(AssembleSeries, JoinsWhatWasSentForComments) {
  Lists lists;
  lists.mail("a", "[RFC PATCH] tank: list all the names of levels", 1000)
      .mail("b", "[PATCH] tank,pipe: list all the names of levels", 90'000, "", "Ann Arden", "a.c", "y");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v1(1/1)v1(1/1)");
  Lists others;
  others.mail("a", "[PATCH] tank: list all the names of levels", 1000)
      .mail("b", "[PATCH] tank,pipe: list all the names of levels", 90'000, "", "Ann Arden", "a.c", "y");
  EXPECT_EQ(shape(assemble_series(others.mails)), "v1(1/1) | v1(1/1)");
}

TEST(AssembleSeries, TheSameVersionOnceMoreMeansAnEarlierOne) {
  Lists lists;
  lists.mail("a", "[PATCH v2] pump: add tests", 1000)
      .mail("b", "[PATCH v2] pump: add tests", 120 * kDay, "", "Ann Arden", "a.c", "y");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v2(1/1)v2(1/1)");
}

TEST(AssembleSeries, ASmallerNumberLongAfterIsOtherWork) {
  Lists lists;
  lists.mail("a", "[PATCH v12] pump: add tests", 1000)
      .mail("b", "[PATCH v2] pump: add tests", 120 * kDay, "", "Ann Arden", "a.c", "y");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v12(1/1) | v2(1/1)");
}

TEST(AssembleSeries, GoesOnWithWhoTookItUpUnderItsNameAndNumbers) {
  Lists lists;
  lists.mail("c", "[PATCH v18 0/2] levels by night", 1000)
      .mail("p1", "[PATCH v18 1/2] first", 1001, "c")
      .mail("p2", "[PATCH v18 2/2] second", 1002, "c");
  lists.mail("d", "[PATCH v19 0/2] levels by night", 390 * kDay, "", "Bob Berg")
      .mail("q1", "[PATCH v19 1/2] first", 390 * kDay + 1, "d", "Bob Berg")
      .mail("q2", "[PATCH v19 2/2] second", 390 * kDay + 2, "d", "Bob Berg");
  EXPECT_EQ(shape(assemble_series(lists.mails)), "v18(c12/2)v19(c12/2)");
}

TEST(AssembleSeries, TheCoverLetterAloneMaySayThatItIsSentAgain) {
  Lists lists;
  lists.mail("c", "[PATCH v4 0/2] levels", 1000)
      .mail("p1", "[PATCH v4 1/2] first", 1001, "c")
      .mail("p2", "[PATCH v4 2/2] second", 1002, "c");
  lists.mail("d", "[PATCH resend v4 0/2] levels", 90'000)
      .mail("q1", "[PATCH v4 1/2] first", 90'001, "d")
      .mail("q2", "[PATCH v4 2/2] second", 90'002, "d");
  const std::vector<Series> list = assemble_series(lists.mails);
  EXPECT_EQ(shape(list), "v4(c12/2)v4(c12/2)");
  EXPECT_TRUE(list[0].last().is_resend);
}

TEST(MailFacts, AnAnswerUnderThePatchsOwnSubjectIsNone) {
  Message message;
  message.id = "r@host";
  message.subject = "[PATCH v3 1/24] levels";
  message.date = 1000;
  message.author.name = "Bob Berg";
  message.author.email = "bob@b.example";
  message.references.push_back("p1@host");
  message.body = "On Monday Ann wrote:\n> Levels move.\n\nReviewed-by: Bob Berg <bob@b.example>\n";
  EXPECT_FALSE(facts_of(message).is_of_series());
  ASSERT_EQ(facts_of(message).tags.size(), 1U);
  message.body = "The diff is on the web, it is too long for the list.\n";
  EXPECT_TRUE(facts_of(message).is_of_series());
}

TEST(MailFacts, AreTheSameWhenReadBack) {
  Lists lists;
  lists.mail("a", "[PATCH v2 1/2] pump: use it", 1000, "c");
  const MailFacts& facts = lists.mails[0];
  const MailFacts again = unpacked_facts(packed_facts(facts));
  EXPECT_EQ(again.key, facts.key);
  EXPECT_EQ(again.references, facts.references);
  EXPECT_EQ(again.patch_id, facts.patch_id);
  EXPECT_EQ(again.parsed.version, 2);
  EXPECT_EQ(again.paths, facts.paths);
  EXPECT_EQ(again.sender.name, facts.sender.name);
  EXPECT_THROW(unpacked_facts("\x7f"), Error);
}

}  // namespace
}  // namespace resident::mail
