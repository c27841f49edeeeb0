// GraphQL's nodes and REST's objects of the same things have to give the same records.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <sources/forge/base_merge.hpp>
#include <sources/github/graphql_objects.hpp>
#include <store/event_details.hpp>

namespace resident::github {
namespace {

const char* const kRest = R"json({"type": "pull", "pull": {"number": 7, "title": "T", "body": "B", "state": "closed",
  "user": {"login": "dependabot[bot]", "id": 9, "type": "Bot"}, "author_association": "NONE",
  "created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-05T00:00:00Z", "closed_at": "2020-01-05T00:00:00Z",
  "merged_at": null, "merge_commit_sha": "feed", "html_url": "https://github.com/o/n/pull/7",
  "labels": [{"name": "bug"}], "assignees": [], "requested_reviewers": [{"login": "ann", "id": 1, "type": "User"}], "requested_teams": [{"slug": "core", "name": "Core"}],
  "draft": true, "additions": 0, "deletions": 0, "changed_files": 0, "commits": 0, "maintainer_can_modify": true,
  "head": {"sha": "aa"}, "base": {"ref": "main"}},
 "events": [
  {"event": "committed", "sha": "c1", "author": {"name": "Ann", "email": "a@b.c"}, "committer": {"date": "2020-01-01T00:00:00Z"}, "message": "Merge branch 'main' into topic\\n\\nWords"},
  {"event": "labeled", "id": 11, "created_at": "2020-01-02T00:00:00Z", "actor": {"login": "ann", "id": 1, "type": "User"}, "label": {"name": "bug"}},
  {"event": "commented", "id": 5000000000, "created_at": "2020-01-02T01:00:00Z", "updated_at": "2020-01-02T02:00:00Z", "user": {"login": "ann", "id": 1, "type": "User"}, "body": "Hi"},
  {"event": "reviewed", "id": 12, "submitted_at": "2020-01-03T00:00:00Z", "state": "changes_requested", "user": null, "body": null, "commit_id": "c1"},
  {"event": "reviewed", "id": 13, "state": "pending", "user": {"login": "ann", "id": 1, "type": "User"}},
  {"event": "cross-referenced", "created_at": "2020-01-03T01:00:00Z", "actor": null, "source": {"issue": {"number": 3, "repository_url": "https://api.github.com/repos/o/n"}}},
  {"event": "cross-referenced", "created_at": "2020-01-03T01:00:00Z", "actor": null, "source": {"issue": {"number": 3, "repository_url": "https://api.github.com/repos/other/n"}}},
  {"event": "review_requested", "id": 14, "created_at": "2020-01-03T02:00:00Z", "actor": null, "requested_team": {"slug": "core"}},
  {"event": "reviewed", "id": 18, "submitted_at": "2020-01-03T02:10:00Z", "state": "dismissed", "user": {"login": "ann", "id": 1, "type": "User"}, "body": "No", "commit_id": "c1", "author_association": "MEMBER"},
  {"event": "review_dismissed", "id": 19, "created_at": "2020-01-03T02:20:00Z", "actor": {"login": "ann", "id": 1, "type": "User"}, "dismissed_review": {"state": "changes_requested", "review_id": 18, "dismissal_message": "Mended.", "dismissal_commit_id": "c1"}},
  {"event": "renamed", "id": 15, "created_at": "2020-01-03T03:00:00Z", "actor": null, "rename": {"from": "S", "to": "T"}},
  {"event": "line-commented", "node_id": "x"},
  {"event": "teleported", "id": 16},
  {"event": "closed", "id": 17, "created_at": "2020-01-05T00:00:00Z", "actor": {"login": "ghost", "id": 10137, "type": "User"}, "state_reason": null}]})json";

