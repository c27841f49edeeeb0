// Histories made up for the test, each with one of the traps that real ones hold.
#include <base/error.hpp>
#include <sources/proposals/history.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident {
namespace {

class ProposalHistoryTest : public git::GitFixture {
 protected:
  ProposalHistory read(const std::string& format, const OwnProposalFormat& own = {},
                       std::optional<Timestamp> as_of = std::nullopt) {
    git::Repository repository(folder_.string());
    return read_proposal_history(repository, proposal_format(format, own), as_of);
  }

  // "Draft>Accepted change" and so on; of the proposal of that number.
  static std::vector<std::string> told(const ProposalHistory& history, const std::string& number) {
    std::vector<std::string> lines;
    const Proposal* proposal = find_proposal(history, number);
    if (!proposal) return {"none"};
    for (const StatusChange& change : proposal->changes)
      lines.push_back(change.from + ">" + change.to + " " + status_kind_name(change.kind));
    return lines;
  }

  void put_pep(const std::string& path, const std::string& status, const std::string& text = "Text.\n") {
    put(path, "PEP: 7\nTitle: A title\nVersion: $Revision$\nStatus: " + status + "\nType: Process\n\n" + text);
  }

  void move(const std::string& from, const std::string& to) {
    std::filesystem::create_directories((folder_ / to).parent_path());
    std::filesystem::rename(folder_ / from, folder_ / to);
  }

  // A side branch with one more commit, merged into main.
  template <class Change>
  void on_branch(const std::string& name, Change change) {
    git({"checkout", "-q", "-b", name});
    change();
    commit("on " + name);
    git({"checkout", "-q", "main"});
    commit("meanwhile");
    tick();
    git({"merge", "-q", "--no-ff", "-m", "Merge " + name, name});
  }

