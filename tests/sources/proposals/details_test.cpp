// What the files of proposals say beside the status, dates of releases, and what commits say of proposals.
#include <gtest/gtest.h>

#include <sources/proposals/details.hpp>
#include <sources/proposals/mentions.hpp>
#include <sources/proposals/schedule.hpp>

namespace resident {
namespace {

std::vector<std::string> told(const ProposalDetails& details) {
  std::vector<std::string> lines;
  for (const auto& pointer : details.pointers)
    lines.push_back(std::string(pointer_kind_name(pointer.kind)) + " " + pointer.target + " " + pointer.where);
  return lines;
}

TEST(ProposalDetails, OfAPep) {
  ProposalDetails details;
  read_proposal_details(details, "peps/pep-0007.rst",
                        "PEP: 7\nAuthor: Ann Example <ann at example.org>,\n        Bo Sample\nDiscussions-To: "
                        "typing-sig@python.org\nStatus: Draft\nRequires: 0440, 508\nPost-History: `01-Jan-2023 "
                        "<https://forum.example.org/t/12>`__,\n              `02-Jan-2023 "
                        "<https://forum.example.org/t/13>`__\nPython-Version: 3.13\n\nAbstract\n========\n\nSee "
                        "https://github.com/o/r/pull/1 of another matter.\n\nReference Implementation\n===========\n"
                        "=============\n\nOpen Issues\n===========\n\nNone.\n");
  EXPECT_EQ(details.authors, (std::vector<std::string>{"Ann Example", "Bo Sample"}));
  EXPECT_EQ(details.requirements, (std::vector<std::string>{"440", "508"}));
  EXPECT_EQ(details.version, "3.13");
  EXPECT_EQ(told(details), (std::vector<std::string>{"list typing-sig Discussions-To",
                                                     "discussion https://forum.example.org/t/12 Post-History",
                                                     "discussion https://forum.example.org/t/13 Post-History"}));
  EXPECT_FALSE(details.has_open_issues);
  read_proposal_details(details, "peps/pep-0007.rst",
                        "PEP: 7\nStatus: Draft\n\nReference Implementation\n========================\n\nIt is "
                        "`there <https://github.com/o/r/pull/2>`_.\n\nOpen Issues\n===========\n\nHow to call it?\n");
  EXPECT_EQ(told(details).back(), "pull https://github.com/o/r/pull/2 Reference Implementation");
  EXPECT_TRUE(details.has_open_issues);
}

TEST(ProposalDetails, OfAnRfcAndAKep) {
  ProposalDetails rfc;
  read_proposal_details(
      rfc, "text/0115-a.md",
      "- Start Date: 2014-06-11\n- RFC PR: [o/rfcs#115](https://github.com/o/rfcs/pull/115)\n- Rust "
      "Issue: [o/r#6](https://github.com/o/r/issues/6)\n\n## Summary\nhttps://github.com/o/r/pull/9\n");
  EXPECT_EQ(told(rfc), (std::vector<std::string>{"pull https://github.com/o/rfcs/pull/115 RFC PR",
                                                 "issue https://github.com/o/r/issues/6 Rust Issue"}));
  EXPECT_EQ(rfc.created, "2014-06-11");
  ProposalDetails kep;
  read_proposal_details(kep, "keps/sig-a/1-b/kep.yaml",
                        "authors:\n  - \"@ann\"\n  - \"@bo\"\nlatest-milestone: \"v1.25\"\nsee-also:\n  - "
                        "https://github.com/o/r/issues/3\n");
  EXPECT_EQ(kep.authors, (std::vector<std::string>{"@ann", "@bo"}));
  EXPECT_EQ(kep.version, "v1.25");
  EXPECT_EQ(told(kep), std::vector<std::string>{"issue https://github.com/o/r/issues/3 see-also"});
}

TEST(ReleaseSchedule, TableAndBullets) {
  std::string fault;
  const auto table = read_release_table(
      "[metadata.\"3.15\"]\nfeature-freeze = 2026-05-07\n[[release.\"3.15\"]]\nstage = \"3.15.0 alpha 1\"\nstate = "
      "\"actual\"\ndate = 2025-10-14\n[[release.\"3.15\"]]\nstage = \"3.15.0 beta 1\"\nstate = \"expected\"\ndate = "
      "2026-05-05\n[[release.\"3.15\"]]\nstage = \"no date\"\n",
      "releases.toml", fault);
  ASSERT_EQ(table.size(), 3u);
  EXPECT_EQ(fault, "");
  EXPECT_EQ(table[0].is_actual, true);
  EXPECT_EQ(format_date(feature_freeze(table, "3.15")->at), "2026-05-05");
  EXPECT_EQ(feature_freeze(table, "3.14"), nullptr);
  EXPECT_TRUE(read_release_table("[[release", "releases.toml", fault).empty());
  EXPECT_NE(fault, "");
  const auto bullets = read_release_bullets(
      "Actual:\n\n- 3.13.0 alpha 1: Friday, 2023-10-13\n\nExpected:\n\n- 3.13.0 beta 1: Tuesday, 2024-05-07\n  (No new "
      "features.)\n\nOld\n---\n\n- 3.4.0 beta 1: November 24, 2013\n* v3.1.1rc1 2009-08-13\n- alpha 1: April 5, 2006\n"
      "- 3.4 final: someday\n- 3.9.0: 2020-13-40\n",
      "pep-0719.rst");
  ASSERT_EQ(bullets.size(), 4u);
  EXPECT_EQ(bullets[0].stage, "3.13.0 alpha 1");
  EXPECT_EQ(bullets[1].is_actual, false);
  EXPECT_EQ(bullets[2].is_actual, std::nullopt);
  EXPECT_EQ(bullets[3].series, "3.1");
  EXPECT_EQ(format_date(bullets[2].at), "2013-11-24");
}

TEST(ProposalMentions, OnlyFormsThatCanMeanNothingElse) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(named_proposals("peps", "PEP 8, pep-0440, PEP440 and PEPs 12345"), (Names{"8", "440"}));
  EXPECT_EQ(named_proposals("rfcs", "RFC 2616, RFC #115, rust-lang/rfcs#2383, o/rfcs/pull/9"),
            (Names{"2383", "9", "115"}));
  EXPECT_EQ(named_proposals("keps", "KEP-2579, kubernetes/enhancements#1287"), (Names{"2579", "1287"}));
  EXPECT_EQ(named_proposals("tc39", "see tc39/proposal-Bigint."), Names{"proposal-bigint"});
}

TEST(ProposalMentions, WhatACommitSaysOfAProposal) {
  const auto kind = [](std::string_view subject) { return what_is_said("PEP", "639", subject); };
  for (const char* subject : {"gh-5: Implement PEP 639 (#6)", "PEP 639: License-Expression",
                              "[3.12] bpo-12: Add support for PEP 639", "Support new licences (PEP 639)"})
    EXPECT_EQ(kind(subject), MentionKind::carries_out) << subject;
  for (const char* subject :
       {"docs: correct PEP 639", "Fix typo in PEP 639 support", "Use sys.implementation.name, PEP 639 prefers it",
        "Add property-based tests for PEP 639", "Add PEP 6390"})
    EXPECT_EQ(kind(subject), MentionKind::names) << subject;
  EXPECT_EQ(kind("Revert \"Implement PEP 639\""), MentionKind::reverts);
}

}  // namespace
}  // namespace resident
