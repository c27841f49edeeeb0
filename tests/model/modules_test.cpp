// Which files are of which module, and which are of none.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <map>
#include <model/modules.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using namespace test;

class MarkedFilesTest : public testing::Test {
 protected:
  MarkedFilesTest() {
    History history;
    auto record = commit(0, "ann", "ann@users.noreply.github.com", at("2023-01-01"));
    for (const char* path : {"src/a.c", "src/b.c", "src/tab.c", "deps/lua.c", "deps/jemalloc.c", "man/a.1"}) {
      auto& change = record.changes.emplace_back();
      change.path = path;
      change.status = 'A';
      change.additions = 10;
    }
    history.commits.push_back(record);
    project_ = write(*database_, "small", history);
    database_->execute("UPDATE path SET in_head = 1");
    for (const auto& [path, marked] : {std::pair{"src/tab.c", "generated"},
                                       {"deps/lua.c", "vendored"},
                                       {"deps/jemalloc.c", "vendored"},
                                       {"man/a.1", "documentation"}})
      database_->execute(
          "INSERT INTO path_mark (project_id, path_id, mark) SELECT project_id, path_id, :mark FROM path WHERE path = "
          ":path",
          {{"mark", std::string(marked)}, {"path", std::string(path)}});
  }

  // ignored: as it stands between the brackets of the setting.
  std::map<std::string, std::int64_t> files(const std::string& ignored) {
    const Config config = Config::parse("[project.small]\nignored_paths = [" + ignored + "]\n", "test");
    const Context context = open_context(*database_, config, "small", at("2023-02-01"), kForever);
    ModuleMap map(context);
    sentence_ = map.left_out_sentence();
    std::map<std::string, std::int64_t> result;
    for (const auto& [module, count] : map.files())
      if (!module.empty()) result[module] = count;
    return result;
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:");
  std::int64_t project_ = 0;
  std::string sentence_ = {};
};

using Count = std::map<std::string, std::int64_t>;

TEST_F(MarkedFilesTest, GeneratedAndVendoredFilesAreOfNoModule) {
  EXPECT_EQ(files(""), (Count{{"man", 1}, {"src", 2}}));
  EXPECT_EQ(sentence_, "3 files are left out: .gitattributes marks them as generated or vendored.");
}

TEST_F(MarkedFilesTest, SettingsTakeMarksBackOrAddDocumentation) {
  EXPECT_EQ(files("'!linguist-generated', '!linguist-vendored'"), (Count{{"deps", 2}, {"man", 1}, {"src", 3}}));
  EXPECT_EQ(sentence_, "");
  EXPECT_EQ(files("'!linguist-vendored', '^src/b'"), (Count{{"deps", 2}, {"man", 1}, {"src", 1}}));
  EXPECT_EQ(sentence_, "1 file is left out: .gitattributes marks it as generated.");
  EXPECT_EQ(files("'linguist-documentation'"), (Count{{"src", 2}}));
  EXPECT_THROW(files("'!linguist-vendord'"), Error);
}

}  // namespace
}  // namespace resident
