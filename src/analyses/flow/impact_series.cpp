// A table of (date, outcome, controls) as a question for placebos.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/impact.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <numeric>

namespace resident {

namespace {

// Even steps that people count in, with the seasons that may show in them.
struct StepUnit {
  const char* name;
  double least, most;  // days
  std::vector<std::size_t> seasons;
};

const std::vector<StepUnit>& step_units() {
  static const std::vector<StepUnit> list{
      {"day", 0.9, 1.5, {7}}, {"week", 6, 8, {52}}, {"month", 27, 32, {12}}, {"quarter", 88, 93, {4}}};
  return list;
}

}  // namespace

ImpactSeries impact_series(const DataTable& table, Timestamp start, std::optional<Timestamp> end) {
  if (table.names().size() < 2)
    throw Error(ErrorKind::usage, "the table has a single column", "columns: date, outcome, then controls");
  const std::size_t date = table.column("date"), outcome = table.find("outcome").value_or(date == 1 ? 0 : 1);
  ImpactSeries series;
  std::vector<std::size_t> controls;
  for (std::size_t column = 0; column < table.names().size(); ++column)
    if (column != date && column != outcome) {
      controls.push_back(column);
      series.controls.push_back(table.names()[column]);
    }
  struct Row {
    Timestamp at;
    std::vector<double> values;
  };
  std::vector<Row> rows;
  std::int64_t set_aside = table.set_aside();
  for (std::size_t i = 0; i < table.row_count(); ++i) {
    const auto at = parse_time(table.cell(i, date));
    const auto value = table_number(table.cell(i, outcome));
    Row row{at.value_or(0), {value.value_or(0)}};
    bool is_whole = at && value;
    for (const std::size_t column : controls) {
      const auto control = table_number(table.cell(i, column));
      is_whole = is_whole && control;
      row.values.push_back(control.value_or(0));
    }
    if (is_whole && (!end || *at < *end))
      rows.push_back(std::move(row));
    else if (!is_whole)
      ++set_aside;
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.at < b.at; });
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].at == rows[i - 1].at)
      throw Error(ErrorKind::usage, fmt::format("{} stands there twice", format_date(rows[i].at)), "one row a date");
  series.question.controls.resize(controls.size());
  for (const Row& row : rows) {
    series.at.push_back(row.at);
    series.question.outcome.push_back(row.values[0]);
    for (std::size_t k = 0; k < controls.size(); ++k) series.question.controls[k].push_back(row.values[k + 1]);
    series.question.start += row.at < start;
  }
  series.unit = "step";
  std::vector<double> steps;
  for (std::size_t i = 1; i < rows.size(); ++i)
    steps.push_back(static_cast<double>(rows[i].at - rows[i - 1].at) / kDay);
  if (!steps.empty()) {
    auto sorted = steps;
    std::sort(sorted.begin(), sorted.end());
    const double usual = sorted[sorted.size() / 2];
    for (const auto& unit : step_units())
      if (usual >= unit.least && usual <= unit.most) {
        series.unit = unit.name;
        series.question.seasons = unit.seasons;
      }
    const auto gaps = std::count_if(steps.begin(), steps.end(), [&](double each) { return each > 1.5 * usual; });
    if (gaps > 0)
      series.notes.push_back(fmt::format("{} in the dates; the rows are taken as following each other.",
                                         plural(static_cast<long long>(gaps), "gap is", "gaps are")));
  }
  if (set_aside > 0)
    series.notes.push_back(fmt::format("{} set aside: a date or a number is missing.",
                                       plural(static_cast<long long>(set_aside), "row was", "rows were")));
  return series;
}

}  // namespace resident
