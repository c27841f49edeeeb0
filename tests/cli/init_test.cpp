#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <cli/command.hpp>
#include <cli/init/starter.hpp>
#include <cli/init/survey.hpp>
#include <model/codeowners.hpp>
#include <sstream>
#include <tests/git/git_fixture.hpp>

namespace resident {
namespace {

// --- resident.toml ---

init::StarterSettings settings(const std::string& name = "app") {
  init::StarterSettings result;
  result.name = name;
  result.preset = "github";
  result.preset_reason = "nothing in the tree says otherwise";
  return result;
}

// Lines that are switched off and hold a key, switched on.
std::string switched_on(const std::string& text) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    result += (line.size() > 1 && line[0] == '#' && line[1] != ' ' ? line.substr(1) : line) + "\n";
  return result;
}

TEST(Starter, CanBeReadSwitchedOffAndOn) {
  for (const std::string& preset : preset_names()) {
    auto wished = settings();
    wished.preset = preset;
    const std::string text = init::starter_text(wished);
    EXPECT_EQ(Config::parse(text, "resident.toml").project("app").preset, preset);
    const ProjectConfig on = Config::parse(switched_on(text), "resident.toml").project("app");
    const ProjectConfig off = Config::parse(text, "resident.toml").project("app");
    // What is shown is what counts without it.
    EXPECT_EQ(on.review.required_approvals, off.review.required_approvals);
    EXPECT_EQ(on.release_tags, off.release_tags);
    EXPECT_EQ(on.triage.urgent_labels, off.triage.urgent_labels);
    EXPECT_EQ(on.triage.first_response_days, off.triage.first_response_days);
    EXPECT_EQ(on.me, "login");
    EXPECT_EQ(off.me, "");
  }
}

TEST(Starter, HasOnlyKeysThatThereAre) {
  const auto known = Config::keys();
  const std::string text = init::starter_text(settings());
  for (const std::string& key : init::starter_keys()) {
    EXPECT_NE(std::find(known.begin(), known.end(), key), known.end()) << key;
    const std::string last = key.substr(key.rfind('.') + 1);
    if (key != "modules") {
      EXPECT_NE(text.find(last + " = "), std::string::npos) << key;
    }
  }
  // A remark before each.
  std::istringstream lines(text);
  std::string before;
  for (std::string line; std::getline(lines, line); before = line)
    if (line.find(" = ") != std::string::npos && !line.starts_with("# ")) {
      EXPECT_TRUE(before.starts_with("# ")) << line;
    }
}

TEST(Starter, HostileWordsStayWords) {
  for (const std::string name : {"a.b", "a b", "a\"]\nme = \"x", "日本", "a\\b", "'''"}) {
    auto wished = settings(name);
    wished.url = "https://example.org/a\"b";
    wished.preset_reason = "x\n[project.evil]\nme = \"y\"";
    wished.me = "a\\\"b";
    wished.modules = {{"^it's/", "it's \"one\""}, {R"(^a\.b/)", R"(\1)"}};
    wished.modules_from = "x\n[y]";
    wished.forge_host = "git.example.org:8443";
    wished.forge_kind = "gitlab";
    const Config config = Config::parse(init::starter_text(wished), "resident.toml");
    ASSERT_EQ(config.project_names(), std::vector<std::string>{name});
    const ProjectConfig project = config.project(name);
    EXPECT_EQ(project.me, wished.me);
    EXPECT_EQ(project.url, wished.url);
    ASSERT_EQ(project.modules.size(), 2u);
    EXPECT_EQ(project.modules[0].pattern, "^it's/");
    EXPECT_EQ(project.modules[1].pattern, R"(^a\.b/)");
    EXPECT_EQ(config.forge("git.example.org:8443").kind, "gitlab");
  }
}

TEST(Starter, TheDifferenceIsByLine) {
  EXPECT_EQ(init::difference_of("a\nb\nc\n", "a\nx\nc\n"), " a\n-b\n+x\n c\n");
  EXPECT_EQ(init::difference_of("a\n", "a\n"), "");
  EXPECT_EQ(init::difference_of("", "a\n"), "+a\n");
}

// --- modules ---

TEST(Codeowners, AGlobMeansWhatItMeansElsewhere) {
  const char* globs[] = {"*.md",    "/docs/",    "docs/",     "docs/*",    "/src/net", "src/**/test",
                         "**/test", "**/*.c",    "a?c.txt",   "/src/*.cc", "Makefile", "build/",
                         "src/**",  "/src/net/", "x+y(1).c",  "*",         "/a/*/b",   "net",
                         "/**/x",   "a/**/b/c",  "**/docs/*", "a[b].c"};
  const char* paths[] = {"README.md",  "docs/a.md",     "docs/x/a.md", "x/docs/a.md", "src/net/a.c",
                         "src/net",    "src/network.c", "src/a/test",  "src/test",    "src/a/b/test/c",
                         "abc.txt",    "x/abc.txt",     "src/a.cc",    "src/x/a.cc",  "Makefile",
                         "x/Makefile", "build/a",       "x/build/a/b", "x+y(1).c",    "a/q/b",
                         "a/q/r/b",    "a/b/c",         "a/x/b/c",     "a/x/y/b/c",   "net",
                         "x/net/y",    "a[b].c",        "x",           "q/x",         "ab.c"};
  for (const char* glob : globs) {
    const std::string pattern = init::pattern_of_glob(glob);
    ASSERT_FALSE(pattern.empty()) << glob;
    ASSERT_EQ(Pattern::fault_of(pattern), "") << glob;
    for (const char* path : paths)
      EXPECT_EQ(Pattern(pattern).found_in(path), owner_pattern_matches(glob, path)) << glob << " on " << path;
  }
  EXPECT_EQ(init::pattern_of_glob("*a*b*c*d*e*f*g*h*i"), "") << "as many stars as owner_pattern_matches refuses";
}

TEST(Codeowners, TheLastLineWinsSoItComesFirst) {
  const auto found = init::modules_of_codeowners("CODEOWNERS",
                                                 "# owners\n*  @all\n/src/ @ada\n/src/net/ @bob # net\n\\#odd @x\n"
                                                 "!/src/no @y\n/a\\ b/ @z\n",
                                                 false);
  ASSERT_EQ(found.rules.size(), 4u);
  EXPECT_EQ(found.left_out, 1u);
  EXPECT_EQ(found.rules[0].name, "a b");
  EXPECT_EQ(found.rules[2].name, "src/net");
  EXPECT_EQ(found.rules[3].name, "src");
}

TEST(Codeowners, SectionsAndExpressions) {
  const auto sections = init::modules_of_codeowners(
      "CODEOWNERS", "[Documentation] @docs\ndocs/\nREADME.md\n^[Database][2] @db\nmodel/db/\n", false);
  ASSERT_EQ(sections.rules.size(), 3u);
  EXPECT_EQ(sections.rules[0].name, "Database");
  EXPECT_EQ(sections.rules[2].name, "Documentation");
  const auto expressions = init::modules_of_codeowners("CODEOWNERS", ".* @all\nsrc/.*\\\\.go @ada\n(bad @x\n", true);
  ASSERT_EQ(expressions.rules.size(), 1u);
  EXPECT_EQ(expressions.left_out, 1u);
  EXPECT_TRUE(Pattern(expressions.rules[0].pattern).found_in("src/a/b.go"));
  EXPECT_FALSE(Pattern(expressions.rules[0].pattern).found_in("x/src/a.go"));
}

TEST(MaintainersRules, SectionsNameTheirFiles) {
  const auto found = init::modules_of_maintainers("MAINTAINERS",
                                                  "List of maintainers\n\tP: Person\n-----\n\n"
                                                  "ARM NETWORK DRIVER\nM:\tAda <ada@example.org>\nS:\tSupported\n"
                                                  "F:\tdrivers/net/arm*\nF:\tinclude/net/arm.h\n\n"
                                                  "NETWORKING\nF:\tdrivers/net/\nX:\tdrivers/net/x/\n\n"
                                                  "THE REST\nF:\t*\nF:\t*/\n");
  ASSERT_EQ(found.rules.size(), 3u);
  EXPECT_EQ(found.rules[0].name, "ARM NETWORK DRIVER") << "the longest first";
  EXPECT_TRUE(Pattern(found.rules[2].pattern).found_in("drivers/net/deep/a.c"));
  EXPECT_FALSE(Pattern(found.rules[2].pattern).found_in("x/drivers/net/a.c"));
}

TEST(MaintainersRules, AsQemuWritesThem) {
  const auto found = init::modules_of_maintainers(
      "MAINTAINERS",
      "Descriptions of section entries:\n\n\tF: Files and directories with wildcard patterns.\n\t   "
      "F:\tdrivers/net/\tall "
      "files\n\nArchitecture support\n--------------------\nS390 general architecture support\nM: Ada <a@b.c>\n"
      "F: hw/char/sclp*.[hc]\nF: hw/s390x/\nK: ^Subject:.*(?i)s390x?\n");
  ASSERT_EQ(found.rules.size(), 2u);
  EXPECT_EQ(found.rules[0].name, "S390 general architecture support");
  EXPECT_TRUE(Pattern(found.rules[0].pattern).found_in("hw/char/sclpconsole.c"));
  EXPECT_FALSE(Pattern(found.rules[0].pattern).found_in("hw/char/sclpconsole.rs"));
}

TEST(MaintainersRules, OfTooManyTheFoldersNearTheTopAreKept) {
  std::string text = "PART\n";
  for (int i = 0; i < 600; ++i) text += "F: a/b/file" + std::to_string(i) + ".c\n";
  for (int i = 0; i < 300; ++i) text += "F: top" + std::to_string(i) + "/\n";
  for (int i = 0; i < 300; ++i) text += "F: top/deep" + std::to_string(i) + "/\n";
  const auto found = init::modules_of_maintainers("MAINTAINERS", text);
  EXPECT_EQ(found.rules.size(), 300u);
  EXPECT_EQ(found.left_out, 900u);
  EXPECT_TRUE(Pattern(found.rules.back().pattern).found_in("top9/a.c"));
}

// --- the command ---

class Init : public git::GitFixture {
 protected:
  void SetUp() override {
    GitFixture::SetUp();
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(folder_);
    setenv("HOME", base_.c_str(), 1);
    for (const char* name :
         {"XDG_CONFIG_HOME", "RESIDENT_DB", "GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN"})
      unsetenv(name);
  }
  void TearDown() override {
    std::filesystem::current_path(before_);
    unsetenv("GITHUB_TOKEN");
    GitFixture::TearDown();
  }
  void commit(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((folder_ / path).parent_path());
    write_file(folder_ / path, text);
    git({"add", "."});
    git({"commit", "-q", "-m", "add " + path});
  }
  // answers: what a person types; nothing: no terminal.
  int resident(const std::vector<std::string>& arguments, const std::string& answers = {}) {
    std::ostringstream out, err;
    std::istringstream in(answers);
    const FixedClock clock(1'704'067'200);
    Invocation invocation{out, err, clock};
    if (!answers.empty()) invocation.in = &in;
    const int code = run_command_line(arguments, invocation);
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  bool said(const std::string& part) const { return err_.find(part) != std::string::npos; }
  ProjectConfig written(const std::string& name) { return Config::load("resident.toml").project(name); }

  std::filesystem::path before_;
  std::string out_, err_;
};

TEST_F(Init, ThreeCommandsToToday) {
  commit("src/a.c", "int a;\n");
  git({"remote", "add", "origin", "git@github.com:team/app.git"});
  ASSERT_EQ(resident({"init"}), 0) << err_;
  EXPECT_TRUE(said("github:team/app")) << err_;
  EXPECT_TRUE(said("GITHUB_TOKEN")) << err_;
  EXPECT_TRUE(said("  resident sync\n  resident today\n")) << err_;
  EXPECT_EQ(written("app").url, "https://github.com/team/app");
  ASSERT_EQ(resident({"sync"}), 0) << err_;
  ASSERT_EQ(resident({"today"}), 0) << err_;
  EXPECT_NE(out_.find("only the code is known"), std::string::npos) << out_;
  // Once more changes nothing.
  ASSERT_EQ(resident({"init"}), 0) << err_;
  EXPECT_TRUE(said("resident.toml is as it would be written")) << err_;
  ASSERT_EQ(resident({"sql", "SELECT count(*) AS n FROM source", "--json"}), 0) << err_;
  EXPECT_EQ(out_, "[\n{\"n\":1}\n]\n");
}

TEST_F(Init, ATokenMakesTheForgeASource) {
  commit("a", "a\n");
  git({"remote", "add", "origin", "https://github.com/team/app"});
  setenv("GITHUB_TOKEN", "ghp_thisisnotatokenatall0000", 1);
  ASSERT_EQ(resident({"init"}), 0) << err_;
  EXPECT_TRUE(said("the token of environment GITHUB_TOKEN is used")) << err_;
  EXPECT_EQ(err_.find("thisisnot"), std::string::npos);
  ASSERT_EQ(resident({"sql", "SELECT kind, location FROM source WHERE kind = 'github'", "--json"}), 0) << err_;
  EXPECT_EQ(out_, "[\n{\"kind\":\"github\",\"location\":\"team/app\"}\n]\n");
}

TEST_F(Init, AFileThatCameWithTheCloneRunsNothing) {
  commit("resident.toml", "[project.app]\n[forge.\"github.com\"]\ntoken_command = [\"touch\", \"ran\"]\n");
  git({"remote", "add", "origin", "https://github.com/team/app"});
  ASSERT_EQ(resident({"init"}), 0) << err_;
  EXPECT_FALSE(std::filesystem::exists("ran"));
  EXPECT_TRUE(said("names a program to run")) << err_;
  EXPECT_TRUE(said("without one 60 requests an hour")) << err_;
}

TEST_F(Init, NothingIsWrittenThroughALink) {
  commit("a", "a\n");
  for (const char* target : {"precious", "nowhere"}) {
    write_file(base_ / "precious", "mine\n");
    std::filesystem::create_symlink(base_ / target, folder_ / "resident.toml");
    EXPECT_EQ(resident({"init", "--force"}), 2);
    EXPECT_TRUE(said("is a link")) << err_;
    EXPECT_FALSE(std::filesystem::exists(base_ / "nowhere"));
    EXPECT_EQ(std::filesystem::file_size(base_ / "precious"), 5u);
    std::filesystem::remove(folder_ / "resident.toml");
  }
}

TEST_F(Init, AsksThreeQuestions) {
  commit("CONTRIBUTING.md", "Reviewers say utACK or NACK.\n");
  git({"remote", "add", "origin", "git@git.example.org:team/app.git"});
  ASSERT_EQ(resident({"init"}, "mine\nforgejo\nakc\nack\n"), 0) << err_;
  EXPECT_TRUE(said("What is the project called? [app]:")) << err_;
  EXPECT_TRUE(said("What runs on git.example.org")) << err_;
  EXPECT_TRUE(said("[ack: CONTRIBUTING.md speaks of \"utACK\"]")) << err_;
  EXPECT_TRUE(said("there is no preset called akc; did you mean ack?")) << err_;
  EXPECT_EQ(written("mine").preset, "ack");
  EXPECT_EQ(written("mine").url, "https://git.example.org/team/app");
  EXPECT_EQ(Config::load("resident.toml").forge("git.example.org").kind, "gitea");
  EXPECT_TRUE(said("resident add forgejo:https://git.example.org/team/app --project mine")) << err_;
}

TEST_F(Init, FlagsAnswerToo) {
  commit("a", "a\n");
  ASSERT_EQ(resident({"init", "--name", "x", "--forge", "gitlab:https://gitlab.example.org/g/x", "--preset",
                      "proposals", "--me", "ada", "--module", "core=^src/", "--module", "docs=^doc/", "--yes"},
                     "never read\n"),
            0)
      << err_;
  const ProjectConfig project = written("x");
  EXPECT_EQ(project.preset, "proposals");
  EXPECT_EQ(project.me, "ada");
  ASSERT_EQ(project.modules.size(), 2u);
  EXPECT_EQ(project.modules[1].name, "docs");
  EXPECT_EQ(resident({"init", "--module", "core"}), 2);
  EXPECT_EQ(resident({"init", "--forge", "svn:x/y", "--force"}), 2);
  EXPECT_EQ(resident({"init", "--modules", "codeowners", "--force"}), 2);
}

TEST_F(Init, AFileThatIsThereStays) {
  commit("a", "a\n");
  write_file(folder_ / "resident.toml", "[project.own]\nme = \"ada\"\n");
  ASSERT_EQ(resident({"init"}), 0) << err_;
  EXPECT_TRUE(said("stays as it is")) << err_;
  EXPECT_NE(out_.find("-me = \"ada\"\n"), std::string::npos) << out_;
  EXPECT_NE(out_.find("+preset = \"github\"\n"), std::string::npos) << out_;
  EXPECT_EQ(written("own").me, "ada");
  ASSERT_EQ(resident({"init", "--force"}), 0) << err_;
  EXPECT_EQ(written("own").me, "");
}

TEST_F(Init, DryRunChangesNothing) {
  commit("a", "a\n");
  ASSERT_EQ(resident({"init", "--dry-run"}), 0) << err_;
  EXPECT_NE(out_.find("[project.repo]"), std::string::npos) << out_;
  EXPECT_FALSE(std::filesystem::exists("resident.toml"));
  EXPECT_FALSE(std::filesystem::exists("resident.db"));
}

TEST_F(Init, EveryKindOfCloneGetsASentence) {
  write_file(folder_ / ".git" / "info" / "exclude", "resident.*\n");
  ASSERT_EQ(resident({"init"}), 0) << err_;
  EXPECT_TRUE(said("no commit yet")) << err_;
  EXPECT_TRUE(said("without a remote")) << err_;
  commit("a", "a\n");
  commit("b", "b\n");
  run({"git", "clone", "-q", "--bare", folder_.string(), (base_ / "bare.git").string()});
  std::filesystem::current_path(base_ / "bare.git");
  ASSERT_EQ(resident({"init", "--db", (base_ / "bare.db").string()}), 0) << err_;
  EXPECT_TRUE(said("a bare clone")) << err_;
  EXPECT_TRUE(said("leads to no forge")) << err_;
  run({"git", "clone", "-q", "--depth", "1", "file://" + folder_.string(), (base_ / "shallow").string()});
  std::filesystem::current_path(base_ / "shallow");
  ASSERT_EQ(resident({"init"}), 0) << err_;
  EXPECT_TRUE(said("it is shallow")) << err_;
  git({"worktree", "add", "-q", (base_ / "tree").string()});
  std::filesystem::create_directory(base_ / "tree" / "sub");
  std::filesystem::current_path(base_ / "tree" / "sub");
  ASSERT_EQ(resident({"init"}), 0) << err_;
  EXPECT_TRUE(said("a work tree of a clone")) << err_;
  EXPECT_TRUE(said("  cd ")) << err_;
  EXPECT_TRUE(std::filesystem::exists(base_ / "tree" / "resident.toml"));
  std::filesystem::current_path(base_);
  EXPECT_EQ(resident({"init"}), 2);
  EXPECT_TRUE(said("is in no clone")) << err_;
}

TEST_F(Init, UpstreamIsTheProject) {
  commit("a", "a\n");
  git({"remote", "add", "origin", "git@github.com:me/app.git"});
  git({"remote", "add", "upstream", "https://github.com/team/app.git"});
  const init::Survey found = init::survey(".", {});
  EXPECT_EQ(found.address->location(), "github:team/app");
  EXPECT_NE(found.remote_reason.find("origin is then usually a fork"), std::string::npos);
}

TEST_F(Init, ThePresetIsChosenByEvidence) {
  commit("README.md", "a\n");
  EXPECT_EQ(init::survey(".", {}).preset, "github");
  for (int i = 10; i < 25; ++i) write_file(folder_ / ("bip-00" + std::to_string(i) + ".mediawiki"), "text\n");
  commit("bip-0001/picture.png", "x");
  const auto proposals = init::survey(".", {});
  EXPECT_EQ(proposals.preset, "proposals");
  EXPECT_NE(proposals.preset_reason.find("15 of 17 files"), std::string::npos) << proposals.preset_reason;
  commit("Include/Python.h", "x");
  commit("Lib/test/test_x.py", "x");
  commit("Misc/NEWS.d/next/x.rst", "x");
  EXPECT_EQ(init::survey(".", {}).preset, "cpython");
  EXPECT_EQ(init::survey(".", {}).preset_reason, "Include/Python.h, Lib/test/ and Misc/NEWS.d/ are there");
}

}  // namespace
}  // namespace resident
