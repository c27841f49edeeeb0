#include <gtest/gtest.h>

#include <base/error.hpp>
#include <store/moves.hpp>
#include <store/writer.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {
namespace {

std::string named(std::string_view url) {
  const auto item = tracker_item(url);
  return item ? item->tracker + " #" + std::to_string(item->number) : "none";
}

TEST(Moves, AddressesNameItemsOfTrackers) {
  EXPECT_EQ(named("https://trac.sagemath.org/ticket/5965"), "trac.sagemath.org #5965");
  EXPECT_EQ(named("http://projects.scipy.org/numpy/ticket/783"), "projects.scipy.org/numpy #783");
  EXPECT_EQ(named("https://bugs.python.org/issue32704"), "bugs.python.org #32704");
  EXPECT_EQ(named("https://llvm.org/bz31942"), "llvm.org #31942");
  EXPECT_EQ(named("https://bugs.kde.org/show_bug.cgi?format=x&id=12"), "bugs.kde.org #12");
  EXPECT_EQ(named("https://issues.apache.org/jira/browse/LUCENE-1002"), "issues.apache.org/jira LUCENE #1002");
  EXPECT_EQ(named("http://code.google.com/p/demo/issues/detail?id=7"), "code.google.com/p/demo #7");
  EXPECT_EQ(named("https://github.com/Owner/Name/issues/3#issuecomment-1"), "github.com/owner/name #3");
  EXPECT_EQ(named("https://gitlab.com/a/b/-/issues/3"), "gitlab.com/a/b #3");
  EXPECT_EQ(named("https://bugs.launchpad.net/ubuntu/+source/x/+bug/44"), "bugs.launchpad.net #44");
  EXPECT_EQ(named("https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=12"), "bugs.debian.org #12");
  EXPECT_EQ(named("https://bugs.debian.org/12"), "bugs.debian.org #12");
  EXPECT_EQ(named("ticket/3"), "none");
}

TEST(Moves, AddressesNamePullRequests) {
  const auto pull = [](std::string_view url) {
    const auto item = tracker_item(url);
    return item ? item->tracker + (item->is_pull ? " !" : " #") + std::to_string(item->number) : "none";
  };
  EXPECT_EQ(pull("https://github.com/Owner/Name/pull/3/files"), "github.com/owner/name !3");
  EXPECT_EQ(pull("https://codeberg.org/o/n/pulls/3"), "codeberg.org/o/n !3");
  EXPECT_EQ(pull("https://gitlab.com/a/b/-/merge_requests/7"), "gitlab.com/a/b !7");
  EXPECT_EQ(pull("https://bitbucket.org/o/n/pull-requests/9/words"), "bitbucket.org/o/n !9");
  EXPECT_EQ(pull("https://review.example.org/c/demo/app/+/41"), "review.example.org !41");
  EXPECT_EQ(pull("https://reviews.example.org/D55"), "reviews.example.org !55");
  EXPECT_EQ(pull("https://github.com/o/n/issues/3"), "github.com/o/n #3");
}

TEST(Moves, APullRequestsFirstLifeIsOne) {
  const std::string text =
      "Migrated from https://gitlab.example/a/b/-/merge_requests/7 by @x\n\nFixes https://trac.example/ticket/5";
  const auto found = find_first_life("Fix it (Trac #5)", text, "github.com/o/n", {}, true);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->first.tracker, "gitlab.example/a/b");
  EXPECT_TRUE(found->first.is_pull);
  EXPECT_FALSE(find_first_life("Fix it (Trac #5)", "Imported from https://trac.example/ticket/5", "", {}, true))
      << "a ticket is what it mends";
  EXPECT_FALSE(find_first_life("x", text.substr(0, text.find('\n')), "github.com/o/n", {}))
      << "an issue began as no merge request";
}

struct Told {
  std::string title, text, first, found_by;
  std::optional<Timestamp> opened_at;
};

// Opening lines as programs that moved trackers wrote them.
TEST(Moves, LinesThatSayWhereAnItemCameFrom) {
  const Told cases[] = {
      {"Tracking",
       "BPO | [32704](https://bugs.python.org/issue32704)\n--- | :---\n\nbugs.python.org fields:\ncreation = <Date "
       "2018-01-29.05:49:48.747>\n",
       "bugs.python.org #32704", "line", 1517204988},
      {"Test bug", "|  |  |\n| --- | --- |\n| Bugzilla Link | [31942](https://llvm.org/bz31942) |\n| Version | x |",
       "llvm.org #31942", "line", std::nullopt},
      {"bug in mobius",
       "Issue created by migration from https://trac.sagemath.org/ticket/608\n\nOriginal creator: was\n\nOriginal "
       "creation time: 2007-09-07 00:37:08\n",
       "trac.sagemath.org #608", "line", 1189125428},
      {"Zen of numpy required (Trac #1796)",
       "_Original ticket http://projects.scipy.org/numpy/ticket/1796 on 2011-04-06 by @x, assigned to unknown._\n",
       "projects.scipy.org/numpy #1796", "line", 1302048000},
      {"Update FiPy",
       "Use it.\n\n_Imported from trac ticket [#21](http://matforge.org/fipy/ticket/21), created by w on 01-19-2005_",
       "matforge.org/fipy #21", "line", std::nullopt},
      {"Nightly builds (Jira: LUCENE-1002)", "", "jira LUCENE #1002", "title", std::nullopt},
  };
  for (const Told& one : cases) {
    const auto found = find_first_life(one.title, one.text, "github.com/o/n", {});
    ASSERT_TRUE(found) << one.title;
    EXPECT_EQ(found->first.tracker + " #" + std::to_string(found->first.number), one.first);
    EXPECT_EQ(found->found_by, one.found_by);
    EXPECT_EQ(found->opened_at, one.opened_at) << one.title;
  }
}

