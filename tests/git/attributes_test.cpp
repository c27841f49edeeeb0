// Attributes of paths, held against `git check-attr`.
#include <git/attributes.hpp>
#include <random>
#include <sstream>
#include <tests/git/git_fixture.hpp>

namespace resident::git {
namespace {

class AttributesTest : public GitFixture {
 protected:
  // As git says it of a path, "unspecified" for nothing; all names for each path, in order.
  std::vector<std::string> git_says(const std::vector<std::string>& names, const std::vector<std::string>& paths) {
    std::string input;
    for (const auto& path : paths) input += path + '\0';
    std::vector<std::string> command{"git", "check-attr", "-z", "--stdin"};
    command.insert(command.end(), names.begin(), names.end());
    const std::string output = run(command, input);
    std::vector<std::string> words, said;
    std::size_t begin = 0;
    for (std::size_t end; (end = output.find('\0', begin)) != std::string::npos; begin = end + 1)
      words.push_back(output.substr(begin, end - begin));
    // "set" and "unset" in our words, which are values that somebody may have written, too.
    for (std::size_t i = 2; i < words.size(); i += 3)
      said.push_back(words[i] == "set" ? "true" : words[i] == "unset" ? "false" : words[i]);
    return said;
  }
};

std::vector<std::string> ours(const Attributes& attributes, const std::string& path) {
  std::vector<std::string> said;
  for (const auto& each : attributes.of(path)) said.push_back(each.value_or("-"));
  return said;
}

TEST_F(AttributesTest, DeeperFilesAndLaterLinesCountFirst) {
  Attributes attributes({"linguist-generated", "linguist-vendored"});
  attributes.add("",
                 "[attr]machine linguist-generated -diff\n# a comment\n*.pb.go machine\ndeps/** linguist-vendored\n"
                 "deps/own/** linguist-vendored=false\n\"with space.c\" linguist-generated=true\n");
  attributes.add("src", "keep.pb.go -linguist-generated\n/top.c linguist-generated\n");
  EXPECT_EQ(ours(attributes, "a/b/x.pb.go"), (std::vector<std::string>{"true", "-"}));
  EXPECT_EQ(ours(attributes, "src/keep.pb.go"), (std::vector<std::string>{"false", "-"}));
  EXPECT_EQ(ours(attributes, "deps/lua/lua.c"), (std::vector<std::string>{"-", "true"}));
  EXPECT_EQ(ours(attributes, "deps/own/a.c"), (std::vector<std::string>{"-", "false"}));
  EXPECT_EQ(ours(attributes, "with space.c"), (std::vector<std::string>{"true", "-"}));
  EXPECT_EQ(ours(attributes, "src/top.c"), (std::vector<std::string>{"true", "-"}));
  EXPECT_EQ(ours(attributes, "src/x/top.c"), (std::vector<std::string>{"-", "-"}));
}

TEST_F(AttributesTest, APatternForAFolderSaysNothingOfItsFiles) {
  Attributes attributes({"linguist-vendored"});
  attributes.add("", "vendor/ linguist-vendored\nother linguist-vendored\n!not linguist-vendored\n");
  EXPECT_EQ(ours(attributes, "vendor/a.c").front(), "-");
  EXPECT_EQ(ours(attributes, "other/a.c").front(), "-");
  EXPECT_EQ(ours(attributes, "a/other").front(), "true");
  EXPECT_EQ(ours(attributes, "not").front(), "-");
}

TEST_F(AttributesTest, APatternOfManyStarsCostsNoTimeWithoutEnd) {
  std::string pattern = "a";
  for (int i = 0; i < 300; ++i) pattern += "/**/*a*[b-c]*";
  const PathPattern read(pattern);
  std::string path = "a";
  for (int i = 0; i < 500; ++i) path += "/aaaaab";
  EXPECT_FALSE(read.matches(path + "/x"));
}

// Lines put together at random from what attributes files consist of, and paths alike.
class Drawn {
 public:
  explicit Drawn(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }
  std::string one_of(const std::vector<std::string>& list) { return list[below(list.size())]; }

  std::string pattern() {
    static const std::vector<std::string> kParts{
        "*",    "**",  "?",    "a",    "b",        "src",  "lib",   "/",           "/",    "/",   "**/",
        "/**",  "*.c", "*.pb", "[ab]", "[!a]",     "[^b]", "[a-c]", "[[:alpha:]]", "[]-]", "\\*", "x*",
        "a**b", "***", ".",    "[a",   "[[:no:]]", "[a-]", "[\\]]", "!",           "b/",   "\\a", "-"};
    std::string result;
    for (std::size_t i = 1 + below(5); i-- > 0;) result += one_of(kParts);
    return below(12) == 0 ? "\"" + result + "\"" : result;
  }
  std::string states() {
    static const std::vector<std::string> kStates{"one",  "-one",      "!one", "one=v", "two",  "-two",
                                                  "!two", "two=false", "one=", "mac",   "-mac", "mac=x",
                                                  "sub",  "two=a=b",   "ba!d", "other"};
    std::string result;
    for (std::size_t i = 1 + below(3); i-- > 0;) result += " " + one_of(kStates);
    return result;
  }
  std::string file(bool is_top) {
    std::string text;
    if (below(2) == 0) text += "[attr]mac one -two\n";
    if (is_top && below(3) == 0) text += "[attr]sub mac one=deep\n[attr]mac two\n";
    for (std::size_t i = 1 + below(6); i-- > 0;) text += pattern() + states() + (below(9) == 0 ? "\r\n" : "\n");
    if (below(6) == 0) text += "# c one\n\n  b two";
    return text;
  }
  std::string path() {
    static const std::vector<std::string> kNames{"a", "b", "src", "lib", "x.c", "a.pb", "ab", "b.c",
                                                 "*", "]", "-",   "aab", ".x",  "c",    "!"};
    std::string result = one_of(kNames);
    for (std::size_t i = below(4); i-- > 0;) result += "/" + one_of(kNames);
    return result;
  }

 private:
  std::mt19937 random_;
};

TEST_F(AttributesTest, TheSameAsGitOnLinesDrawnAtRandom) {
  const std::vector<std::string> names{"one", "two"};
  for (std::uint32_t seed = 1; seed <= 120; ++seed) {
    Drawn drawn(seed);
    Attributes attributes(names);
    std::filesystem::remove_all(folder_ / "src");
    std::filesystem::remove_all(folder_ / "a");
    std::string texts;
    for (const std::string folder : {"", "src", "a", "a/b"}) {
      if (!folder.empty() && drawn.below(2) == 0) continue;
      const std::string text = drawn.file(folder.empty());
      put((folder.empty() ? "" : folder + "/") + ".gitattributes", text);
      attributes.add(folder, text);
      texts += "--- " + folder + "\n" + text;
    }
    std::vector<std::string> paths;
    for (int i = 0; i < 60; ++i) paths.push_back(drawn.path());
    const auto theirs = git_says(names, paths);
    ASSERT_EQ(theirs.size(), paths.size() * names.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const auto said = attributes.of(paths[i]);
      for (std::size_t j = 0; j < names.size(); ++j)
        ASSERT_EQ(said[j].value_or("unspecified"), theirs[i * names.size() + j])
            << names[j] << " of " << paths[i] << ", seed " << seed << "\n"
            << texts;
    }
  }
}

}  // namespace
}  // namespace resident::git
