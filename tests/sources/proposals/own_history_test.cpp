// Histories of proposals that are kept as a project says, made up for the test.
#include <base/error.hpp>
#include <sources/proposals/guess.hpp>
#include <sources/proposals/history.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident {
namespace {

class OwnProposalsTest : public git::GitFixture {
 protected:
  ProposalHistory read(const std::string& paths, const std::string& key = "status") {
    git::Repository repository(folder_.string());
    OwnProposalFormat own;
    own.paths = paths;
    own.status = key;
    return read_proposal_history(repository, proposal_format("own", own), std::nullopt);
  }

  static std::vector<std::string> told(const ProposalHistory& history, const std::string& number) {
    std::vector<std::string> lines;
    const Proposal* proposal = find_proposal(history, number);
    if (!proposal) return {"none"};
    for (const StatusChange& change : proposal->changes)
      lines.push_back(change.from + ">" + change.to + " " + status_kind_name(change.kind));
    return lines;
  }

  void write(const std::string& path, const std::string& status) {
    put(path, "---\nstatus: " + status + "\ntitle: One\n---\n\nA line.\nAnother one.\nA third one.\nThe last.\n");
  }

  void move(const std::string& from, const std::string& to) {
    std::filesystem::create_directories((folder_ / to).parent_path());
    std::filesystem::rename(folder_ / from, folder_ / to);
  }

