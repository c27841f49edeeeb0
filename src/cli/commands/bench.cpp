// resident bench ACTION: benchmark results read, their changes found, two runs compared.
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <cli/benchmarks/benchmarks.hpp>
#include <cli/options.hpp>
#include <limits>

namespace resident {

namespace {

std::function<int()> declare_bench(OptionSet& app, Invocation& invocation) {
  auto action = std::make_shared<std::string>();
  auto options = std::make_shared<BenchOptions>();
  takes_one_of(app.add_option("action", *action,
                              "read FILE…, changes --from FILE, compare A B, gate A B, confirm -- COMMAND, or "
                              "next")
                   ->required()
                   ->type_name("ACTION"),
               {"read", "changes", "compare", "gate", "confirm", "next"});
  app.add_option("places", options->places,
                 "Files, folders, archives, or - for what is piped in; compare, gate: or commits, branches, tags that "
                 "were measured; confirm: behind --, what to run, without a shell")
      ->type_name("PLACE");
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  app.add_option("--as-of", invocation.as_of, "changes: as it was known then")->type_name("DATE");
  app.add_option(
         "--from", options->from,
         "changes: instead of the store, a CSV with the columns series (or benchmark), position, value (commit, at)")
      ->type_name("FILE");
  takes_one_of(app.add_option("--method", options->method, "changes: vote (without it), edivisive, l1 or ttest")
                   ->type_name("METHOD"),
               {"vote", "edivisive", "l1", "ttest"});
  takes_whole_number(app.add_option("--window", options->window, "changes: values E-divisive looks at in one pass (50)")
                         ->type_name("VALUES"),
                     2, 100'000);
  takes_number(
      app.add_option("--p,--max-p", options->p, "changes: a change stands below this p (0.001)")->type_name("P"), 0, 1);
  takes_number(app.add_option("--least", options->least_change, "changes: none smaller than this (0.05 is 5 %)")
                   ->type_name("SHARE"),
               0, std::numeric_limits<double>::max());
  takes_number(app.add_option("--size", options->size, "compare, gate: the difference that matters, in per cent (5)")
                   ->type_name("PERCENT"),
               0.01, 1000);
  app.add_flag("--partial", options->is_partial, "gate: the second run leaves some benchmarks out on purpose");
  app.add_option("--repo", options->clone, "confirm: the clone; without it the one around here")->type_name("CLONE");
  app.add_option("--commit", options->commit, "confirm: the commit, run against its parent")->type_name("COMMIT");
  app.add_option("--series", options->series, "confirm: the series that the command measures, to be kept with it")
      ->type_name("NAME");
  takes_whole_number(
      app.add_option("--most-runs", options->most_runs, "confirm: stop after so many runs (200)")->type_name("N"), 4,
      100'000);
  takes_number(app.add_option("--timeout", options->timeout,
                              "confirm: a run that takes longer is killed, and tells "
                              "nothing")
                   ->type_name("SECONDS"),
               0.01, 1e7);
  takes_number(
      app.add_option("--change", options->least, "confirm: the smallest change that is looked for (0.02 is 2 %)")
          ->type_name("SHARE"),
      0.0005, 1);
  app.add_flag("--restart", options->restart, "confirm: forget what an earlier, interrupted one found out");
  takes_whole_number(
      app.add_option("--minutes", options->minutes, "next: how much machine time there is (60)")->type_name("MINUTES"),
      1, 100'000);
  takes_one_of(
      app.add_option("--format", invocation.format, "How it is printed; a table without it")->type_name("FORMAT"),
      {"table", "csv", "md", "json"});
  app.add_flag("--json{all}", invocation.json, "For programs: see docs/guide/benchmarks.md");
  return [&invocation, action, options] {
    if (*action == "changes") {
      if (!options->places.empty())
        throw Error(ErrorKind::usage, "bench changes takes no file behind it", "give it as --from FILE");
      return bench_changes(invocation, *options);
    }
    if (*action == "compare" || *action == "gate") return bench_compare(invocation, *options, *action == "gate");
    if (*action == "confirm") return bench_confirm(invocation, *options);
    if (*action == "next") {
      if (!options->places.empty())
        throw Error(ErrorKind::usage, "bench next takes no file behind it", "resident bench next --minutes 60");
      return print_analysis(invocation, find_analysis("measure_next"),
                            {{"minutes", std::to_string(options->minutes.value_or(60))}});
    }
    return bench_read(invocation, *options);
  };
}

}  // namespace

extern const Command bench_command;
const Command bench_command{
    "bench", "Benchmark results: read, changes in series, two runs compared, a change confirmed, what to run next",
    "read: what files of benchmark tools say; the form is told by content. changes: lasting steps in series, few and "
    "sure. compare: two runs, benchmark by benchmark, with intervals. gate: the same, and exit code 3 where something "
    "is surely worse by more than --size, or not measured any more. Both also take commits, branches and tags that the "
    "store has results of. "
    "confirm: a commit against its parent, run in turn in worktrees until it is sure whether the last number that the "
    "command prints moved; page Speed says so. next: what to measure, given minutes of machine time.\n"
    "Example: resident bench read results.json --json; resident bench changes --from series.csv; resident bench "
    "compare before.json after.json --format md; resident bench compare v1.0 main; resident bench confirm --commit "
    "1a2b3c4 -- "
    "./bench.sh; resident bench next --minutes 30",
    declare_bench};

}  // namespace resident
