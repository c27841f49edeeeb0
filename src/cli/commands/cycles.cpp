// resident cycles: a weekly series against the same weeks of the release cycles before. A schedule may be a file, which
// only this command reads.
#include <fmt/format.h>

#include <analyses/list.hpp>
#include <base/data_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <filesystem>
#include <sources/proposals/schedule.hpp>

namespace resident {

namespace {

// python-releases.toml, or a text with bullets as PEP 619 has them, as stages with their dates.
std::string stages_of_file(const std::string& path) {
  const std::string text = read_text_file(path);
  std::string fault;
  auto dates = read_release_table(text, path, fault);
  if (dates.empty()) dates = read_release_bullets(text, path);
  if (dates.empty())
    throw Error(ErrorKind::failed, fmt::format("no release with its date stands in {}", one_line(path)),
                "a python-releases.toml, or lines like \"- 3.15.0 beta 1: Tuesday, 2026-05-05\"");
  std::string stages;
  for (const auto& each : dates) {
    // The days on which a series freezes stand under its number alone.
    std::string stage = each.stage == "feature freeze" ? each.series + " feature freeze" : each.stage;
    std::replace(stage.begin(), stage.end(), ',', ' ');
    std::replace(stage.begin(), stage.end(), '=', ' ');
    stages += fmt::format("{}{}={}", stages.empty() ? "" : ",", stage, format_date(each.at));
  }
  return stages;
}

std::function<int()> declare_cycles(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto arguments = std::make_shared<Arguments>();
  declare_parameters(app, find_analysis("cycles"), arguments);
  return [&invocation, arguments] {
    if (const auto schedule = arguments->find("schedule");
        schedule != arguments->end() && std::filesystem::is_regular_file(schedule->second))
      schedule->second = stages_of_file(schedule->second);
    return print_analysis(invocation, find_analysis("cycles"), *arguments);
  };
}

}  // namespace

extern const Command cycles_command;
const Command cycles_command{
    "cycles", "A weekly series against the same weeks of the release cycles before",
    "Without --of: commits by cycle. With it: any weekly series, aligned at a release, its first candidate, its first "
    "beta or where its branch leaves, with the band of the cycles before. Points come from tags, branches, the "
    "configuration and --schedule, which takes a file too (python-releases.toml, or a text as PEP 619).\n"
    "Example: resident cycles --of merged --align beta --before 8 --schedule python-releases.toml",
    declare_cycles};

}  // namespace resident
