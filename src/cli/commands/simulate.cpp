// resident simulate: a project from a seed, with known truth.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <limits>
#include <optional>
#include <simulate/simulate.hpp>

namespace resident {

namespace {

std::function<int()> declare_simulate(OptionSet& app, Invocation& invocation) {
  struct Options {
    std::string directory, end, resident_start;
    std::uint64_t seed = 1;
    std::int64_t issues = 1000;
    double years = 5;
    std::optional<double> resident_effect;
    std::int64_t builders = 0;
    bool no_repository = false;
  };
  auto options = std::make_shared<Options>();
  app.add_option("directory", options->directory, "Where to put it")->required()->type_name("DIR");
  takes_whole_number(
      app.add_option("--seed", options->seed, "Same seed, same project")->type_name("N")->capture_default_str(), 0,
      std::numeric_limits<std::int64_t>::max());
  takes_whole_number(app.add_option("--issues", options->issues, "How many issues: 10 to 10,000,000")
                         ->type_name("N")
                         ->capture_default_str(),
                     10, 10'000'000);
  takes_number(
      app.add_option("--years", options->years, "How long its history is")->type_name("N")->capture_default_str(), 1,
      40);
  app.add_option("--end", options->end, "When its history ends")->type_name("DATE");
  app.add_option("--resident-start", options->resident_start, "When the resident starts")->type_name("DATE");
  takes_number(
      app.add_option("--resident-effect", options->resident_effect,
                     "By how much sooner people are answered and merged then: 0.15 is 1.15 times the rates, 0 nothing")
          ->type_name("SHARE"),
      0, 10);
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
    const auto date = [](const char* name, const std::string& text) {
      const auto time = parse_time(text);
      if (!time)
        throw Error(ErrorKind::usage, fmt::format("{}: {} is not a date", name, one_line(text)),
                    "write it like 2026-10-01");
      return *time;
    };
    if (!options->end.empty()) simulation.end = date("--end", options->end);
    if (!options->resident_start.empty()) simulation.resident_start = date("--resident-start", options->resident_start);
    simulation.resident_effect = options->resident_effect;
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
    declare_simulate};

}  // namespace resident