const char* const kGraphql =
    R"json({"__typename": "PullRequest", "id": "PR_7", "number": 7, "title": "T", "body": "B", "pullState": "CLOSED",
  "author": {"__typename": "Bot", "login": "dependabot", "databaseId": 9}, "authorAssociation": "NONE",
  "createdAt": "2020-01-01T00:00:00Z", "updatedAt": "2020-01-05T00:00:00Z", "closedAt": "2020-01-05T00:00:00Z",
  "mergedAt": null, "mergeCommit": null, "url": "https://github.com/o/n/pull/7", "isDraft": true, "locked": false,
  "headRefOid": "aa", "baseRefName": "main", "additions": 0, "deletions": 0, "changedFiles": 0, "maintainerCanModify": true,
  "commits": {"totalCount": 0}, "reactions": {"totalCount": 0},
  "labels": {"nodes": [{"name": "bug"}, null], "pageInfo": {"hasNextPage": false}},
  "assignees": {"nodes": [], "pageInfo": {"hasNextPage": false}},
  "reviewRequests": {"nodes": [{"requestedReviewer": {"__typename": "User", "login": "ann", "databaseId": 1}}, {"requestedReviewer": null}, {"requestedReviewer": {"__typename": "Team", "slug": "core"}}], "pageInfo": {"hasNextPage": false}},
  "timelineItems": {"pageInfo": {"hasNextPage": false, "endCursor": "z"}, "nodes": [
   {"__typename": "PullRequestCommit", "id": "1", "made": {"oid": "c1", "author": {"name": "Ann", "email": "a@b.c"}, "committer": {"date": "2020-01-01T00:00:00Z"}, "messageHeadline": "Merge branch 'main' into topic"}},
   {"__typename": "LabeledEvent", "id": "2", "createdAt": "2020-01-02T00:00:00Z", "actor": {"__typename": "User", "login": "ann", "databaseId": 1}, "label": {"name": "bug"}},
   {"__typename": "IssueComment", "id": "3", "fullDatabaseId": "5000000000", "createdAt": "2020-01-02T01:00:00Z", "updatedAt": "2020-01-02T02:00:00Z", "author": {"__typename": "User", "login": "ann", "databaseId": 1}, "body": "Hi"},
   {"__typename": "PullRequestReview", "id": "4", "fullDatabaseId": "12", "submittedAt": "2020-01-03T00:00:00Z", "state": "CHANGES_REQUESTED", "author": null, "body": "", "commit": {"oid": "c1"}},
   {"__typename": "PullRequestReview", "id": "5", "fullDatabaseId": "13", "submittedAt": null, "state": "PENDING", "author": {"__typename": "User", "login": "ann", "databaseId": 1}, "body": ""},
   {"__typename": "CrossReferencedEvent", "id": "6", "createdAt": "2020-01-03T01:00:00Z", "actor": null, "source": {"__typename": "Issue", "number": 3, "repository": {"nameWithOwner": "o/n"}}},
   {"__typename": "CrossReferencedEvent", "id": "7", "createdAt": "2020-01-03T01:00:00Z", "actor": null, "source": {"__typename": "Issue", "number": 3, "repository": {"nameWithOwner": "other/n"}}},
   {"__typename": "ReviewRequestedEvent", "id": "8", "createdAt": "2020-01-03T02:00:00Z", "actor": null, "requestedReviewer": {"__typename": "Team", "slug": "core"}},
   {"__typename": "PullRequestReview", "id": "13", "fullDatabaseId": "18", "submittedAt": "2020-01-03T02:10:00Z", "state": "DISMISSED", "author": {"__typename": "User", "login": "ann", "databaseId": 1}, "authorAssociation": "MEMBER", "body": "No", "commit": {"oid": "c1"}},
   {"__typename": "ReviewDismissedEvent", "id": "14", "createdAt": "2020-01-03T02:20:00Z", "actor": {"__typename": "User", "login": "ann", "databaseId": 1}, "previousReviewState": "CHANGES_REQUESTED", "review": {"fullDatabaseId": "18"}, "pullRequestCommit": {"made": {"oid": "c1"}}},
   {"__typename": "RenamedTitleEvent", "id": "9", "createdAt": "2020-01-03T03:00:00Z", "actor": null, "previousTitle": "S", "currentTitle": "T"},
   {"__typename": "PullRequestRevisionMarker"},
   {"__typename": "PullRequestReviewThread", "id": "10"},
   {"__typename": "TeleportedEvent", "id": "11"},
   {"__typename": "ClosedEvent", "id": "12", "createdAt": "2020-01-05T00:00:00Z", "actor": {"__typename": "User", "login": "ghost", "databaseId": 10137}, "stateReason": "COMPLETED", "closer": null}]}})json";

std::string line_of(const EventRecord& event) {
  return event.kind + "|" + event.key + "|" + event.actor.login + event.actor.email + "|" + event.label + "|" +
         event.subject.login + "|" + event.sha + "|" + event.detail + "|" +
         std::to_string(event.occurred_at.value_or(0));
}

