// A clone's CODEOWNERS is read from where its forge looks, by its rules, and goes with the file.
#include <config/config.hpp>
#include <sources/source.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident::git {
namespace {

class GitCodeowners : public GitFixture {
 protected:
  std::string stored() {
    const std::int64_t project = ensure_project(*database_, "p");
    sync_source(*database_, project, ensure_source(*database_, project, "git", folder_.string()), BotRules(),
                1900000000, {});
    std::string result;
    for (const auto rows = database_->query(
             "SELECT form, section, is_optional, approvals, pattern, owners FROM codeowner ORDER BY line");
         rows->next();)
      result += rows->string(0) + " " + rows->string(1) + " " + std::to_string(rows->integer(2)) +
                std::to_string(rows->integer(3)) + " " + rows->string(4) + " " + rows->string(5) + "\n";
    return result;
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(GitCodeowners, WithoutAForgeTheFolderAndTheSectionsTell) {
  put("CODEOWNERS", "* @ada\n^[Docs][2] @bea\n/docs/\n/x/ cyd@example.org\n");
  commit("first");
  EXPECT_EQ(stored(), "gitlab  01 * @ada\ngitlab Docs 12 /docs/ @bea\ngitlab Docs 12 /x/ <e-mail>\n");
  put(".github/CODEOWNERS", "\xEF\xBB\xBF*.c @cyd\r\n");  // as Windows' editors write
  commit("second");
  EXPECT_EQ(stored(), "github  01 *.c @cyd\n");
  git({"rm", "-q", ".github/CODEOWNERS", "CODEOWNERS"});
  commit("third");
  EXPECT_EQ(stored(), "");
}

TEST_F(GitCodeowners, TheForgeSaysWhereAndHow) {
  git({"remote", "add", "origin", "https://codeberg.org/o/r.git"});
  put(".github/CODEOWNERS", "*.c @cyd\n");
  put(".forgejo/CODEOWNERS", "src/.* @ada\n");
  commit("first");
  EXPECT_EQ(stored(), "gitea  01 src/.* @ada\n");
}

}  // namespace
}  // namespace resident::git
