#include <gtest/gtest.h>

#include <algorithm>
#include <pugixml.hpp>
#include <tests/views/hostile.hpp>
#include <views/chart_svg.hpp>

namespace resident {
namespace {

Result weeks() {
  Result result;
  result.name = "weeks";
  result.title = "Opened and closed";
  result.claim = "More came in than went out.";
  result.columns = {{"week", "Week", ColumnType::date},
                    {"opened", "Opened", ColumnType::integer},
                    {"closed", "Closed", ColumnType::integer}};
  result.chart = {Chart::Kind::line, "week", {"opened", "closed"}, "", "", "", "items"};
  for (std::int64_t week = 0; week < 20; ++week)
    result.rows.push_back(
        {std::int64_t{1'704'067'200} + week * kWeek, week % 7, week == 5 ? Cell() : Cell(std::int64_t{3})});
  return result;
}

pugi::xml_document parsed(const std::string& svg) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(svg.c_str())) << svg.substr(0, 2000);
  return document;
}

std::size_t count(const pugi::xml_document& document, const char* path) {
  return document.select_nodes(path).size();
}

TEST(ChartSvg, ALineForEachColumn) {
  const std::string svg = chart_svg(weeks());
  const auto document = parsed(svg);
  EXPECT_EQ(count(document, "/svg/path"), 2u);
  EXPECT_STREQ(document.child("svg").child("title").text().get(), "Opened and closed");
  EXPECT_STREQ(document.child("svg").child("desc").text().get(), "More came in than went out.");
  // What is not known breaks the line.
  const std::string closed = document.select_nodes("/svg/path")[1].node().attribute("d").value();
  EXPECT_EQ(std::count(closed.begin(), closed.end(), 'M'), 2);
  EXPECT_EQ(svg, chart_svg(weeks())) << "the same bytes";
}

TEST(ChartSvg, AllPointsLieInThePicture) {
  for (const auto kind :
       {Chart::Kind::line, Chart::Kind::step, Chart::Kind::bar, Chart::Kind::area, Chart::Kind::dot}) {
    Result result = weeks();
    result.chart.kind = kind;
    const auto document = parsed(chart_svg(result, {300, 200, 6}));
    for (const auto& each : document.select_nodes("//circle")) {
      EXPECT_GE(each.node().attribute("cx").as_double(), 0);
      EXPECT_LE(each.node().attribute("cx").as_double(), 300);
      EXPECT_LE(each.node().attribute("cy").as_double(), 200);
    }
    for (const auto& each : document.select_nodes("//rect[@height]"))
      EXPECT_GE(each.node().attribute("height").as_double(), 0);
  }
}

TEST(ChartSvg, SeriesByAColumnWithABand) {
  Result result;
  result.title = "Median";
  result.columns = {{"quarter", "Quarter", ColumnType::date},
                    {"kind", "Kind", ColumnType::text},
                    {"median", "Median", ColumnType::duration},
                    {"low", "Low", ColumnType::duration},
                    {"high", "High", ColumnType::duration}};
  result.chart = {Chart::Kind::line, "quarter", {"median"}, "kind", "low", "high", "time"};
  for (std::int64_t quarter = 0; quarter < 4; ++quarter)
    for (const char* kind : {"issues", "pull requests"})
      result.rows.push_back({std::int64_t{1'704'067'200} + quarter * 91 * kDay, std::string(kind), 3.0 * kDay,
                             1.0 * kDay, quarter == 2 ? Cell() : Cell(9.0e8)});
  const auto document = parsed(chart_svg(result));
  EXPECT_EQ(count(document, "/svg/path[@fill-opacity]"), 4u) << "the band ends where a bound is not known";
  EXPECT_EQ(count(document, "/svg/path[@stroke]"), 2u);
  // An upper bound of thirty years does not press a median of three days flat.
  const std::string line = document.select_nodes("/svg/path[@stroke]")[0].node().attribute("d").value();
  EXPECT_LT(std::stod(line.substr(line.find(' ') + 1)), 330);
}

TEST(ChartSvg, HostileTextStaysText) {
  Result result = test::hostile_result();
  result.chart = {Chart::Kind::bar, "title", {"waiting"}, "", "", "", test::kScript + test::kImage};
  result.columns[2].title = test::kScript;
  const std::string svg = chart_svg(result);
  const auto document = parsed(svg);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_EQ(svg.find("<img"), std::string::npos);
  EXPECT_EQ(svg.find('\x1b'), std::string::npos);
  EXPECT_LT(svg.size(), 40'000u);
  EXPECT_EQ(count(document, "//script"), 0u);
}

TEST(ChartSvg, WhereNothingCanBeDrawnThereIsNone) {
  Result result = weeks();
  result.chart.kind = Chart::Kind::none;
  EXPECT_EQ(chart_svg(result), "");
  result = weeks();
  result.rows.clear();
  EXPECT_EQ(chart_svg(result), "");
  result = weeks();
  result.chart.x = "nowhere";
  EXPECT_EQ(chart_svg(result), "");
  result = weeks();
  for (auto& row : result.rows) row[1] = row[2] = Cell();
  EXPECT_EQ(chart_svg(result), "");
  result = weeks();
  result.rows.resize(1);
  EXPECT_NE(chart_svg(result), "");
}

TEST(ChartSvg, ALongLegendHasSeveralLines) {
  Result result = weeks();
  for (auto& column : result.columns) column.title += " in the last week of all";
  const auto document = parsed(chart_svg(result, {300, 300, 6}));
  const auto names = document.select_nodes("/svg/rect[@width='10']");
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0].node().attribute("x").as_double(), names[1].node().attribute("x").as_double());
  EXPECT_LT(names[0].node().attribute("y").as_double(), names[1].node().attribute("y").as_double());
}

TEST(ChartSvg, ThoseLeftOutAreCounted) {
  Result result = weeks();
  result.chart.y = {"opened"};
  result.chart.series = "name";
  result.columns.push_back({"name", "Name"});
  for (std::size_t i = 0; i < result.rows.size(); ++i) result.rows[i].push_back("s" + std::to_string(i % 10));
  EXPECT_NE(chart_svg(result, {720, 400, 3}).find("and 7 more"), std::string::npos);
}

}  // namespace
}  // namespace resident