  using Lines = std::vector<std::string>;
};

TEST_F(OwnProposalsTest, WhatBranchesDecideSideBySideIsAsTheMainLineHadIt) {
  write("text/0007-one.md", "");
  commit("new");
  git({"checkout", "-q", "-b", "stages"});
  write("text/0007-one.md", "Recommended");
  const std::string decided = commit("each its stage");
  write("text/0007-one.md", "recommended");
  commit("small letters");
  git({"checkout", "-q", "-b", "other", "main"});
  write("text/0007-one.md", "accepted");
  commit("all are accepted");
  git({"checkout", "-q", "main"});
  tick();
  git({"merge", "-q", "--no-ff", "-m", "Merge other", "other"});
  tick();
  git({"merge", "-q", "-X", "theirs", "-m", "Merge stages", "stages"});
  const auto history = read("text/([0-9]+)-.*[.]md");
  EXPECT_EQ(told(history, "7"),
            (Lines{">accepted first", "accepted>Recommended change", "Recommended>recommended word"}));
  EXPECT_EQ(find_proposal(history, "7")->changes[1].commit, decided);
  EXPECT_EQ(find_proposal(history, "7")->changes[1].landed_commit, git({"rev-parse", "HEAD"}));
}

TEST_F(OwnProposalsTest, WhatAMergeDidNotTakeWasNeverDecided) {
  write("a/1.md", "draft");
  commit("new");
  git({"checkout", "-q", "-b", "side"});
  write("a/1.md", "rejected");
  commit("rejected there");
  git({"checkout", "-q", "main"});
  commit("meanwhile");
  tick();
  git({"merge", "-q", "-s", "ours", "-m", "Merge side", "side"});
  write("a/1.md", "final");
  commit("final");
  EXPECT_EQ(told(read("a/([0-9]+)[.]md"), "1"), (Lines{">draft first", "draft>final change"}));
}

TEST_F(OwnProposalsTest, DraftsAreWhatTheyBecome) {
  write("proposals/xxxx-a-name.md", "idea");
  write("proposals/xxxx-template.md", "idea | draft");
  commit("an idea");
  write("proposals/xxxx-a-name.md", "draft");
  commit("a draft");
  move("proposals/xxxx-a-name.md", "proposals/0042-a-name.md");
  commit("it has a number");
  write("proposals/0042-a-name.md", "accepted");
  commit("accepted");
  const auto with_drafts = read("proposals/(?:([0-9]+)|xxxx)-.*[.]md");
  EXPECT_EQ(told(with_drafts, "42"), (Lines{">idea first", "idea>draft change", "draft>accepted change"}));
  EXPECT_EQ(with_drafts.proposals.size(), 1u);
  EXPECT_EQ(told(read("proposals/([0-9]+)-.*[.]md"), "42"), (Lines{">draft first", "draft>accepted change"}));
}

TEST_F(OwnProposalsTest, ANameOfDraftsIsUsedAgain) {
  write("text/0000-my-idea.md", "draft");
  commit("one");
  move("text/0000-my-idea.md", "text/0001-my-idea.md");
  commit("numbered");
  put("text/0000-my-idea.md", "---\nstatus: draft\n---\nAnother matter altogether.\n");
  commit("another");
  put("text/0000-my-idea.md", "---\nstatus: rejected\n---\nAnother matter altogether.\n");
  commit("rejected");
  const auto history = read("text/([0-9]+)-.*[.]md");
  EXPECT_EQ(told(history, "1"), (Lines{">draft first"}));
  EXPECT_EQ(told(history, "0000-my-idea"), (Lines{">draft first", "draft>rejected change"}));
}

TEST_F(OwnProposalsTest, AllAreNumberedAnew) {
  write("p/0001-first-name.md", "draft");
  put("p/0002-second-name.md", "---\nstatus: draft\n---\nOf another kind, with words of its own.\n");
  commit("two");
  move("p/0001-first-name.md", "p/0011-first-name.md");
  move("p/0002-second-name.md", "p/0001-second-name.md");
  commit("numbers of the pull requests");
  write("p/0011-first-name.md", "final");
  commit("final");
  const auto history = read("p/([0-9]+)-.*[.]md");
  EXPECT_EQ(told(history, "11"), (Lines{">draft first", "draft>final change"}));
  EXPECT_EQ(told(history, "1"), (Lines{">draft first"}));
  EXPECT_EQ(history.proposals.size(), 2u);
}

TEST_F(OwnProposalsTest, ANumberThatWasGivenTwiceIsFreeAgain) {
  write("p/0018-first-name.md", "draft");
  put("p/0017-second-name.md", "---\nstatus: draft\n---\nOf another kind, with words of its own.\n");
  commit("two");
  move("p/0018-first-name.md", "p/0019-first-name.md");
  commit("somebody else has 18");
  put("p/0018-third-name.md", "---\nstatus: rejected\n---\nHere it is, unlike all others that there are.\n");
  commit("the other 18");
  const auto history = read("p/([0-9]+)-.*[.]md");
  EXPECT_EQ(told(history, "18"), (Lines{">rejected first"}));
  EXPECT_EQ(told(history, "19"), (Lines{">draft first"}));
  EXPECT_EQ(history.proposals.size(), 3u);
}

TEST_F(OwnProposalsTest, ASecondSeriesOfTheSameNumbersTakesNone) {
  put("p/0013-first-name.md", "---\nstatus: draft\n---\nOf one kind, with words of its own.\n");
  put("p/0014-second-name.md", "---\nstatus: accepted\n---\nOf another kind, unlike the first of them.\n");
  write("p/other/0013-third-name.md", "draft");
  commit("two series");
  move("p/other/0013-third-name.md", "p/other/0014-third-name.md");
  commit("the third is numbered anew");
  const auto history = read("p/(?:[^/]+/)?([0-9]+)-.*[.]md");
  EXPECT_EQ(told(history, "13"), (Lines{">draft first"}));
  EXPECT_EQ(told(history, "0014-second-name"), (Lines{">accepted first"}));
  EXPECT_EQ(told(history, "0014-third-name"), (Lines{">draft first"}));
  EXPECT_EQ(history.proposals.size(), 3u);
}

TEST_F(OwnProposalsTest, ANumberThatTwoBranchesTookIsOneOfTheirs) {
  put("README.md", "All of them.\n");
  commit("begin");
  git({"checkout", "-q", "-b", "late"});
  put("p/0028-second-name.md", "---\nstatus: draft\n---\nOf another kind, with words of its own.\n");
  commit("the second takes 28");
  git({"checkout", "-q", "main"});
  put("p/0028-first-name.md", "---\nstatus: final\n---\nOf one kind, unlike the second of them.\n");
  commit("the first takes 28");
  git({"checkout", "-q", "late"});
  move("p/0028-second-name.md", "p/0029-second-name.md");
  commit("then it is 29");
  git({"checkout", "-q", "main"});
  tick();
  git({"merge", "-q", "--no-ff", "-m", "Merge late", "late"});
  const auto history = read("p/([0-9]+)-.*[.]md");
  EXPECT_EQ(told(history, "28"), (Lines{">final first"}));
  EXPECT_EQ(told(history, "29"), (Lines{">draft first"}));
}

TEST_F(OwnProposalsTest, TwoFilesOfOneNumberAreTwoProposals) {
  put("p/0011-one-thing.md", "---\nstatus: draft\n---\nOf one kind, with words of its own.\n");
  commit("the first");
  put("p/0011-another.md", "---\nstatus: accepted\n---\nOf another kind, unlike the first of them.\n");
  put("p/0011-one-thing-in-short.md", "---\nstatus: none\n---\nIts summary, in other words than it has.\n");
  commit("the second, and a summary of the first");
  put("p/0011-one-thing.md", "---\nstatus: final\n---\nOf one kind, with words of its own.\n");
  commit("decided");
  const auto history = read("p/([0-9]+)-.*[.]md");
  EXPECT_EQ(told(history, "0011-another"), (Lines{">accepted first"}));
  EXPECT_EQ(history.proposals.size(), 2u);
  EXPECT_THROW(find_proposal(history, "11"), Error);
}

TEST_F(OwnProposalsTest, FoldersAreStatesWhereThePathSaysSo) {
  put("specs/one/approved/a-name.rst", "Title\n=====\n\nA line.\nAnother one.\n");
  commit("approved");
  move("specs/one/approved/a-name.rst", "specs/one/implemented/a-name.rst");
  commit("implemented");
  put("specs/two/approved/a-name.rst", "Title\n=====\n\nMore of it.\n");
  commit("again");
  for (const char* group : {"(?P<status>[^/]+)", "(?<status>[^/]+)"}) {
    const auto history = read(std::string("specs/([^/]+)/") + group + "/(.*)[.]rst");
    EXPECT_EQ(told(history, "one/a-name"), (Lines{">approved first", "approved>implemented change"}));
    EXPECT_EQ(told(history, "two/a-name"), (Lines{">approved first"}));
  }
}

TEST_F(OwnProposalsTest, SeveralNamesOfTheStatus) {
  put("c/one.md", "---\nvote-status: under review\n---\n");
  commit("new");
  put("c/one.md", "---\nstage: done\nstatus: shipped\n---\n");
  commit("another key");
  EXPECT_EQ(told(read("c/(.*)[.]md", "status, vote-status"), "one"),
            (Lines{">under review first", "under review>shipped change"}));
}

TEST_F(OwnProposalsTest, MoreToTheSameWordIsNoDecision) {
  write("a/1.md", "Accepted");
  commit("new");
  write("a/1.md", "Implemented in 4.1");
  commit("implemented");
  write("a/1.md", "Implemented (4.1)");
  commit("as the others");
  EXPECT_EQ(told(read("a/([0-9]+)[.]md"), "1"),
            (Lines{">Accepted first", "Accepted>Implemented in 4.1 change", "Implemented in 4.1>Implemented word"}));
}

TEST_F(OwnProposalsTest, ListsInYaml) {
  const auto list = [&](const std::string& status) {
    put("all.yaml", "# All of them\n- name: 'R-0001'\n  title: One\n  status: '" + status +
                        "'\n  authors: ['ann']\n- name: 'R-0002'\n  title: Two\n  status: 'Draft'\n");
  };
  list("Draft");
  commit("new");
  list("Accepted");
  commit("accepted");
  git::Repository repository(folder_.string());
  OwnProposalFormat own;
  own.paths = "all[.]yaml";
  const auto history = read_proposal_history(repository, proposal_format("own-table", own), std::nullopt);
  EXPECT_EQ(told(history, "R-0001"), (Lines{">Draft first", "Draft>Accepted change"}));
  EXPECT_EQ(told(history, "R-0002"), (Lines{">Draft first"}));
}

TEST_F(OwnProposalsTest, TheFormIsFoundInTheTree) {
  for (const char* number : {"1", "2", "3"})
    put("docs/adr/000" + std::string(number) + "-name-" + number + ".md",
        "# " + std::string(number) + ". Name\n\n## Status\n\nProposed\n\n## Context\n");
  commit("three");
  put("docs/adr/0002-name-2.md", "# 2. Name\n\n## Status\n\nAccepted\n\n## Context\n");
  commit("one is decided");
  git::Repository repository(folder_.string());
  const auto format = find_proposal_format(repository);
  ASSERT_TRUE(format);
  const auto history = read_proposal_history(repository, *format, std::nullopt);
  EXPECT_EQ(told(history, "2"), (Lines{">Proposed first", "Proposed>Accepted change"}));
  EXPECT_EQ(find_proposal(history, "2")->name, "2. Name");
}

}  // namespace
}  // namespace resident
