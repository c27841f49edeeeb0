#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <base/time.hpp>
#include <charconv>
#include <cli/commands/add_results.hpp>
#include <cli/declare_source.hpp>
#include <store/writer.hpp>

namespace resident {

ci::ResultsToAdd ResultOptions::wanted(const std::vector<std::string>& places) const {
  ci::ResultsToAdd wanted = asked;
  wanted.places = places;
  if (!at.empty()) {
    wanted.at = parse_time(at);
    if (!wanted.at)
      throw Error(ErrorKind::usage, fmt::format("--at: {} is not a date or time", one_line(at)),
                  "write it like 2024-01-31T10:00:00Z");
  }
  if (!pull.empty()) {
    const std::string_view digits = std::string_view(pull).substr(pull.starts_with('#') ? 1 : 0);
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (problem != std::errc() || end != digits.data() + digits.size() || number < 1 || number > 999'999'999)
      throw Error(ErrorKind::usage, fmt::format("--pull: {} is no number of a pull request", one_line(pull)),
                  "write it like 12");
    wanted.pull = number;
  }
  return wanted;
}

int add_results_of(const Invocation& invocation, const ci::ResultsToAdd& asked) {
  const auto database = invocation.open(Access::write);
  const std::string& name = invocation.project;
  const ci::AddedResults added =
      ci::add_results(*database, declare_project(*database, name), asked, invocation.clock.now());
  for (const auto& run : added.runs)
    invocation.err << fmt::format(
        "{}: {}: {} new\n", name, one_line(run.configuration),
        run.sha.empty() ? "a run" : fmt::format("a run of {}", one_line(run.sha.substr(0, 12))));
  if (added.runs.empty()) invocation.err << fmt::format("{}: nothing new\n", name);
  for (const auto& note : added.notes) invocation.err << "  " << one_line(note) << "\n";
  return 0;
}

std::shared_ptr<ResultOptions> add_result_run_options(OptionSet& app) {
  auto options = std::make_shared<ResultOptions>();
  app.add_option("--sha", options->asked.sha, "results, benchmarks: the commit that was tested or measured")
      ->type_name("SHA");
  app.add_option("--branch", options->asked.branch, "results: its branch; without it and --pull, the main one")
      ->type_name("NAME");
  app.add_option("--builder", options->asked.builder, "results: the machine or job that ran them")->type_name("NAME");
  app.add_option("--at", options->at,
                 "results, benchmarks: when that was; without it, what the files say, or when they were written")
      ->type_name("TIME");
  app.add_option("--pull", options->pull, "results: the pull request whose change was tested")->type_name("N");
  return options;
}

}  // namespace resident
