// `truck-factor`: on how few people the code rests, by three ways of counting side by side: who wrote the files
// (Avelino et al.), who knows them today (with forgetting and presence), who does the work now (CHAOSS).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <framework/next_command.hpp>
#include <map>
#include <model/acts.hpp>
#include <model/authorship.hpp>
#include <model/file_knowledge.hpp>
#include <model/file_touches.hpp>

namespace resident {

namespace {

constexpr std::size_t kNamesShown = 10;

struct Files {
  std::vector<std::int64_t> paths;                              // that stand as of the moment
  std::size_t left_out = 0;                                     // by configuration
  std::map<std::string, std::size_t, std::less<>> marked = {};  // left out, by what .gitattributes say of them
};

Files counted_files(const Context& context, const People& people, bool counted_only) {
  ModuleMap map(context);
  const PathFilter filter(context, map);
  Files files{standing_files(context, people, map)};
  // As Avelino et al. leave out what Linguist names.
  std::erase_if(files.paths, [&](std::int64_t path) {
    const std::string_view mark = map.mark_of(path);
    if (!mark.empty()) ++files.marked[std::string(mark)];
    return !mark.empty();
  });
  if (!counted_only) return files;
  const auto before = files.paths.size();
  std::erase_if(files.paths, [&](std::int64_t path) { return !filter.counts(path); });
  files.left_out = before - files.paths.size();
  return files;
}

// "Left out by .gitattributes: 3 files generated, 10 vendored."; "" for none.
std::string marked_sentence(const Files& files) {
  std::vector<std::string> parts;
  for (const auto& [mark, count] : files.marked)
    parts.push_back(fmt::format(
        "{} {}",
        parts.empty() ? plural(static_cast<long long>(count), "file") : with_thousands(static_cast<long long>(count)),
        mark));
  return parts.empty() ? std::string() : fmt::format("Left out by .gitattributes: {}.", fmt::join(parts, ", "));
}

std::string names_of(const People& people, const std::vector<std::int64_t>& persons) {
  std::vector<std::string> names;
  for (const std::int64_t person : persons) {
    if (names.size() == kNamesShown) {
      names.push_back(fmt::format("and {} more", persons.size() - kNamesShown));
      break;
    }
    names.push_back(people.name(person));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// Commits of the year before, by person, most first.
std::vector<std::pair<double, std::int64_t>> commits_of_the_year(const Context& context, const People& people) {
  std::map<std::int64_t, double> commits;
  for (const Act& act : load_acts(context, people, context.as_of - 365 * kDay))
    commits[act.person] += act.kind == ActKind::commit;
  std::vector<std::pair<double, std::int64_t>> order;
  for (const auto& [person, count] : commits)
    if (count > 0) order.emplace_back(count, person);
  std::sort(order.begin(), order.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  return order;
}

std::vector<Cell> absence_row(const Context& context, const People& people) {
  const auto order = commits_of_the_year(context, people);
  std::vector<double> counts;
  double all = 0, theirs = 0;
  for (const auto& [count, person] : order) counts.push_back(count), all += count;
  const std::int64_t factor = absence_factor(counts);
  std::vector<std::int64_t> persons;
  for (std::int64_t i = 0; i < factor; ++i) {
    persons.push_back(order[static_cast<std::size_t>(i)].second);
    theirs += order[static_cast<std::size_t>(i)].first;
  }
  return {
      std::string("absence"), factor, all > 0 ? Cell(1 - theirs / all) : Cell(), names_of(people, persons),
      std::string("CHAOSS: the smallest number of people who made half of the commits of the last 365 days or more; "
                  "coverage: what the others made")};
}

Result steps_result(const Context& context, const People& people, const TruckFactor& factor) {
  Result result = context.result("truck_factor_steps", "One after the other",
                                 "How much of the code has an author left, after each?");
  result.columns = {{"left", "Gone", ColumnType::integer, "people"},
                    {"person", "Person"},
                    {"files", "Author of", ColumnType::integer, "files"},
                    {"coverage", "Files with an author left", ColumnType::share}};
  result.chart = {Chart::Kind::step, "left", {"coverage"}, "", "", "", "share of the files"};
  result.rows.push_back({std::int64_t{0}, std::string("nobody gone"), Cell(), factor.begin});
  std::int64_t gone = 0;
  for (const TruckStep& step : factor.steps)
    result.rows.push_back({++gone, people.name(step.person), step.files, step.coverage});
  result.claim = factor.steps.empty()
                     ? fmt::format("{:.0f} % of the files have an author by this measure.", 100 * factor.begin)
                     : fmt::format("{:.0f} % of the files have an author; without the first {}, {:.0f} %.",
                                   100 * factor.begin, plural(gone, "author"), 100 * factor.steps.back().coverage);
  result.definition = "As the row 'avelino' above; the author of most files goes first.";
  return result;
}

std::vector<Result> analyse_truck_factor(const Context& context) {
  const FileKnowledge knowledge(context);
  const People& people = knowledge.people;
  const bool counted_only = flag_argument(context, "counted");
  const Files files = counted_files(context, people, counted_only);
  const TruckFactor factor = leave_one_by_one(authored_files(context, people, files.paths), files.paths.size());
  std::vector<std::int64_t> persons;
  for (const TruckStep& step : factor.steps) persons.push_back(step.person);
  std::vector<const KnownFile*> known;
  for (const auto& [path, file] : knowledge.files) known.push_back(&file);

  Result result = context.result("truck_factor", "Truck factor", "On how few people does the code rest?");
  result.columns = {{"method", "Way of counting"},
                    {"factor", "Factor", ColumnType::integer, "people"},
                    {"coverage", "Left without them", ColumnType::share, "", "of the files, or of the commits"},
                    {"people", "Who"},
                    {"what", "What it says"}};
  const auto count = static_cast<std::int64_t>(factor.steps.size());
  result.rows.push_back(
      {std::string("avelino"), count, count > 0 ? Cell(factor.steps.back().coverage) : Cell(factor.begin),
       names_of(people, persons),
       std::string("authors of the files, whenever they wrote them, who would have to leave until fewer "
                   "than half of the files have one")});
  result.rows.push_back({std::string("knowledge"), truck_factor(known, knowledge.presence), Cell(), std::string(),
                         std::string("the same of those who are active, knowledge halved for every half-life since "
                                     "(`resident knowledge`); 0: it has come to that")});
  result.rows.push_back(absence_row(context, people));
  result.claim =
      files.paths.empty()
          ? why_no_code(context)
          : fmt::format("{} would have to leave for fewer than half of {} to have an author who wrote them.",
                        plural(count, "person", "people"), plural(static_cast<long long>(files.paths.size()), "file"));
  result.sample_size = static_cast<std::int64_t>(files.paths.size());
  result.definition =
      "avelino: G. Avelino, L. Passos, A. Hora and M. T. Valente, 'A Novel Approach for Estimating Truck Factors', "
      "ICPC 2016: "
      "degree of authorship 3.293 + 1.098 (added the file) + 0.164 × own changes − 0.321 × ln(1 + others' changes); an "
      "author "
      "has more than 0.75 of the best one's and 3.293 at least, or added it. Their program leaves out what GitHub's "
      "Linguist "
      "calls vendored or no code; here what .gitattributes mark as generated, vendored or documentation is left out, "
      "and with --counted what does not count by configuration.";
  result.method = "renames followed by name, merges left out; people as this store joins them (`resident people`)";
  if (const std::string marked = marked_sentence(files); !marked.empty()) result.notes.push_back(marked);
  if (counted_only)
    result.notes.push_back(fmt::format("{} left out: they do not count by configuration.",
                                       plural(static_cast<long long>(files.left_out), "file is", "files are")));
  result.uncertainty =
      "A count of people that is right only if they are told apart rightly, and if writing is knowing: the three ways "
      "disagree where those who wrote the code have left or do other work now.";
  return {std::move(result), steps_result(context, people, factor)};
}

}  // namespace

extern const Analysis truck_factor_analysis;
const Analysis truck_factor_analysis{
    "truck-factor",
    "Truck factor",
    "On how few people does the code rest?",
    {{"counted", "", "only files that count by configuration: no generated ones, no news, …"},
     {"half-life", "DAYS", "of knowledge, for the second way of counting"}},
    &analyse_truck_factor,
    {},
    {}};

}  // namespace resident
