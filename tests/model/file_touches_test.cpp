#include <gtest/gtest.h>

#include <map>
#include <model/file_touches.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using namespace test;

// Commits a day apart, each a list of (path, status, old path), told as "file: commits".
class FileHistoryTest : public testing::Test {
 protected:
  using Change = std::tuple<const char*, char, const char*>;

  void commit_changes(const std::vector<Change>& changes) {
    auto record = commit(0, "ann", "ann@users.noreply.github.com", at("2023-01-01") + day_ * kDay);
    record.sha = fingerprint(std::to_string(day_++));
    for (const auto& [path, status, old_path] : changes) {
      FileChangeRecord change;
      change.path = path;
      change.status = status;
      change.old_path = old_path;
      change.additions = 1;
      record.changes.push_back(change);
    }
    history_.commits.push_back(record);
  }
  // After so many days; in_head: the paths of the newest tree.
  std::map<std::string, int> commits_by_file(std::int64_t days, const std::vector<std::string>& in_head) {
    const auto database = Database::open(":memory:");
    write(*database, "small", history_);
    for (const auto& path : in_head)
      database->execute("UPDATE path SET in_head = 1 WHERE path = :path", {{"path", path}});
    const Context context = open_context(*database, Config(), "small", at("2023-01-01") + days * kDay - 1, kForever);
    const People people = load_people(context);
    const ModuleMap map(context);
    std::map<std::string, int> result;
    for (const FileTouch& touch : load_file_touches(context, people, map)) ++result[map.path(touch.path_id)];
    return result;
  }

  History history_;
  std::int64_t day_ = 0;
};

using Files = std::map<std::string, int>;

TEST_F(FileHistoryTest, RenamesAreFollowed) {
  commit_changes({{"a", 'A', ""}});
  commit_changes({{"b", 'R', "a"}});
  commit_changes({{"a", 'A', ""}});  // another file takes the name
  commit_changes({{"c", 'R', "b"}, {"a", 'M', ""}});
  EXPECT_EQ(commits_by_file(9, {"a", "c"}), (Files{{"a", 2}, {"c", 3}}));
  EXPECT_EQ(commits_by_file(3, {"a", "c"}), (Files{{"a", 1}, {"b", 2}})) << "as they were called then";
  EXPECT_EQ(commits_by_file(1, {"a", "c"}), (Files{{"a", 1}}));
}

TEST_F(FileHistoryTest, NamesAreSwappedInOneCommit) {
  commit_changes({{"a", 'A', ""}, {"b", 'A', ""}});
  commit_changes({{"a", 'M', ""}});
  commit_changes({{"a", 'M', ""}});
  commit_changes({{"a", 'R', "b"}, {"b", 'R', "a"}});
  EXPECT_EQ(commits_by_file(9, {"a", "b"}), (Files{{"a", 2}, {"b", 4}}));
}

TEST_F(FileHistoryTest, AFileThatComesBackIsTheSame) {
  commit_changes({{"a", 'A', ""}});
  commit_changes({{"b", 'R', "a"}});
  commit_changes({{"b", 'D', ""}});
  EXPECT_EQ(commits_by_file(9, {}), Files{}) << "nothing stands";
  commit_changes({{"b", 'A', ""}});
  EXPECT_EQ(commits_by_file(9, {"b"}), (Files{{"b", 3}}));
}

TEST_F(FileHistoryTest, AChangeOnACrossingBranchGoesToTheRenamedFile) {
  commit_changes({{"a", 'A', ""}});
  commit_changes({{"b", 'R', "a"}});
  commit_changes({{"a", 'M', ""}});  // on a branch that does not have the rename yet
  EXPECT_EQ(commits_by_file(9, {"b"}), (Files{{"b", 3}}));
}

TEST_F(FileHistoryTest, ACopyBeginsAnew) {
  commit_changes({{"a", 'A', ""}});
  commit_changes({{"b", 'C', "a"}});
  EXPECT_EQ(commits_by_file(9, {"a", "b"}), (Files{{"a", 1}, {"b", 1}}));
}

}  // namespace
}  // namespace resident