class GithubObjects : public testing::Test {
 protected:
  json::Parser rest_parser_, graphql_parser_;
  ItemRecord rest_ = metadata_file(
      json::parse(rest_parser_, kRest),
      [](const std::string& place, const std::string& reason) { ADD_FAILURE() << place << ": " << reason; });
  std::vector<std::string> problems_;
  ItemRecord graphql_ = graphql_item(json::Object(json::parse(graphql_parser_, kGraphql), "node"),
                                     [&](const std::string& place, const std::string&) { problems_.push_back(place); });
};

TEST_F(GithubObjects, EventsAreTheSameWithTheSameKeys) {
  ASSERT_EQ(rest_.events.size(), graphql_.events.size());
  for (std::size_t index = 0; index < rest_.events.size(); ++index)
    EXPECT_EQ(line_of(rest_.events[index]), line_of(graphql_.events[index]));
}

TEST_F(GithubObjects, AMergeOfTheBaseIsTold) {
  EXPECT_EQ(rest_.events[0].detail, kBaseMerged);
  using json::detail_of_commit;
  for (const char* headline :
       {"Merge branch 'main' into topic", "Merge branch 'main' of https://github.com/o/n into topic",
        "Merge remote-tracking branch 'upstream/main' into topic", "Merge branch 'o:main' into topic",
        "Merge remote-tracking branch 'origin/main'", "Merge remote-tracking branch 'refs/remotes/origin/main' into x"})
    EXPECT_EQ(detail_of_commit(headline, "main"), kBaseMerged) << headline;
  EXPECT_EQ(detail_of_commit("Merge branch 'release/1.2' into topic", "release/1.2"), kBaseMerged);
  EXPECT_EQ(detail_of_commit("Merge branch 'master' into topic", ""), kBaseMerged);
  for (const char* headline : {"Merge branch 'topic' of github.com:o/n into topic", "Merge branch 'domain' into topic",
                               "Merge branch 'other' into topic", "Merge pull request #3 from ann/fix", "Mend main"})
    EXPECT_EQ(detail_of_commit(headline, "main"), "") << headline;
}

TEST_F(GithubObjects, ReferencesOfTheOwnRepositoryAreNumbersAlone) {
  // Linked issues and reviewers' links look for "#3".
  EXPECT_EQ(rest_.events[4].detail, "#3");
  EXPECT_EQ(rest_.events[5].detail, "other/n#3");
}

TEST_F(GithubObjects, FieldsAreTheSame) {
  const ItemRecord& item = graphql_;
  EXPECT_EQ(rest_.author.login, item.author.login);
  EXPECT_EQ(rest_.author.account_type, item.author.account_type);
  EXPECT_EQ(rest_.state, item.state);
  EXPECT_EQ(rest_.labels, item.labels);
  EXPECT_EQ(rest_.is_draft, item.is_draft);
  EXPECT_EQ(rest_.merge_sha, "");  // of a merge that was only tried
  EXPECT_EQ(item.merge_sha, "");
  EXPECT_EQ(rest_.additions, std::nullopt);
  EXPECT_EQ(item.additions, std::nullopt);
  EXPECT_EQ(rest_.reaction_count, item.reaction_count);
  EXPECT_EQ(rest_.maintainer_can_modify, item.maintainer_can_modify);
  ASSERT_EQ(rest_.requested_reviewers.size(), item.requested_reviewers.size());
  ASSERT_EQ(rest_.reviews.size(), 2U);
  ASSERT_EQ(item.reviews.size(), 2U);
  // GitHub rewrites a dismissed review's state in place; the event tells what it had been.
  for (const ItemRecord* each : {static_cast<const ItemRecord*>(&rest_), &item}) {
    EXPECT_EQ(each->reviews[1].state, "changes_requested");
    EXPECT_EQ(each->reviews[1].dismissed_at, parse_time("2020-01-03T02:20:00Z"));
    EXPECT_EQ(each->reviews[1].is_official, true);
    EXPECT_EQ(each->requested_teams, std::vector<std::string>{"core"});
  }
  EXPECT_EQ(rest_.reviews[0].state, item.reviews[0].state);
  EXPECT_FALSE(item.events.back().actor.known());
}

}  // namespace
}  // namespace resident::github
