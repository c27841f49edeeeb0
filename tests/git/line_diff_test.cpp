// The lines of a change against git's own answer, over random files that bring in
// every rule of its diff; versions made from deltas against plain bytes; and who
// wrote which line against git blame.
#include <algorithm>
#include <git/line_diff.hpp>
#include <git/line_history.hpp>
#include <random>
#include <tests/git/git_fixture.hpp>

namespace resident::git {

namespace {

class GitLines : public GitFixture {
 protected:
  std::mt19937 random_{20240101};

  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::string some_line(std::size_t kinds) {
    switch (below(9)) {
      case 8:
        return "\f\n";
      case 0:
        return "\n";
      case 1:
        return "}\n";
      case 2:
        return std::string(below(12), below(2) ? ' ' : '\t') + "deep " + std::to_string(below(kinds)) + "\n";
      case 3:
        return "line " + std::to_string(below(5000)) + "\n";
      default:
        return "line " + std::to_string(below(kinds)) + "\n";
    }
  }

  // Few different lines, so that frequent ones and near matches abound.
  std::pair<std::string, std::string> some_pair(int round) {
    const std::size_t kinds = 1 + below(30), size = below(round % 10 ? 60 : 3000),
                      edits = 1 + below(round % 7 ? 8 : 900);
    std::vector<std::string> before;
    for (std::size_t i = 0; i < size; ++i) before.push_back(some_line(round % 13 ? kinds : 100'000));
    std::vector<std::string> after = before;
    for (std::size_t i = 0; i < edits; ++i) {
      const std::size_t at = after.empty() ? 0 : below(after.size());
      if (below(3) && !after.empty()) after.erase(after.begin() + static_cast<std::ptrdiff_t>(at));
      if (below(3))
        after.insert(after.begin() + static_cast<std::ptrdiff_t>(std::min(at, after.size())), some_line(kinds));
      if (below(40) == 0 && after.size() > 40)
        std::rotate(after.begin(), after.begin() + static_cast<std::ptrdiff_t>(below(after.size())), after.end());
    }
    std::string a, b;
    for (const auto& text : before) a += text;
    for (const auto& text : after) b += text;
    if (below(4) == 0 && !a.empty()) a.pop_back();
    if (below(4) == 0 && !b.empty()) b.pop_back();
    return {a, b};
  }
};

struct Tools {
  Problems problems;
  ObjectFolders folders{"/nonexistent", kSha1Bytes, problems};
  LineStore store{folders, 1 << 24, 1 << 26};
  LineDiff diff{store.table()};
};

TEST_F(GitLines, CountsAndHunksEqualGits) {
  constexpr int kFiles = 700;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < kFiles; ++i) pairs.push_back(some_pair(i));
  for (int i = 0; i < kFiles; ++i) put("f" + std::to_string(i), pairs[i].first + "x");
  commit("before");
  for (int i = 0; i < kFiles; ++i) put("f" + std::to_string(i), pairs[i].first);
  commit("between");
  for (int i = 0; i < kFiles; ++i) put("f" + std::to_string(i), pairs[i].second);
  commit("after");
  std::map<std::string, std::string> counts;
  for (std::string rest = git({"diff", "--numstat", "HEAD~", "HEAD"}) + "\n"; !rest.empty();) {
    const std::size_t end = rest.find('\n'), tab = rest.rfind('\t', end);
    counts[rest.substr(tab + 1, end - tab - 1)] = rest.substr(0, tab);
    rest.erase(0, end + 1);
  }
  // Without context git first sets the equal end of both files aside, as git blame does.
  std::map<std::string, std::string> hunks;
  std::string file;
  for (std::string rest = git({"diff", "-U0", "HEAD~", "HEAD"}) + "\n"; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string line = rest.substr(0, end);
    if (line.starts_with("diff --git a/")) file = line.substr(13, line.find(' ', 13) - 13);
    if (line.starts_with("@@ ")) hunks[file] += line.substr(3, line.find(" @@") - 3) + ";";
    rest.erase(0, end + 1);
  }
  Tools tools;
  std::vector<Hunk> found;
  for (int i = 0; i < kFiles; ++i) {
    const std::string name = "f" + std::to_string(i);
    const auto before = tools.store.from_text(pairs[i].first), after = tools.store.from_text(pairs[i].second);
    const LineCount count = tools.diff.count(*before, *after);
    const std::string ours = std::to_string(count.additions) + "\t" + std::to_string(count.deletions);
    EXPECT_EQ(ours, counts.contains(name) ? counts.at(name) : "0\t0") << name;
    tools.diff.hunks(*before, *after, found);
    std::string text;
    const auto range = [](std::uint32_t start, std::uint32_t lines) {
      return std::to_string(lines ? start + 1 : start) + (lines == 1 ? "" : "," + std::to_string(lines));
    };
    for (const Hunk& hunk : found)
      text += "-" + range(hunk.old_start, hunk.old_count) + " +" + range(hunk.new_start, hunk.new_count) + ";";
    EXPECT_EQ(text, hunks[name]) << name;
  }
}

TEST_F(GitLines, DeltasGiveTheSameAsBytes) {
  Tools tools;
  for (int round = 0; round < 2000; ++round) {
    std::string base;
    const std::size_t size = below(400);
    for (std::size_t i = 0; i < size; ++i) base += below(6) ? static_cast<char>('a' + below(4)) : '\n';
    if (below(20) == 0 && !base.empty()) base[below(base.size())] = '\0';
    std::string delta, result;
    const auto size_text = [](std::size_t value) {
      std::string bytes;
      for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
      return bytes + static_cast<char>(value);
    };
    std::string steps;
    for (std::size_t i = below(12); i-- > 0;) {
      if (below(2) && !base.empty()) {
        const std::size_t from = below(base.size()), length = 1 + below(base.size() - from);
        steps += {static_cast<char>(0x80 | 0x01 | 0x02 | 0x10 | 0x20), static_cast<char>(from),
                  static_cast<char>(from >> 8), static_cast<char>(length), static_cast<char>(length >> 8)};
        result += base.substr(from, length);
      } else {
        std::string bytes;
        for (std::size_t j = 1 + below(20); j-- > 0;) bytes += below(5) ? static_cast<char>('a' + below(4)) : '\n';
        steps += static_cast<char>(bytes.size()) + bytes;
        result += bytes;
      }
    }
    delta = size_text(base.size()) + size_text(result.size()) + steps;
    const auto file = tools.store.from_text(base);
    const auto made = tools.store.apply(*file, delta);
    ASSERT_TRUE(made) << round;
    EXPECT_EQ(tools.store.text(*made), result) << round;
    EXPECT_EQ(made->is_binary(), is_binary(result)) << round;
    EXPECT_EQ(made->bytes(), result.size());
    // Damaged ones give nothing, or something of the size they promise.
    std::string broken = delta;
    broken[below(broken.size())] = static_cast<char>(below(256));
    const auto odd = tools.store.apply(*file, broken);
    EXPECT_TRUE(!odd || tools.store.text(*odd).size() == odd->bytes());
  }
}

TEST_F(GitLines, OwnersEqualBlame) {
  std::vector<std::string> names = {"a", "b", "c"};
  for (int step = 0; step < 60; ++step) {
    const std::string name = names[below(names.size())];
    std::string content = read_file(folder_ / name);
    if (content.empty()) content = some_pair(3).first;
    std::vector<std::string> text;
    for (std::size_t at = 0; at < content.size();) {
      const std::size_t end = std::min(content.find('\n', at), content.size() - 1);
      text.push_back(content.substr(at, end + 1 - at));
      at = end + 1;
    }
    for (std::size_t i = below(6); i-- > 0;) {
      const auto at = static_cast<std::ptrdiff_t>(below(text.size() + 1));
      if (below(2) && !text.empty())
        text.erase(text.begin() + std::min(at, static_cast<std::ptrdiff_t>(text.size()) - 1));
      else
        text.insert(text.begin() + at, some_line(20));
    }
    std::string joined;
    for (const auto& line : text) joined += line;
    put(name, joined + "end " + std::to_string(below(9)) + "\n");
    if (below(12) == 0) {
      names.push_back("moved" + std::to_string(step));
      std::filesystem::rename(folder_ / name, folder_ / names.back());
      std::erase(names, name);
    }
    if (below(10) == 0) {
      // A branch that is merged again.
      commit("main");
      git({"checkout", "-q", "-b", "side"});
      put("side" + std::to_string(step), lines(step, step + 20));
      commit("side");
      git({"checkout", "-q", "main"});
      tick();
      git({"merge", "-q", "--no-ff", "-m", "merge", "side"});
      git({"branch", "-q", "-D", "side"});
    }
    commit("step " + std::to_string(step));
  }
  std::vector<std::string> commits = {"unknown"};
  std::map<std::string, LineRuns> files;
  std::int64_t deaths = 0;
  LineHistory history({}, [&](const std::string&, const LineRun& run) { deaths += run.lines; });
  Repository repository(folder_.string());
  WalkOptions options;
  options.line_step = [&](LineStep&& step) {
    commits.push_back(step.sha);
    const auto origin = static_cast<std::uint32_t>(commits.size() - 1);
    history.apply(step, [&](const std::string&) { return origin; });
  };
  repository.walk(
      {}, [](Commit&&) {}, options);
  history.take_changed([&](const std::string& path, const LineRuns& runs) { files[path] = runs; });
  EXPECT_GT(deaths, 0);
  EXPECT_EQ(history.lost(), 0);
  std::size_t compared = 0;
  for (const auto& file : repository.head_files()) {
    std::string expected, ours;
    for (std::string rest = git({"blame", "--first-parent", "-s", "-l", "--root", "HEAD", "--", file.path}) + "\n";
         rest.size() > 1;) {
      expected += rest.substr(0, 40) + "\n";
      rest.erase(0, rest.find('\n') + 1);
    }
    for (const auto& run : files[file.path])
      for (std::uint32_t i = 0; i < run.lines; ++i, ++compared) ours += commits[run.origin] + "\n";
    EXPECT_EQ(ours, expected) << file.path;
  }
  EXPECT_GT(compared, 50u);
}

// What `git blame --ignore-revs-file` says of a reformatting that keeps the number of lines; where it cuts or joins
// them, each stays with the line in whose place it stands.
TEST_F(GitLines, IgnoredCommitsOwnNothing) {
  put("a", "int  one;\nint  two;\nint  three;\nkept\n");
  put("b", "if (x) { y(); z(); }\nlast\n");
  commit("first");
  put("a", "int one;\nint two;\nint three;\nkept\nint added;\n");
  put("b", "if (x) {\n  y(); z();\n}\nlast\n");
  commit("reformat");
  const std::string ignored = git({"rev-parse", "HEAD"}).substr(0, 40);
  put("ignored", ignored + "\n");
  commit("third");
  std::vector<std::string> commits = {"unknown"};
  std::map<std::string, LineRuns> files;
  std::int64_t deaths = 0;
  LineHistory history({}, [&](const std::string&, const LineRun& run) { deaths += run.lines; });
  Repository repository(folder_.string());
  WalkOptions options;
  options.line_step = [&](LineStep&& step) {
    commits.push_back(step.sha);
    const auto origin = static_cast<std::uint32_t>(commits.size() - 1);
    history.apply(
        step, [&](const std::string&) { return origin; }, step.sha == ignored);
  };
  repository.walk(
      {}, [](Commit&&) {}, options);
  history.take_changed([&](const std::string& path, const LineRuns& runs) { files[path] = runs; });
  std::string ours;
  for (const auto& run : files["a"])
    for (std::uint32_t i = 0; i < run.lines; ++i) ours += commits[run.origin] + "\n";
  std::string expected;
  for (std::string rest =
           git({"blame", "-s", "-l", "--root", "--ignore-revs-file", "ignored", "HEAD", "--", "a"}) + "\n";
       rest.size() > 1; rest.erase(0, rest.find('\n') + 1))
    expected += rest.substr(0, 40) + "\n";
  EXPECT_EQ(ours, expected);
  EXPECT_EQ(files["b"], (LineRuns{{1, 4}}));
  EXPECT_EQ(deaths, 0);
}

}  // namespace

}  // namespace resident::git
