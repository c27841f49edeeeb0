// Whose document it is, and what that makes of whose turn it is.
#include <gtest/gtest.h>

#include <model/document_owners.hpp>
#include <model/queues/review.hpp>
#include <store/document_book.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;

const std::vector<std::string> kHeaders{"Author", "Authors", "Champion"};

std::string names(std::string_view text) {
  std::string result;
  for (const auto& each : document_authors(text, kHeaders))
    result += each.name + (each.login.empty() ? "" : "@" + each.login) + ";";
  return result;
}

TEST(DocumentAuthors, AreReadFromTheHeadersOfManyKinds) {
  EXPECT_EQ(names("<pre>\n  BIP: 1\n  Author: Ada Lovelace <ada@one.example>\n  Status: Draft\n</pre>\n"),
            "Ada Lovelace;");
  EXPECT_EQ(names("  Authors: Ada <e-mail>\n           Bob Berg <e-mail>\n  Status: Draft\n"), "Ada;Bob Berg;");
  EXPECT_EQ(names("PEP: 1\nAuthor: Ada <a at one.example>,\n        Bob <b@one.example>\nStatus: Active\n"),
            "Ada;Bob;");
  EXPECT_EQ(names("---\ntitle: T\nauthor: Ada Lovelace (@ada), Bob <bob@one.example>, @cat\nstatus: Draft\n---\n"),
            "Ada Lovelace@ada;Bob;@cat;");
  EXPECT_EQ(names("title: T\nauthors:\n  - \"@ada\"\n  - \"@bob-b\"\nowning-sig: x\n"), "@ada;@bob-b;");
  EXPECT_EQ(names(":Author: Ada\n:Status: Draft\n"), "Ada;");
  EXPECT_EQ(names("**Champion**: Ada Lovelace\n\nText: Author is a word.\n"), "Ada Lovelace;");
  EXPECT_EQ(names("Title: Nothing of the kind\n\nThe author said: hello.\n"), "");
  EXPECT_EQ(names("Author: nobody@one.example\n"), "") << "an address alone is nobody that can be found";
}

class DocumentOwners : public testing::Test {
 protected:
  DocumentOwners() {
    pull_ = test::item(true, 1, "zoe", "2024-01-01T00:00:00Z");
    pull_.files = {{"bip-0007.md", 1, 1}};
    auto merged = test::item(true, 9, "ada", "2023-12-01T00:00:00Z");
    merged.state = "closed";
    merged.closed_at = merged.merged_at = at("2023-12-02T00:00:00Z");
    test::event(merged, "merged", *merged.merged_at);
    merged.events.back().actor = test::account("eve");
    test::event(merged, "closed", *merged.merged_at);
    others_ = {merged};
  }

  Turn turn(const char* as_of, bool configured = true) {
    auto database = Database::open(":memory:");
    test::History history;
    history.items = others_;
    history.items.push_back(pull_);
    history.commits = {test::commit(0, "Ada Lovelace", "ada@one.example", at("2023-11-01T00:00:00Z"))};
    const auto project = test::write(*database, "p", history);
    {
      Writer writer(*database, project, ensure_source(*database, project, "git", "clone"));
      DocumentBook book(writer);
      DocumentRecord record{"bip-0007.md", "b"};
      record.state = "whole";
      record.sha = "c";
      record.body = "  Author: Ada Lovelace <ada@one.example>\n  Status: Draft\n";
      book.put(record);
      book.finish("c");
      writer.checkpoint("");
    }
    Context context = open_context(*database, Config(), "p", at(as_of), test::kForever);
    if (configured) context.config.review.author_headers = kHeaders;
    context.config.review.required_approvals = 1;
    for (const auto& entry : review_queue(context).entries)
      if (entry.item.number == 1) {
        why_ = entry.turn.why;
        return entry.turn.turn;
      }
    return Turn::nobody;
  }

  void approves(const std::string& login, Timestamp time) {
    test::review(pull_, login, time);
    pull_.reviews.back().state = "approved";
  }

  ItemRecord pull_;
  std::vector<ItemRecord> others_;
  std::string why_;
};

TEST_F(DocumentOwners, TheirAuthorsApproveAndNobodyElse) {
  EXPECT_EQ(turn("2024-01-02T00:00:00Z"), Turn::reviewer);
  EXPECT_EQ(why_, "waits for the document's authors: Ada Lovelace");
  approves("passer", at("2024-01-03T00:00:00Z"));
  EXPECT_EQ(turn("2024-01-04T00:00:00Z"), Turn::reviewer) << "an opinion";
  EXPECT_EQ(turn("2024-01-04T00:00:00Z", false), Turn::committer) << "without the setting it counts";
  approves("adalovelace", at("2024-01-05T00:00:00Z"));
  EXPECT_EQ(turn("2024-01-06T00:00:00Z"), Turn::committer);
}

TEST_F(DocumentOwners, AnEditorsApprovalCountsAsWell) {
  approves("eve", at("2024-01-03T00:00:00Z"));
  EXPECT_EQ(turn("2024-01-04T00:00:00Z"), Turn::committer);
}

TEST_F(DocumentOwners, ADocumentOfItsOwnNeedsAnEditorAlone) {
  pull_.author = test::account("adalovelace");
  EXPECT_EQ(turn("2024-01-02T00:00:00Z"), Turn::reviewer);
  EXPECT_EQ(why_, "its author wrote the document; an editor has to look");
  pull_.author = test::account("zoe");
  pull_.files = {{"bip-0099.md", 100, 0}};  // new
  EXPECT_EQ(turn("2024-01-02T00:00:00Z"), Turn::reviewer);
  EXPECT_EQ(why_, "its author wrote the document; an editor has to look");
}

}  // namespace
}  // namespace resident
