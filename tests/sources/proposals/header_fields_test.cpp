// Heads and tables as projects write them, and as they went wrong.
#include <gtest/gtest.h>

#include <sources/proposals/header_fields.hpp>
#include <sources/proposals/tables.hpp>
#include <sources/proposals/words.hpp>

namespace resident {
namespace {

TEST(HeaderFields, MailHeadersGoOnBehindWhiteSpaceAndEndAtAnEmptyLine) {
  const auto fields =
      mail_headers("PEP: 8\r\nTitle: Style\r\nAuthor: Ann,\r\n        Bob\r\nstatus:  Active \r\n\r\nStatus: no\r\n");
  EXPECT_EQ(field_value(fields, "author"), "Ann, Bob");
  EXPECT_EQ(field_value(fields, "status"), "Active");
  EXPECT_EQ(fields.size(), 4u);
}

TEST(HeaderFields, YamlTakesTheTopAlone) {
  const auto fields = yaml_fields(
      "title: 'A: b'  # said so\nauthors:\n  - \"@ann\"\n  - '@bob' # both\nstatus: implementable # yes\n"
      "milestone:\n  status: wrong\nlist: [a, \"b\"]\nurl:http\n# status: no\nlong: >\n  text\n");
  EXPECT_EQ(field_value(fields, "title"), "A: b");
  EXPECT_EQ(find_field(fields, "authors")->items, (std::vector<std::string>{"@ann", "@bob"}));
  EXPECT_EQ(field_value(fields, "status"), "implementable");
  EXPECT_EQ(find_field(fields, "list")->items, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(find_field(fields, "long")->items, std::vector<std::string>{});
}

TEST(HeaderFields, ListsAndBlocksNearTheTop) {
  const auto swift = listed_fields(
      "# Structured concurrency\n\n* Proposal: [SE-0304](0304-x.md)\n* Authors: [Ann](https://a), Bob,\n  Cem\n"
      "* Status: **Implemented (Swift 5.5)**\n\n* Status: no\n* Other: no\n",
      "status");
  EXPECT_EQ(field_value(swift, "status"), "Implemented (Swift 5.5)");
  EXPECT_EQ(field_value(swift, "authors"), "Ann, Bob, Cem");
  const auto bip = listed_fields(
      "RECENT CHANGES:\n* (16 Apr 2013) Added: this\n* (30 Apr 2013) Switched: that\n\n<pre>\n  BIP: 32\n  Title: "
      "Keys\n"
      "  Authors: Ann\n           Bob\n  Status: Deployed\n</pre>\n\n==Abstract==\n",
      "status");
  EXPECT_EQ(field_value(bip, "status"), "Deployed");
  EXPECT_EQ(field_value(bip, "authors"), "Ann Bob");
  EXPECT_EQ(field_value(listed_fields("- **Status:** Accepted\n- **Date:** today\n", "status"), "status"), "Accepted");
  EXPECT_TRUE(listed_fields("* Status: alone\n\ntext\n", "status").empty());
  EXPECT_TRUE(listed_fields("Text that says\n* Status: no\n* Other: no\n", "status").empty());
  EXPECT_TRUE(listed_fields("* One: a\n* Two: b\n", "status").empty());
  EXPECT_TRUE(listed_fields("", "status").empty());
}

TEST(HeaderFields, FrontMatterNeedsBothOfItsLines) {
  EXPECT_EQ(field_value(front_matter("---\nstatus: a\n---\nstatus: b\n"), "status"), "a");
  EXPECT_TRUE(front_matter("---\nstatus: a\n").empty());
  EXPECT_TRUE(front_matter("Title\n---\nstatus: a\n---\n").empty());
  EXPECT_EQ(behind_front_matter("---\na: b\n---\nText"), "Text");
}

TEST(MarkdownTables, CellsLinksAndHeadings) {
  const auto rows = markdown_rows(
      "## Stage 1 ##\n\n| :rocket: | Proposal | Champion |\n|---|:---|---|\n"
      "|  | [`a \\| b` and *more*][Ref] | Ann<br />Bob |\n| | [x](<y> \"t\") | |\n| | plain |\n\n"
      "[ref]: <https://x.org/a/> \"title\"\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].heading, "Stage 1 ##");
  EXPECT_EQ(rows[0].below("proposal")->text, "a | b and more");
  EXPECT_EQ(rows[0].below("proposal")->link, "https://x.org/a/");
  EXPECT_EQ(rows[0].below("champion")->text, "Ann Bob");
  EXPECT_EQ(rows[2].below("proposal")->text, "plain");
  EXPECT_EQ(rows[2].below("champion"), nullptr);
}

TEST(MarkdownTables, AnyBytesGiveAnAnswer) {
  for (const char byte : {'[', '|', '`', '<', '\\', '#', '('}) {
    const std::string text = "| a | b |\n|---|---|\n| " + std::string(200'000, byte) + " | b |\n";
    EXPECT_LE(markdown_rows(text).size(), 2u) << byte;
  }
}

TEST(StatusWords, FormsOfOneWord) {
  EXPECT_TRUE(is_same_word("Accepted", "accepted."));
  EXPECT_TRUE(is_same_word("Accepted", "*accepted*"));
  EXPECT_TRUE(is_form_of("Withdrawal", "Withdrawn"));
  EXPECT_TRUE(is_form_of("Rejecetd", "Rejected"));
  EXPECT_FALSE(is_form_of("implementable", "implemented"));
  EXPECT_FALSE(is_form_of("2", "2.7"));
  EXPECT_FALSE(is_form_of("Draft", "Final"));
  EXPECT_FALSE(is_same_word("text/0001", "text/0002"));
}

}  // namespace
}  // namespace resident
