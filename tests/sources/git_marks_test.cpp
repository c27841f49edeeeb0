// What a clone's .gitattributes mark is kept by path, and changes with them.
#include <config/config.hpp>
#include <sources/source.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident::git {
namespace {

class GitMarks : public GitFixture {
 protected:
  void sync() {
    const std::int64_t project = ensure_project(*database_, "p");
    sync_source(*database_, project, ensure_source(*database_, project, "git", folder_.string()), BotRules(),
                1900000000, {});
  }
  // "path mark"
  std::vector<std::string> stored() {
    std::vector<std::string> list;
    for (const auto rows = database_->query(
             "SELECT p.path, m.mark FROM path_mark m JOIN path p ON p.project_id = m.project_id AND p.path_id = "
             "m.path_id ORDER BY p.path, m.mark");
         rows->next();)
      list.push_back(rows->string(0) + " " + rows->string(1));
    return list;
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(GitMarks, AreThoseOfTheNewestTreeForAllThatTheHistoryKnows) {
  put("src/main.c", "int main;\n");
  put("src/parser.tab.c", "generated\n");
  put("deps/lua/lua.c", "vendored\n");
  put("deps/own.c", "ours\n");
  put("doc/man.html", "made from man.txt\n");
  put("old.tab.c", "gone later\n");
  put(".gitattributes",
      "*.tab.c linguist-generated\ndeps/** linguist-vendored\ndeps/own.c -linguist-vendored\n"
      "doc/** linguist-documentation linguist-generated=true\n");
  commit("first");
  std::filesystem::remove(folder_ / "old.tab.c");
  commit("second");
  sync();
  EXPECT_EQ(stored(),
            (std::vector<std::string>{"deps/lua/lua.c vendored", "doc/man.html documentation", "doc/man.html generated",
                                      "old.tab.c generated", "src/parser.tab.c generated"}));

  put(".gitattributes", "*.tab.c linguist-generated=false\n");
  put("doc/.gitattributes", "*.html linguist-generated\n");
  commit("third");
  sync();
  EXPECT_EQ(stored(), (std::vector<std::string>{"doc/man.html generated"}));

  git({"rm", "-q", ".gitattributes", "doc/.gitattributes"});
  commit("fourth");
  sync();
  EXPECT_TRUE(stored().empty());
}

TEST_F(GitMarks, ALinkIsNoAttributesFile) {
  put("rules", "* linguist-generated\n");
  std::filesystem::create_symlink("rules", folder_ / ".gitattributes");
  commit("first");
  sync();
  EXPECT_TRUE(stored().empty());
}

}  // namespace
}  // namespace resident::git
