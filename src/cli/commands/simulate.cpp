// resident simulate: a project from a seed, with known truth.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <limits>
#include <simulate/simulate.hpp>

namespace resident {

namespace {

std::function<int()> declare(OptionSet& app, Invocation& invocation) {
  struct Options {
    std::string directory, end;
    std::uint64_t seed = 1;
    std::int64_t issues = 1000;
    double years = 5;
    std::int64_t builders = 0;
    bool no_repository = false;
  };
  auto options = std::make_shared<Options>();
  app.add_option("directory", options->directory, "Where to put it")->required()->type_name("DIR");
  takes_whole_number(
      app.add_option("--seed", options->seed, "Same seed, same project")->type_name("N")->capture_default_str(), 0,
      std::numeric_limits<std::int64_t>::max());
  takes_whole_number(app.add_option("--issues", options->issues, "How many issues: 1,000 to 1,000,000")
                         ->type_name("N")
                         ->capture_default_str(),
                     10, 10'000'000);
  takes_number(
      app.add_option("--years", options->years, "How long its history is")->type_name("N")->capture_default_str(), 1,
      40);
  app.add_option("--end", options->end, "When its history ends")->type_name("DATE");
  takes_whole_number(app.add_option("--builders", options->builders,
                                    "Builders of CI, with all tests of each run and the cause of each failure")
                         ->type_name("N")
                         ->capture_default_str(),
                     0, 40);
  app.add_flag("--no-repository", options->no_repository, "Without the git repository");
  return [&invocation, options] {
    SimulationOptions simulation;
    simulation.directory = options->directory;
    simulation.seed = options->seed;
    simulation.issues = options->issues;
    simulation.years = options->years;
    simulation.repository = !options->no_repository;
    simulation.builders = options->builders;
    if (!options->end.empty()) {
      const auto end = parse_time(options->end);
      if (!end)
        throw Error(ErrorKind::usage, fmt::format("--end: {} is not a date", one_line(options->end)),
                    "write it like 2026-10-01");
      simulation.end = *end;
    }
    const SimulationSummary summary = simulate(simulation);
    invocation.err << fmt::format("simulated {}, {}, {}, {} in {}\n", plural(summary.issues, "issue"),
                                  plural(summary.pulls, "pull request"), plural(summary.commits, "commit"),
                                  plural(summary.people, "person", "people"), one_line(options->directory));
    return 0;
  };
}

}  // namespace

extern const Command simulate_command;
const Command simulate_command{
    "simulate", "Make a project from a seed, with known truth",
    "Writes repository.git, project.jsonl and truth.json (docs/guide/simulation.md).\nExample: resident simulate demo "
    "--seed 1 && resident add git "
    "demo/repository.git --project demo && resident add jsonl demo/project.jsonl --project demo",
    declare};

}  // namespace resident