  std::vector<std::string> steps(std::initializer_list<std::string> list) { return list; }
};

TEST_F(ProposalHistoryTest, FollowsNumberThroughMovesAndEndings) {
  put_pep("pep-0007.txt", "Draft");
  commit("new");
  move("pep-0007.txt", "pep-0007.rst");
  put_pep("pep-0007.rst", "Accepted", "All of it was written again, so that no rename is seen.\nLine.\nLine.\n");
  commit("PEP 7: accepted, and another ending");
  move("pep-0007.rst", "peps/pep-0007.rst");
  commit("moved");
  put_pep("peps/pep-0007.rst", "Final");
  const std::string last = commit("PEP 7: final (#12)");
  const auto history = read("peps");
  EXPECT_EQ(told(history, "PEP 7"), steps({">Draft first", "Draft>Accepted change", "Accepted>Final change"}));
  const StatusChange& change = find_proposal(history, "0007")->changes.back();
  EXPECT_EQ(change.commit, last);
  EXPECT_EQ(change.landed_commit, last);
  EXPECT_EQ(change.pull, 12);
  EXPECT_EQ(find_proposal(history, "7")->touches.size(), 4u);
  EXPECT_EQ(history.commits, 4);
}

TEST_F(ProposalHistoryTest, KeepsBothDatesOfWhatAMergeBrought) {
  put_pep("pep-0007.txt", "Draft");
  commit("new");
  on_branch("accept", [&] { put_pep("pep-0007.txt", "Accepted"); });
  const auto history = read("peps");
  ASSERT_EQ(told(history, "7"), steps({">Draft first", "Draft>Accepted change"}));
  const StatusChange& change = find_proposal(history, "7")->changes.back();
  EXPECT_EQ(change.landed_commit, git({"rev-parse", "HEAD"}));
  EXPECT_EQ(change.landed_at, change.at + 120);
  EXPECT_EQ(change.same_commit, 1);
}

TEST_F(ProposalHistoryTest, WhatTwoBranchesBothDecidedCountsOnce) {
  put_pep("pep-0007.txt", "Draft");
  commit("new");
  git({"checkout", "-q", "-b", "other"});
  put_pep("pep-0007.txt", "Final", "As the other branch says it.\n");
  commit("final there");
  git({"checkout", "-q", "main"});
  put_pep("pep-0007.txt", "Final");
  commit("final here");
  tick();
  git({"merge", "-q", "-s", "ours", "-m", "Merge", "other"});
  EXPECT_EQ(told(read("peps"), "7"), steps({">Draft first", "Draft>Final change"}));
}

TEST_F(ProposalHistoryTest, WordsThatAreMendedOrRenamedDecideNothing) {
  put_pep("pep-0007.txt", "Accepted");
  put_pep("pep-0008.txt", "Incomplete");
  put_pep("pep-0009.txt", "Incomplete");
  put_pep("pep-0010.txt", "Incomplete");
  commit("four");
  put_pep("pep-0007.txt", "Withdrawal");
  commit("withdrawn");
  put_pep("pep-0007.txt", "Withdrawn");
  commit("the right word");
  put_pep("pep-0007.txt", "withdrawn");
  commit("small letters");
  for (const char* path : {"pep-0008.txt", "pep-0009.txt", "pep-0010.txt"}) put_pep(path, "Unfinished");
  commit("Incomplete is called Unfinished from now on");
  const auto history = read("peps");
  EXPECT_EQ(told(history, "7"), steps({">Accepted first", "Accepted>Withdrawal change", "Withdrawal>Withdrawn word",
                                       "Withdrawn>withdrawn word"}));
  EXPECT_EQ(told(history, "9"), steps({">Incomplete first", "Incomplete>Unfinished word"}));
}

TEST_F(ProposalHistoryTest, ManyDecisionsAtOnceAreDecisions) {
  for (const char* path : {"pep-0008.txt", "pep-0009.txt", "pep-0010.txt", "pep-0011.txt"}) put_pep(path, "Accepted");
  put_pep("pep-0012.txt", "Final");
  commit("five");
  for (const char* path : {"pep-0008.txt", "pep-0009.txt", "pep-0010.txt"}) put_pep(path, "Final");
  commit("released");
  const auto history = read("peps");
  EXPECT_EQ(told(history, "9"), steps({">Accepted first", "Accepted>Final change"}));
  EXPECT_EQ(find_proposal(history, "9")->changes.back().same_commit, 3);
}

TEST_F(ProposalHistoryTest, AStatusThatVanishesForATimeIsNoChange) {
  put_pep("pep-0007.txt", "Draft");
  commit("new");
  put("pep-0007.txt", "PEP: 7\n\nTitle: A line too many\nStatus: Draft\n\nText.\n");
  commit("broken head");
  put_pep("pep-0007.txt", "Draft");
  commit("mended");
  std::filesystem::remove(folder_ / "pep-0007.txt");
  commit("gone");
  const auto history = read("peps");
  EXPECT_EQ(told(history, "7"), steps({">Draft first"}));
  EXPECT_TRUE(find_proposal(history, "7")->is_gone);
  EXPECT_TRUE(find_proposal(history, "7")->left_at);
}

TEST_F(ProposalHistoryTest, RfcsAreTheirFolderAndNumber) {
  put("active/0000-slices.md", "- Start Date: 2014-06-11\n");
  put("0000-template.md", "- Start Date: \n");
  commit("proposed");
  move("active/0000-slices.md", "active/0030-slices.md");
  commit("accepted");
  move("active/0030-slices.md", "text/0115-slices.md");
  commit("numbered anew");
  const auto history = read("rfcs");
  EXPECT_EQ(told(history, "115"),
            steps({">active/0000 first", "active/0000>active/0030 change", "active/0030>text/0115 change"}));
  EXPECT_EQ(history.proposals.size(), 1u);
}

TEST_F(ProposalHistoryTest, KepsAreJoinedToWhatTheyWereBeforeTheirNumber) {
  const std::string text = "# A title\n\nOne line of text.\nAnother one.\nA third.\nA fourth, and more words.\n";
  put("keps/sig-a/0014-thing.md", "---\ntitle: Thing\nstatus: provisional\n---\n" + text);
  put("keps/sig-a/0015-other.md", "---\ntitle: Other\nstatus: implementable\n---\nNothing alike stands here.\n");
  commit("two without numbers");
  move("keps/sig-a/0014-thing.md", "keps/sig-a/123-thing/README.md");
  put("keps/sig-a/123-thing/README.md", text);
  put("keps/sig-a/123-thing/kep.yaml", "title: Thing\nkep-number: 123\nstatus: implementable  # at last\n");
  commit("numbered");
  // As alike as two can be, and still two.
  put("keps/sig-a/124-thing/README.md", text);
  put("keps/sig-a/124-thing/kep.yaml", "title: Thing again\nstatus: provisional|implementable|implemented\n");
  std::filesystem::remove_all(folder_ / "keps/sig-a/123-thing");
  commit("another number");
  put("keps/sig-a/124-thing/kep.yaml", "title: Thing again\nstatus: \"implemented\"\n");
  commit("chosen");
  const auto history = read("keps");
  EXPECT_EQ(told(history, "123"), steps({">provisional first", "provisional>implementable change"}));
  EXPECT_EQ(told(history, "124"), steps({">implemented first"}));
  EXPECT_EQ(find_proposal(history, "123")->name, "Thing");
}

TEST_F(ProposalHistoryTest, RowsAreKnownByNameOrLink) {
  const std::string head = "| Proposal | Champion |\n|---|---|\n";
  put("README.md",
      "# Proposals\n### Stage 2\n" + head +
          "| [Big `int`][big] | Ann |\n| [Pipes](https://x.org/pipes) | Bob |\n\n[big]: https://x.org/proposal-big\n");
  put("finished-proposals.md", "# Finished\n" + head);
  commit("first");
  put("README.md", "### Stage 3\n" + head + "| [BigInt](https://x.org/proposal-big) | Ann |\n### Stage 2\n" + head +
                       "| [Pipes](https://x.org/pipeline-operator/) | Bob |\n");
  commit("stage 3, another name; another address for the other");
  put("README.md", "### Stage 2\n" + head + "| [Pipes](https://x.org/pipeline-operator/) | Bob |\n");
  put("finished-proposals.md", "# Finished\n" + head + "| [BigInt](https://x.org/proposal-big) | Ann |\n");
  commit("finished");
  const auto history = read("tc39");
  EXPECT_EQ(told(history, "proposal-big"), steps({">2 first", "2>3 change", "3>4 change"}));
  EXPECT_EQ(told(history, "pipeline-operator"), steps({">2 first"}));
  EXPECT_EQ(history.proposals.size(), 2u);
}

TEST_F(ProposalHistoryTest, DepsAreFolderAndHeader) {
  put("draft/javascript.rst", "Title\n=====\n\nText.\n");
  commit("without a head");
  move("draft/javascript.rst", "draft/0003-javascript.rst");
  put("draft/0003-javascript.rst", "Title\n=====\n\n:DEP: 3\n:Author: Ann,\n  Bob\n:Status: Draft\n\nText.\n");
  put("draft/README.rst", ":Status: Draft\n");
  commit("numbered, with a head");
  const auto history = read("deps");
  EXPECT_EQ(told(history, "0003-javascript"), steps({">draft|<none> first", "draft|<none>>draft|Draft change"}));
  EXPECT_EQ(history.proposals.size(), 1u);
}

TEST_F(ProposalHistoryTest, OtherProjectsSayHowTheyKeepThem) {
  put("docs/decisions/0004-store.md", "---\nstate: 'proposed'\ntitle: Store\n---\nText.\n");
  put("docs/table.md", "| Idea | Progress |\n|---|---|\n| [One](https://x.org/a) | planned |\n");
  commit("new");
  put("docs/decisions/0004-store.md", "---\nstate: accepted\ntitle: Store\n---\nText.\n");
  put("docs/table.md", "| Idea | Progress |\n|---|---|\n| [One](https://x.org/a) | done |\n");
  commit("decided");
  EXPECT_EQ(told(read("own", {"docs/decisions/([0-9]+)-.*", "state"}), "4"),
            steps({">proposed first", "proposed>accepted change"}));
  EXPECT_EQ(told(read("own-table", {"docs/table[.]md", "progress"}), "a"),
            steps({">planned first", "planned>done change"}));
  EXPECT_THROW(read("own"), Error);
}

TEST_F(ProposalHistoryTest, HeadsInListsAndBlocks) {
  const auto head = [&](const std::string& bip, const std::string& swift) {
    put("bip-0032.mediawiki", "<pre>\n  BIP: 32\n  Title: Keys\n  Status: " + bip + "\n</pre>\n\nText: no.\n");
    put("proposals/0304-x.md", "# X\n\n* Proposal: [SE-0304](0304-x.md)\n* Status: **" + swift + "**\n\n## Text\n");
  };
  head("Draft", "Active review (March 5...19, 2024)");
  commit("new");
  head("Draft", "Active review (March 5...29, 2024)");
  commit("longer");
  head("Deployed", "Implemented (Swift 5.5)");
  commit("decided");
  EXPECT_EQ(told(read("own", {"bip-([0-9]+)[.]mediawiki", "Status"}), "32"),
            steps({">Draft first", "Draft>Deployed change"}));
  EXPECT_EQ(told(read("own", {"proposals/([0-9]+)-.*[.]md", "Status"}), "304"),
            steps({">Active review first", "Active review>Implemented change"}));
}

TEST_F(ProposalHistoryTest, NothingLaterThanTheMomentAskedForReachesTheAnswer) {
  put_pep("pep-0007.txt", "Draft");
  commit("new");
  const Timestamp then = time_;
  put_pep("pep-0007.txt", "Final");
  commit("final");
  const auto history = read("peps", {}, then);
  EXPECT_EQ(told(history, "7"), steps({">Draft first"}));
  EXPECT_EQ(find_proposal(history, "7")->status, "Draft");
  EXPECT_EQ(history.until, then);
}

TEST(ProposalFormats, AreToldByTheFiles) {
  EXPECT_EQ(guess_proposal_format({"peps/pep-0001.rst", "peps/pep-0002.rst", "peps/pep-0003.rst", "README.rst"}),
            "peps");
  EXPECT_EQ(guess_proposal_format({}), "");  // a clone without a file
  EXPECT_EQ(guess_proposal_format({"text/0001-a.md", "text/0002-b.md", "text/0003-c.md"}), "rfcs");
  EXPECT_EQ(guess_proposal_format({"README.md", "finished-proposals.md", "stage-0-proposals.md"}), "tc39");
  EXPECT_EQ(guess_proposal_format({"src/main.c", "README.md"}), "");
}

}  // namespace
}  // namespace resident
