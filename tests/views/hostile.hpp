// Results full of what hostile people write into titles, for the tests of all views.
#pragma once

#include <framework/result.hpp>
#include <string>

namespace resident::test {

inline const std::string kScript = "<script>alert('x')</script>";
inline const std::string kImage = "\"><img src=x onerror=alert(1)>";
inline const std::string kEscape = "\x1b[31mred\x1b]0;title\x07\x1b[2J";
inline const std::string kOverride =
    "abc\xE2\x80\xAE"
    "cba";  // U+202E
inline const std::string kPipe = "a | b `c` [d](javascript:alert(1)) @everyone";
inline const std::string kFormula = "=HYPERLINK(\"http://evil.example\",\"click\")";
inline const std::string kBadBytes = "caf\xE9 \xFF\xFE";

inline Result hostile_result() {
  Result result;
  result.name = "hostile";
  result.title = "Title " + kScript;
  result.question = kScript;
  result.claim = "Claim " + kImage + kEscape + kOverride;
  result.project = "project" + kScript;
  result.as_of = 1704067200;
  result.columns = {
      {"number", "PR", ColumnType::item, "", "", "url"},
      {"title", "Title " + kPipe},
      {"waiting", "Waiting", ColumnType::duration},
      {"share", "Share", ColumnType::share},
      {"day", "Day", ColumnType::date},
      {"url", "Address", ColumnType::url, "", "", "", true},
  };
  const std::string texts[] = {
      kScript, kImage, kEscape, kOverride, kPipe, kFormula, kBadBytes, std::string(10000, 'x'), "</script><!--"};
  std::int64_t number = 1;
  for (const std::string& text : texts)
    result.rows.push_back({number++, text, 3600.0, 0.5, std::int64_t{1704067200}, std::string("javascript:alert(1)")});
  result.rows.push_back({number, Cell{}, Cell{}, Cell{}, Cell{}, std::string("https://example.org/a(b)|c")});
  result.chart = {Chart::Kind::bar, "title", {"waiting"}, "", "", "", kScript};
  result.uncertainty = result.coverage = result.definition = result.method = kScript + kEscape;
  result.evidence = {{kScript, "SELECT '" + kScript + "'\nFROM x", "javascript:alert(1)"}};
  result.notes = {kImage, kPipe};
  return result;
}

inline Result small_result() {
  Result result;
  result.name = "small";
  result.title = "Small";
  result.claim = "Two rows.";
  result.project = "demo";
  result.as_of = 1704067200;
  result.data_until = 1704060000;
  result.columns = {{"number", "PR", ColumnType::item, "", "", "url"},
                    {"title", "Title"},
                    {"count", "Count", ColumnType::integer},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.rows = {{std::int64_t{12}, std::string("First, \"quoted\""), std::int64_t{1234567},
                  std::string("https://example.org/12")},
                 {std::int64_t{7}, Cell{}, Cell{}, Cell{}}};
  return result;
}

inline Result empty_result() {
  Result result = small_result();
  result.name = "empty";
  result.rows.clear();
  result.chart = {Chart::Kind::line, "number", {"count"}};
  return result;
}

}  // namespace resident::test
