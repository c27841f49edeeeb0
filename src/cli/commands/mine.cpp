// resident mine CLONE: what git itself would print, by our own reading of the
// clone, so that anyone can check one against the other.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <git/line_history.hpp>
#include <git/log_text.hpp>
#include <git/repository.hpp>

namespace resident {

namespace {

struct Wishes {
  std::string clone, memory = "512M";
  std::vector<std::string> names, blame;
  bool numstat = false, raw = false;
  unsigned jobs = 0;
};

int tell_problems(const Invocation& invocation, const git::Repository& repository) {
  const auto problems = repository.problems();
  if (problems.empty()) return 0;
  for (const auto& problem : problems)
    invocation.err << fmt::format("{}: {}\n", one_line(problem.record), one_line(problem.reason));
  throw Error(ErrorKind::incomplete, fmt::format("{} could not be read in full; the figures they touch are missing",
                                                 plural(static_cast<long long>(problems.size()), "thing")));
}

// Each line's commit, as `git blame --first-parent` would name it.
void print_blame(const Invocation& invocation, git::Repository& repository, const std::vector<std::string>& paths) {
  std::vector<std::string> commits = {"unknown"};
  std::unordered_map<std::string, git::LineRuns> files;
  git::LineHistory history({}, [](const std::string&, const git::LineRun&) {});
  Progress progress("commits", 0);
  std::size_t shown = 0;
  git::WalkOptions options;
  options.changes = false;
  options.started = [&](std::size_t total) { progress.set_total(total); };
  options.progress = [&](std::size_t done) {
    progress.advance(done - shown);
    shown = done;
  };
  options.line_step = [&](git::LineStep&& step) {
    commits.push_back(step.sha);
    const auto origin = static_cast<std::uint32_t>(commits.size() - 1);
    history.apply(step, [&](const std::string&) { return origin; });
  };
  repository.walk(
      {}, [](git::Commit&&) {}, options);
  history.take_changed([&](const std::string& path, const git::LineRuns& runs) { files[path] = runs; });
  for (const std::string& path : paths) {
    const auto found = files.find(git::path_text(path));
    if (found == files.end())
      throw Error(ErrorKind::usage, "the default branch has no file " + one_line(path),
                  "give paths as git ls-files does");
    if (paths.size() > 1) invocation.out << "# " << one_line(path) << "\n";
    std::size_t line = 0;
    for (const auto& run : found->second)
      for (std::uint32_t i = 0; i < run.lines; ++i) invocation.out << commits[run.origin] << ' ' << ++line << '\n';
  }
}

std::function<int()> declare_mine(OptionSet& app, Invocation& invocation) {
  auto wishes = std::make_shared<Wishes>();
  app.add_option("clone", wishes->clone, "The clone: bare or not")->required()->type_name("CLONE");
  app.add_option("refs", wishes->names, "References or ids to start from; none: all branches and tags")
      ->type_name("REFS");
  app.add_flag("--numstat", wishes->numstat, "Added and removed lines a file, as git log --format=%H --numstat -M");
  app.add_flag("--raw", wishes->raw, "Modes, ids and status a file, as git log --format=%H --raw -M --no-abbrev");
  app.add_option(
         "--blame", wishes->blame,
         "The commit of every line of these files at the head of the default branch, as git blame --first-parent")
      ->type_name("PATH")
      ->allow_extra_args(true);
  app.add_option("--memory", wishes->memory, "Bound for the caches, e.g. 256M or 2G; 512M without it")
      ->type_name("SIZE");
  takes_whole_number(app.add_option("--jobs", wishes->jobs, "Threads; one a core without it")->type_name("N"), 0, 1024);
  return [&invocation, wishes] {
    git::RepositoryOptions options;
    options.threads = wishes->jobs;
    options.memory = parse_memory(wishes->memory);
    git::Repository repository(wishes->clone, options);
    if (!wishes->blame.empty()) {
      print_blame(invocation, repository, wishes->blame);
      return tell_problems(invocation, repository);
    }
    Progress progress("commits", 0);
    std::size_t shown = 0;
    std::string text;
    const auto flush = [&] {
      invocation.out << text;
      text.clear();
    };
    const bool numstat = wishes->numstat || !wishes->raw;
    repository.log(
        wishes->names, numstat,
        [&](git::CommitChanges&& commit) {
          text += commit.sha;
          text += '\n';
          if (!commit.changes.empty()) text += '\n';
          if (wishes->raw)
            for (const auto& change : commit.changes) text += git::raw_line(change, commit.sha.size() / 2) + '\n';
          if (numstat)
            for (const auto& change : commit.changes) text += git::numstat_line(change) + '\n';
          if (text.size() > 1 << 20) flush();
        },
        [&](std::size_t total) { progress.set_total(total); },
        [&](std::size_t done) {
          progress.advance(done - shown);
          shown = done;
        });
    flush();
    progress.finish();
    return tell_problems(invocation, repository);
  };
}

}  // namespace

extern const Command mine_command;
const Command mine_command{"mine", "Print a clone's history as git log would, without a store",
                           "Byte for byte what git prints, with core.quotePath and diff.renameLimit as by default and "
                           "no attributes, so that `cmp` tells whether to trust the miner.\nExample: resident mine "
                           "CLONE --numstat main | cmp - <(git -C CLONE log --format=%H --numstat -M main)",
                           declare_mine};

}  // namespace resident
