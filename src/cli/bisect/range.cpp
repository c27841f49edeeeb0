#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/bisect/process.hpp>
#include <cli/bisect/range.hpp>

namespace resident {

namespace fs = std::filesystem;

namespace {

bool is_ancestor(const fs::path& clone, const std::string& first, const std::string& second) {
  try {
    run_git(clone, {"merge-base", "--is-ancestor", first, second});
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string commit_of(const fs::path& clone, const std::string& name, std::string_view which) {
  try {
    run_git(clone, {"rev-parse", "--git-dir"});
  } catch (const Error&) {
    throw Error(ErrorKind::usage, fmt::format("{} is no clone of git", one_line(clone.string())),
                "--repo names the clone; without it the one around here is taken");
  }
  if (name.starts_with('-')) throw Error(ErrorKind::usage, fmt::format("{}: {} is no commit", which, one_line(name)));
  try {
    return run_git(clone, {"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"});
  } catch (const Error&) {
    throw Error(ErrorKind::usage, fmt::format("{}: {} is no commit of {}", which, one_line(name), clone.string()),
                "--repo names the clone; without it the one around here is taken");
  }
}

CommitRange::CommitRange(const fs::path& clone, const std::string& good_name, const std::string& bad_name) {
  const std::string good = commit_of(clone, good_name, "--good"), bad = commit_of(clone, bad_name, "--bad");
  if (good == bad) throw Error(ErrorKind::usage, "--good and --bad are the same commit");
  if (!is_ancestor(clone, good, bad))
    throw Error(
        ErrorKind::usage, "the good commit is not before the bad one",
        is_ancestor(clone, bad, good)
            ? "they are the other way around: what was mended is found by a command that fails where it should pass"
            : "take their common base (git merge-base) as the good one");
  const auto read = [&](const std::vector<std::string>& words) {
    std::vector<std::string> all{"log", "--no-color", "--no-show-signature", "--format=%H%x00%P%x00%an%x00%s"};
    all.insert(all.end(), words.begin(), words.end());
    const std::string text = run_git(clone, all);
    for (const auto line : split(text, '\n')) {
      const auto parts = split(line, '\0');
      if (parts.size() < 4) continue;
      commits.push_back({std::string(parts[0]), clean_text(parts[3]), clean_text(parts[2]),
                         parts[1].find(' ') != std::string_view::npos});
    }
  };
  read({"--no-walk", good});
  read({"--first-parent", "--reverse", good + ".." + bad});
  if (commits.size() < 2) throw Error("git lists no commits between the two");
}

Worktrees::Worktrees(fs::path clone, fs::path folder, std::size_t places, bool clean)
    : clone_(std::move(clone)), folder_(std::move(folder)), shown_(places), clean_(clean) {
  fs::create_directories(folder_);
  remove_all();
}

Worktrees::~Worktrees() {
  try {
    remove_all();
  } catch (const std::exception&) {
    // The next search removes what is left.
  }
}

fs::path Worktrees::place_folder(std::size_t place) const {
  return folder_ / fmt::format("place-{}", place + 1);
}

void Worktrees::remove_all() {
  for (const auto& entry : fs::directory_iterator(folder_))
    if (entry.is_directory() && entry.path().filename().string().starts_with("place-")) fs::remove_all(entry.path());
  run_git(clone_, {"worktree", "prune"});
}

fs::path Worktrees::check_out(std::size_t place, const std::string& sha) {
  const fs::path path = place_folder(place);
  if (shown_[place].empty()) {
    run_git(clone_, {"worktree", "add", "--quiet", "--force", "--detach", path.string(), sha});
  } else {
    run_git(path, {"checkout", "--quiet", "--force", "--detach", sha});
  }
  if (clean_) run_git(path, {"clean", "-ffdxq"});
  shown_[place] = sha;
  return path;
}

fs::path bisect_folder(const fs::path& clone) {
  return fs::path(run_git(clone, {"rev-parse", "--path-format=absolute", "--git-common-dir"})) / "resident-bisect";
}

}  // namespace resident
