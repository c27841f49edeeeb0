// The less common forms of heads, each as invented projects write it.
#include <gtest/gtest.h>

#include <sources/proposals/guess.hpp>
#include <sources/proposals/head_forms.hpp>
#include <sources/proposals/storyline.hpp>

namespace resident {
namespace {

std::string status_in(const HeaderFields& fields) {
  return field_value(fields, "status");
}

TEST(HeadForms, ElementsOfXml) {
  const auto fields = xml_fields(
      "<?xml version='1.0'?>\n<!DOCTYPE doc SYSTEM 'doc.dtd' [\n <!ENTITY % more SYSTEM 'more.ent'>\n%more;\n]>\n<doc "
      "state=\"old\">\n<!-- <status>No</status> -->\n<header>\n <title>Salt &amp; pepper</title>\n &LEGAL;\n <status> "
      "Experimental\n</status>\n <empty/>\n <author><firstname>Ann</firstname><surname>Example</surname></author>\n"
      "</header><status>Later</status>");
  EXPECT_EQ(status_in(fields), "Experimental");
  EXPECT_EQ(field_value(fields, "title"), "Salt & pepper");
  EXPECT_EQ(field_value(fields, "state"), "old");
  EXPECT_EQ(field_value(fields, "surname"), "Example");
  EXPECT_TRUE(xml_fields("<a").empty());
}

TEST(HeadForms, DirectivesOfRestructuredText) {
  const auto fields = directive_fields(
      "Title\n=====\n\n.. author:: Ann Example,\n   Bo Sample\n.. implemented:: 9.2\n.. contents::\n\nText.\n");
  EXPECT_EQ(field_value(fields, "implemented"), "9.2");
  EXPECT_EQ(field_value(fields, "author"), "Ann Example, Bo Sample");
}

TEST(HeadForms, TablesOfFields) {
  EXPECT_EQ(status_in(head_table("# One\n\n| Status | **Accepted** |\n|---|---|\n| Date | 2021-02-03 |\n")),
            "Accepted");
  EXPECT_EQ(status_in(head_table("# One\n\n| Status | Date |\n|:--|:--|\n| Proposed | 2021-02-03 |\n")), "Proposed");
  EXPECT_EQ(status_in(head_table("| Status | Date | Author(s) |\n|---|---|---|\n| Final | today | Ann |\n")), "Final");
  const auto grid = head_table(
      "+---------+---------+\n| Status  | Draft   |\n+---------+---------+\n| Authors | Ann,    |\n|         | Bo      "
      "|\n+---------+---------+\n");
  EXPECT_EQ(status_in(grid), "Draft");
  EXPECT_EQ(field_value(grid, "authors"), "Ann, Bo");
  EXPECT_EQ(status_in(head_table(".. list-table::\n   :widths: 25 75\n\n   * - Title\n     - A name\n   * - Status\n"
                                 "     - Provisional\n")),
            "Provisional");
  EXPECT_EQ(status_in(head_table("======  ========\nTitle   A name\nStatus  Obsolete\n======  ========\n")),
            "Obsolete");
  EXPECT_EQ(status_in(head_table("<table><tr><th>Status</th>\n<td><b>Active</b></td></tr></table>")), "Active");
  // A list of many is no head.
  EXPECT_EQ(status_in(head_table("| Name | Status | Date |\n|---|---|---|\n| a | Draft | b |\n| c | Final | d |\n")),
            "");
}

TEST(HeadForms, LinesThatStandFarApart) {
  EXPECT_EQ(status_in(scattered_fields("# Preamble\n\nNumber: 001\n\nAuthor(s):\n\n- Ann\n\nStatus: Ratified\n\n"
                                       "# Abstract\n\nStatus: no\n",
                                       "status")),
            "Ratified");
  EXPECT_EQ(
      status_in(scattered_fields("A title: of two parts\n---------------------\n\nauthor: Ann\n\nstatus: Draft\n\n"
                                 "Abstract\n--------\n",
                                 "status")),
      "Draft");
  EXPECT_EQ(status_in(scattered_fields("# One\n\n**Status**: Implemented\n\nText.\n", "status")), "Implemented");
  EXPECT_EQ(status_in(scattered_fields("# One\n\n> Status: Open\n> Date: today\n", "status")), "Open");
  EXPECT_EQ(status_in(scattered_fields("# One\n\nStatus: alone, in a text\n", "status")), "");
  EXPECT_EQ(status_in(scattered_fields("# One\n\n```\nStatus: no\nDate: no\n```\n", "status")), "");
}

TEST(HeadForms, SectionsOfTheirOwn) {
  EXPECT_EQ(status_in(section_field("# 1. One\n\n## Status\n\n<!-- proposed,\nrejected -->\nAccepted\n\nSuperseded "
                                    "later\n\n## Context\n",
                                    "status")),
            "Accepted");
  EXPECT_EQ(status_in(section_field("One\n===\n\nStatus\n------\n\n*Proposed*\n", "status")), "Proposed");
  EXPECT_EQ(status_in(section_field("## Status\n- Status: [PROPOSED](/a.md)\n- Status Date: 2018-10-24\n", "status")),
            "PROPOSED");
  EXPECT_EQ(status_in(section_field("== Status ==\n\nFinal\n", "status")), "Final");
  EXPECT_EQ(status_in(section_field("## Status:\n\n- [ ] Proposed\n- [x] Accepted\n", "status")), "Accepted");
  EXPECT_EQ(status_in(section_field("## Status\n\n* 2020-01-02: Proposed\n* 2021-03-04: Accepted\n", "status")),
            "Accepted");
  EXPECT_EQ(status_in(section_field("## Status\n\n## Context\n\nText\n", "status")), "");
  EXPECT_EQ(status_in(section_field("## Status\n", "status")), "");
}

TEST(HeadForms, WordsOfAStatus) {
  EXPECT_EQ(status_word("**Accepted** ([Rationale](https://x.org))"), "Accepted");
  EXPECT_EQ(status_word("[ADOPTED](/README.md#adopted)"), "ADOPTED");
  EXPECT_EQ(status_word("Accepted on 2020-03-04 by all"), "Accepted");
  EXPECT_EQ(status_word("Superseded by [4. Stores](0004-stores.md)"), "Superseded by 4. Stores");
  EXPECT_EQ(status_word("Proposed. To be discussed"), "Proposed");
  EXPECT_EQ(status_word("{proposed | accepted}"), "");
  EXPECT_EQ(status_word("2.7"), "2.7");
  EXPECT_EQ(status_word(""), "");
}

TEST(HeadForms, TomlBetweenPlusSigns) {
  EXPECT_EQ(status_in(front_matter("+++\ntitle = \"One\"\nstatus = \"accepted\" # so\n[more]\nstatus = \"no\"\n+++\n")),
            "accepted");
}

TEST(HeadForms, AnyBytesGiveAnAnswer) {
  for (const char byte : {'<', '|', '#', '=', '-', ':', '>', '*', '&', '\n'}) {
    const std::string text(200'000, byte);
    for (const char* path : {"a.md", "a.xml", "a.yaml"})
      for (const auto& fields : document_heads(path, text, "status")) EXPECT_EQ(status_in(fields), "") << byte;
    EXPECT_LE(status_word(text).size(), text.size());
    EXPECT_LE(document_heading(text).size(), 1000u);
  }
}

// Of files that all have this text, in order of the paths.
std::optional<OwnProposalFormat> guessed(const std::vector<std::string>& paths, const std::string& text) {
  return guess_own_proposals({paths, [&](std::size_t) { return text; }});
}

TEST(ProposalGuess, NumberedFilesWithAStatus) {
  const std::string head = "# One\n\n* Status: Draft\n* Date: today\n";
  const auto by_prefix = guessed({"xip-0001.md", "xip-0002.md", "xip-0003.md", "README.md"}, head);
  ASSERT_TRUE(by_prefix);
  EXPECT_EQ(by_prefix->noun, "XIP");
  EXPECT_EQ(by_prefix->status, "status");
  const ProposalFormat format = proposal_format("own", *by_prefix);
  EXPECT_EQ(format.read("drafts/xip-0012-name.md", head)[0].key, "12");
  EXPECT_EQ(format.read("xip-name.md", head)[0].key, "");
  EXPECT_FALSE(format.concerns("xip-template.md"));
  EXPECT_FALSE(guessed({"a-1.md", "a-2.md", "a-3.md"}, "# One\n\nNothing.\n"));
  EXPECT_FALSE(guessed({"a-1.md", "a-2.md", "one.md"}, head));
}

TEST(ProposalGuess, AFolderWithTheSameNumbersIsAnotherSeries) {
  const std::string head = "# One\n\n* Status: Draft\n* Date: today\n";
  const auto own =
      guessed({"p/0001-a.md", "p/0002-b.md", "p/0003-c.md", "p/tests/0001-d.md", "p/tests/0004-e.md"}, head);
  ASSERT_TRUE(own);
  const ProposalFormat format = proposal_format("own", *own);
  EXPECT_EQ(format.read("p/0001-a.md", head)[0].key, "1");
  EXPECT_EQ(format.read("p/tests/0001-d.md", head)[0].key, "");
}

TEST(ProposalGuess, NumberedFoldersAndStagesInFrontMatter) {
  const auto folders =
      guessed({"XIP-0001/README.md", "XIP-0002/README.md", "XIP-0003/README.md"}, "---\nStage: accepted\n---\nText\n");
  ASSERT_TRUE(folders);
  EXPECT_EQ(folders->status, "stage");
  const auto entry = proposal_format("own", *folders).read("XIP-0044/README.md", "---\nstage: released\n---\n")[0];
  EXPECT_EQ(entry.key, "44");
  EXPECT_EQ(entry.status, "released");
}

TEST(ProposalGuess, DaysAreNoNumbersAndTheKeyMayHaveAName) {
  const std::string head = "# One\n\n- Start Date: today\n- XIP Status: Draft\n";
  const auto days = guessed({"adr/2022-03-04-a.md", "adr/2022-05-b.md", "adr/2022-06-c.md", "adr/README.md"}, head);
  ASSERT_TRUE(days);
  EXPECT_EQ(days->status, "xip status");
  const auto entry = proposal_format("own", *days).read("adr/2022-05-b.md", head)[0];
  EXPECT_EQ(entry.key, "2022-05-b");
  EXPECT_EQ(entry.status, "Draft");
}

TEST(ProposalGuess, FoldersThatAreStates) {
  const auto own = guessed({"specs/one/approved/a.rst", "specs/one/approved/b.rst", "specs/one/approved/c.rst",
                            "specs/one/implemented/d.rst", "specs/two/implemented/e.rst", "specs/two/approved/f.rst"},
                           "Text\n");
  ASSERT_TRUE(own);
  const auto entry = proposal_format("own", *own).read("specs/two/implemented/a-name.rst", "Title\n=====\n")[0];
  EXPECT_EQ(entry.key, "two/a-name");
  EXPECT_EQ(entry.status, "implemented");
  EXPECT_EQ(entry.name, "Title");
}

TEST(Storyline, ABranchThatAMergeDidNotTakeIsNoPartOfIt) {
  // 0 ─ 1 (main) ─ 3 (merge, as 1 says); 0 ─ 2 (branch)
  const std::vector<std::vector<std::size_t>> parents{{}, {0}, {0}, {1, 2}};
  const std::map<std::size_t, std::string> says{{0, "draft"}, {1, "final"}, {2, "rejected"}};
  const std::vector<StoryChange> changes{{0, "", "draft"}, {1, "draft", "final"}, {2, "draft", "rejected"}};
  EXPECT_EQ(tell_story({parents, says, changes}, 3), (std::vector<std::size_t>{0, 1}));
  // … and as the branch says.
  std::map<std::size_t, std::string> other = says;
  other[3] = "rejected";
  EXPECT_EQ(tell_story({parents, other, changes}, 3), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(tell_story({parents, says, changes}, 0), std::vector<std::size_t>{0});
}

}  // namespace
}  // namespace resident
