#include <gtest/gtest.h>

#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::kOwn;

TEST(MetricFile, ErrorsNameFileAndLine) {
  const auto message = [](std::string from, const std::string& to) {
    std::string text = kOwn;
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    try {
      parse_metric(text, "folder/own.sql");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message("", ""), "no error");
  EXPECT_EQ(message("-- title: Own", "-- titel: Own"), "folder/own.sql:2: there is no key titel");
  EXPECT_EQ(message("-- title: Own\n", ""), "folder/own.sql:1: there is no title");
  EXPECT_EQ(message("-- title: Own", "-- Own"), "folder/own.sql:2: expected `-- key: value`, found: -- Own");
  EXPECT_EQ(message("-- title: Own", "-- title:"), "folder/own.sql:2: title has no value");
  EXPECT_EQ(message("-- order: 5", "-- order: five"), "folder/own.sql:7: order is not a whole number: five");
  EXPECT_EQ(message("-- chart: bar", "-- chart: pie"), "folder/own.sql:10: there is no chart pie");
  EXPECT_EQ(message("| integer |", "| count |"), "folder/own.sql:14: there is no column type count");
  EXPECT_EQ(message("-- x: kind", "-- x: kinds"), "folder/own.sql:1: x names no column: kinds");
  EXPECT_EQ(message("-- order: 5", "-- title: Two"), "folder/own.sql:7: title is there twice");
  EXPECT_EQ(message("name: own", "name: other"), "folder/own.sql:1: the name is other, but the file is own.sql");
  EXPECT_EQ(message("SELECT kind, count(*) AS items FROM item_then GROUP BY kind ORDER BY kind;", ""),
            "folder/own.sql:1: there is no query below the front matter");
  EXPECT_EQ(message("-- page: own", "-- kind: survival\n-- page: own"),
            "folder/own.sql:1: kind survival takes one column, the group");
}

TEST(MetricFile, PartsComeBeforeTheQuery) {
  std::vector<Metric> list{
      parse_metric("-- name: a\n-- kind: part\n\nSELECT 1 AS x\n", "a.sql"),
      parse_metric("-- name: b\n-- kind: part\n-- materialized: yes\n-- uses: a\n\nSELECT x FROM a\n", "b.sql"),
      parse_metric(kOwn, "own.sql")};
  list[2].uses = {"b", "a"};
  list[2].sql = "WITH c AS (SELECT 2) SELECT * FROM b";
  compose_metrics(list);
  EXPECT_EQ(list[2].sql,
            "WITH RECURSIVE a AS (\nSELECT 1 AS x\n),\nb AS MATERIALIZED (\nSELECT x FROM a\n),\n"
            "c AS (SELECT 2) SELECT * FROM b");
  list[2].uses = {"aa"};
  EXPECT_THROW(compose_metrics(list), Error);
  list[0].uses = {"b"};
  list[2].uses = {"a"};
  EXPECT_THROW(compose_metrics(list), Error);
}

TEST(MetricFile, EveryBuiltInMetricSaysWhatItIs) {
  ASSERT_GT(metrics().size(), 10u);
  for (const auto& metric : metrics()) {
    EXPECT_NE(metric.definition.find("CHAOSS"), std::string::npos) << metric.name;
    EXPECT_TRUE(metric.source.starts_with("https://chaoss.community/")) << metric.name;
    EXPECT_NE(metric.sql.find(":project"), std::string::npos) << metric.name;
    EXPECT_NE(metric.sql.find(":as_of"), std::string::npos) << metric.name;
  }
}

}  // namespace
}  // namespace resident