TEST(Moves, OtherReferencesAreNoMoves) {
  EXPECT_FALSE(find_first_life("bpo-123: fix it", "See https://bugs.python.org/issue123 for more.", "", {}));
  EXPECT_FALSE(find_first_life("x", "Original issue: https://github.com/o/n/issues/3", "github.com/o/n", {}));
  EXPECT_FALSE(find_first_life("x", "I migrated from 2.0 to 3.0", "", {}));
}

TEST(Moves, LinesOfOneFormAreEqual) {
  const auto form = [](const std::string& number) {
    return find_first_life("x", "_Original ticket http://t.example/ticket/" + number + " on 2011-04-06 by @a_", "", {})
        ->form;
  };
  EXPECT_EQ(form("1"), form("2"));
  EXPECT_NE(form("1"), find_first_life("x", "Imported from http://t.example/ticket/3", "", {})->form);
}

TEST(Moves, RulesGoFirst) {
  const std::vector<LinkRule> rules{{R"(bpo-(\d+))", "bugs.python.org", "old"}};
  const auto found = find_first_life("A title", "Moved here from bpo-77 yesterday.", "", rules);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->found_by, "rule");
  EXPECT_EQ(found->first.number, 77);
  EXPECT_EQ(found->project, "old");
  EXPECT_EQ(found->evidence, "Moved here from bpo-77 yesterday.");
}

TEST(Moves, EvidenceHasNoAddressOfPeople) {
  const auto found =
      find_first_life("x", "Originally reported by ann@example.org at https://t.example/ticket/3", "", {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->evidence.find('@'), std::string::npos);
}

class MoveSearch : public test::OnEachEngine {
 protected:
  MoveSearch() : OnEachEngine("moves_test") {}

  void write(std::int64_t number, const std::string& body, std::string_view created) {
    Writer writer(*database_, project_, source_);
    ItemRecord record;
    record.number = number;
    record.title = "title";
    record.body = body;
    record.created_at = *parse_time(created);
    writer.item(record);
    writer.checkpoint("done");
  }
  std::int64_t count(std::string_view table) {
    return database_->integer("SELECT count(*) FROM " + std::string(table)).value_or(0);
  }

  std::int64_t project_ = 0, source_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, MoveSearch, test::kEngines, test::engine_name);

// An old item that comes late is searched, and no other; what a killed sync left is searched by the next.
TEST_P(MoveSearch, LooksAtWhatWasWrittenAlone) {
  const std::vector<LinkRule> rules{{R"(formerly number (\d+))", "old.example.org", ""}};
  project_ = ensure_project(*database_, "moving");
  source_ = ensure_source(*database_, project_, "test", "moving");
  write(1, "formerly number 7", "2024-05-01");
  write(2, "nothing", "2024-05-02");
  EXPECT_EQ(count("item_move_due"), 0);  // all is searched the first time
  find_moves(*database_, project_, rules);
  EXPECT_EQ(count("item_move"), 1);
  // Nobody told of this change, so only a search of all would find it.
  database_->execute("UPDATE item SET body = 'formerly number 8' WHERE number = 2");
  write(3, "formerly number 9", "2012-01-01");
  EXPECT_EQ(count("item_move_due"), 1);
  write(4, "formerly number 10", "2013-01-01");
  find_moves(*database_, project_, rules);
  EXPECT_EQ(count("item_move"), 3);
  EXPECT_EQ(count("item_move_due"), 0);
  // Its words are gone, and with them the move.
  write(3, "as it was", "2012-01-01");
  find_moves(*database_, project_, rules);
  EXPECT_EQ(count("item_move"), 2);
  // Other rules search all.
  const std::vector<LinkRule> others{{R"(formerly (?:the )?number (\d+))", "old.example.org", ""}};
  EXPECT_TRUE(are_moves_stale(*database_, project_, others));
  find_moves(*database_, project_, others);
  EXPECT_EQ(count("item_move"), 3);
}

}  // namespace
}  // namespace resident
