#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/several_projects.hpp>

namespace resident {

std::vector<std::string> several_projects(const Invocation& invocation, Database& database) {
  if (invocation.project.empty()) return {};
  const Config config = invocation.load_config();
  const auto groups = config.project("").groups;
  if (invocation.project.find(',') == std::string::npos && !groups.contains(invocation.project)) return {};
  return projects_meant(database, groups, invocation.project);
}

std::vector<Result> today_of_several(const Invocation& invocation, Database& database,
                                     const std::vector<std::string>& projects, const Arguments& arguments) {
  const Config config = invocation.load_config();
  const Analysis& today = find_analysis("today");
  Result all;
  std::int64_t count = 0, with_any = 0;
  std::vector<std::string> failed;
  for (const std::string& project : projects) try {
      Context context = open_context(database, config, project, invocation.as_of_time(), invocation.clock.now());
      context.arguments = arguments;
      std::vector<Result> results = today.run(context);
      Result& one = results.front();
      if (all.columns.empty()) {
        all = one;
        all.rows.clear();
        all.notes.clear();
        all.project.clear();
        all.data_until.reset();
        all.columns.insert(all.columns.begin() + 1, Column{"project", "Project"});
      }
      all.as_of = std::max(all.as_of, one.as_of);
      all.simulated = all.simulated && one.simulated;
      if (!one.coverage.empty()) all.notes.push_back(fmt::format("{}: {}", project, one.coverage));
      count += one.sample_size.value_or(0), with_any += one.sample_size.value_or(0) > 0;
      for (auto& row : one.rows) {
        row.insert(row.begin() + 1, project);
        all.rows.push_back(std::move(row));
      }
    } catch (const Error& error) {
      failed.push_back(fmt::format("{}: {}", project, error.what()));
    }
  if (all.columns.empty()) throw Error(fmt::format("none of the projects can be told of: {}", fmt::join(failed, "; ")));
  const std::size_t rank = all.column("rank"), score = all.column("score"), since = all.column("since");
  const auto number = [](const Cell& cell) {
    const auto* real = std::get_if<double>(&cell);
    const auto* whole = std::get_if<std::int64_t>(&cell);
    return real ? *real : whole ? static_cast<double>(*whole) : 0.0;
  };
  std::stable_sort(all.rows.begin(), all.rows.end(), [&](const auto& a, const auto& b) {
    const double one = number(a[score]), other = number(b[score]);
    return one != other ? one > other : number(a[since]) < number(b[since]);
  });
  const auto found = arguments.find("limit");
  const std::size_t limit = found == arguments.end() ? 20 : static_cast<std::size_t>(std::stoul(found->second));
  if (all.rows.size() > limit) all.rows.resize(limit);
  for (std::size_t i = 0; i < all.rows.size(); ++i) all.rows[i][rank] = static_cast<std::int64_t>(i + 1);
  if (static_cast<std::size_t>(count) > limit)
    all.notes.push_back(fmt::format("The first {} of {}; --limit shows more.", limit, count));
  all.sample_size = count;
  all.claim = fmt::format("{} you in {} of {}.", plural(count, "thing waits for", "things wait for"), with_any,
                          plural(static_cast<long long>(projects.size()), "project"));
  for (const auto& each : failed) all.notes.push_back("left out: " + each);
  return {std::move(all)};
}

}  // namespace resident
