#include <config/config.hpp>
#include <sources/git/documents.hpp>
#include <sources/source.hpp>
#include <store/document_book.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident::git {
namespace {

class Documents : public GitFixture {
 protected:
  void SetUp() override {
    GitFixture::SetUp();
    put("README.md", "# Tool\nwrite to ada@example.org\n");
    put("doc/guide.rst", "Guide\n=====\nhow to frobnicate\n");
    put("doc/old.txt", "never changed\n");
    put("doc/picture.md", std::string("\x89PNG\0\0", 6));
    put("doc/latin.txt", "caf\xe9 au lait\n");
    put("src/main.c", "int main;\n");
    put("notes.txt", "in no folder of documentation\n");
    std::filesystem::create_symlink("README.md", folder_ / "LINK.md");
    first_ = commit("first");
  }

  SyncSummary sync() {
    const std::int64_t project = ensure_project(*database_, "p");
    return sync_source(*database_, project, ensure_source(*database_, project, "git", location_.string()), BotRules(),
                       1900000000, options_);
  }
  // "path state sha"
  std::vector<std::string> stored() {
    std::vector<std::string> list;
    for (const auto rows = database_->query(
             "SELECT p.path, d.state, d.sha FROM doc_file d JOIN path p ON p.project_id = d.project_id AND p.path_id = "
             "d.path_id ORDER BY p.path");
         rows->next();)
      list.push_back(rows->string(0) + " " + rows->string(1) + " " + rows->string(2));
    return list;
  }
  std::optional<std::string> body(const std::string& path) {
    return database_->text(
        "SELECT d.body FROM doc_file d JOIN path p ON p.project_id = d.project_id AND p.path_id = d.path_id WHERE "
        "p.path = :path",
        {{"path", path}});
  }
  // As git says it of the first-parent line.
  std::string last_change(const std::string& path) {
    return git({"log", "-1", "--first-parent", "--diff-merges=first-parent", "--no-patch", "--format=%H", "--", path});
  }

  std::filesystem::path location_ = {};
  std::string first_;
  SyncOptions options_ = {};
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(Documents, TextsOfTheNewestTreeWithTheirLastChange) {
  location_ = folder_;
  put("README.md", "# Tool\nsecond ada@example.org\n");
  const std::string second = commit("second");
  git({"checkout", "-q", "-b", "side"});
  put("doc/guide.rst", "Guide\n=====\nhow to unfrobnicate\n");
  commit("on a branch");
  git({"checkout", "-q", "main"});
  tick();
  git({"merge", "-q", "--no-ff", "-m", "merge", "side"});
  const std::string merge = git({"rev-parse", "HEAD"});
  sync();
  EXPECT_EQ(stored(), (std::vector<std::string>{"README.md whole " + second, "doc/guide.rst whole " + merge,
                                                "doc/latin.txt whole " + first_, "doc/old.txt whole " + first_,
                                                "doc/picture.md binary " + first_}));
  EXPECT_EQ(merge, last_change("doc/guide.rst"));
  EXPECT_EQ(body("README.md"), "# Tool\nsecond <e-mail>\n");
  EXPECT_EQ(body("doc/latin.txt"), "caf\xEF\xBF\xBD au lait\n");
  EXPECT_EQ(body("doc/picture.md"), std::nullopt);
  EXPECT_EQ(database_->integer("SELECT changed_at FROM doc_file WHERE sha = :sha", {{"sha", merge}}),
            std::stoll(git({"log", "-1", "--format=%ct"})));
}

TEST_F(Documents, ALaterSyncIsAsOneFromTheStart) {
  location_ = folder_;
  sync();
  const auto once = stored();
  EXPECT_EQ(sync().changed, 0);
  put("doc/guide.rst", "Guide\n=====\nnew\n");
  std::filesystem::rename(folder_ / "README.md", folder_ / "README.rst");
  std::filesystem::remove(folder_ / "doc/latin.txt");
  const std::string second = commit("second");
  // There and back: the text is what it was, its last change is another.
  put("doc/old.txt", "changed\n");
  commit("third");
  put("doc/old.txt", "never changed\n");
  const std::string fourth = commit("fourth");
  sync();
  EXPECT_EQ(stored(), (std::vector<std::string>{"README.rst whole " + second, "doc/guide.rst whole " + second,
                                                "doc/old.txt whole " + fourth, "doc/picture.md binary " + first_}));
  const auto incremental = stored();
  database_ = Database::open(":memory:");
  sync();
  EXPECT_EQ(stored(), incremental);
  // The branch goes back: so does the documentation.
  git({"reset", "-q", "--hard", first_});
  sync();
  EXPECT_EQ(stored(), once);
}

TEST_F(Documents, LongFilesAreCutAndSaidSo) {
  location_ = folder_;
  put("doc/long.md", lines(0, 60'000));
  commit("long");
  const SyncSummary summary = sync();
  EXPECT_EQ(database_->text("SELECT state FROM doc_file WHERE bytes > 400000"), "cut");
  const std::string text = body("doc/long.md").value_or("");
  EXPECT_LE(text.size(), DocumentBook::kLongest + 3);
  EXPECT_TRUE(text.starts_with("line 0\nline 1\n"));
  EXPECT_NE(summary.coverage.find("1 cut at 400 kB"), std::string::npos) << summary.coverage;
}

TEST_F(Documents, APartialCloneSetsAsideWhatItLacksAndReadsItLater) {
  git({"config", "uploadpack.allowFilter", "true"});
  const std::string url = "file://" + folder_.string();
  location_ = base_ / "partial.git";
  git({"clone", "-q", "--bare", "--filter=blob:none", url, location_.string()});
  const SyncSummary summary = sync();
  EXPECT_NE(summary.coverage.find("5 absent from the clone"), std::string::npos) << summary.coverage;
  EXPECT_EQ(stored().front(), "README.md absent " + first_);
  // The blobs come, and the branch moves.
  put("src/main.c", "int other;\n");
  commit("code");
  git({"clone", "-q", "--bare", url, (base_ / "whole.git").string()});
  std::filesystem::remove_all(location_);
  std::filesystem::rename(base_ / "whole.git", location_);
  sync();
  EXPECT_EQ(stored().front(), "README.md whole " + first_);
  EXPECT_EQ(body("doc/old.txt"), "never changed\n");
}

TEST_F(Documents, AShallowCloneCountsThemFromItsEdge) {
  put("src/main.c", "int two;\n");
  const std::string edge = commit("two");
  put("README.md", "three\n");
  const std::string newest = commit("three");
  location_ = base_ / "shallow.git";
  git({"clone", "-q", "--bare", "--depth=2", "file://" + folder_.string(), location_.string()});
  sync();
  EXPECT_EQ(stored(), (std::vector<std::string>{"README.md whole " + newest, "doc/guide.rst whole " + edge,
                                                "doc/latin.txt whole " + edge, "doc/old.txt whole " + edge,
                                                "doc/picture.md binary " + edge}));
}

TEST_F(Documents, WhichFilesAreDocumentationIsConfigured) {
  location_ = folder_;
  Config config = Config::parse("[project.p.search]\ndoc_paths = '^notes'", "test");
  options_.config = &config;
  sync();
  EXPECT_EQ(stored(), std::vector<std::string>{"notes.txt whole " + first_});
  config = Config::parse("[project.p.search]\ndoc_paths = ''", "test");
  sync();
  EXPECT_TRUE(stored().empty());
}

}  // namespace
}  // namespace resident::git
