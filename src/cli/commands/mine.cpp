// resident mine CLONE: what git itself would print, by our own reading of the
// clone, so that anyone can check one against the other.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <sources/git/log_text.hpp>
#include <sources/git/repository.hpp>

namespace resident {

namespace {

struct Wishes {
  std::string clone, memory = "512M";
  std::vector<std::string> names;
  bool numstat = false, raw = false;
  unsigned jobs = 0;
};

std::function<int()> declare(CLI::App& app, Invocation& invocation) {
  auto wishes = std::make_shared<Wishes>();
  app.add_option("clone", wishes->clone, "The clone: bare or not")->required()->type_name("CLONE");
  app.add_option("refs", wishes->names, "References or ids to start from; none: all branches and tags")
      ->type_name("REFS");
  app.add_flag("--numstat", wishes->numstat, "Added and removed lines a file, as git log --format=%H --numstat -M");
  app.add_flag("--raw", wishes->raw, "Modes, ids and status a file, as git log --format=%H --raw -M --no-abbrev");
  app.add_option("--memory", wishes->memory, "Bound for the caches, e.g. 256M or 2G; 512M without it")
      ->type_name("SIZE");
  app.add_option("--jobs", wishes->jobs, "Threads; one a core without it")->type_name("N");
  return [&invocation, wishes] {
    git::RepositoryOptions options;
    options.threads = wishes->jobs;
    options.memory = parse_memory(wishes->memory);
    git::Repository repository(wishes->clone, options);
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
    const auto problems = repository.problems();
    if (problems.empty()) return 0;
    progress.finish();
    for (const auto& problem : problems)
      invocation.err << fmt::format("{}: {}\n", one_line(problem.record), one_line(problem.reason));
    throw Error(ErrorKind::incomplete,
                fmt::format("{} could not be read in full; the figures they touch are missing",
                            plural(static_cast<long long>(problems.size()), "thing")));
  };
}

}  // namespace

extern const Command mine_command;
const Command mine_command{
    "mine", "Print a clone's history as git log would, without a store",
    "Byte for byte what git prints, with core.quotePath and diff.renameLimit as by default and no attributes, so that "
    "`cmp` tells whether to trust the miner:\n  resident mine CLONE --numstat main | cmp - <(git -C CLONE log "
    "--format=%H --numstat -M main)",
    declare};

}  // namespace resident
