// The terminal, JSON, CSV and Markdown views over what hostile people write.
#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <nlohmann/json.hpp>
#include <views/view.hpp>

#include "hostile.hpp"

namespace resident {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
  return lines;
}

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; });
}

TEST(Views, AreFoundByName) {
  EXPECT_EQ(find_view("csv").render, render_csv);
  try {
    find_view("jsno");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("json"), std::string::npos);
    EXPECT_NE(error.hint().find("csv"), std::string::npos);
  }
}

TEST(Views, RenderEveryResult) {
  Result undrawn = test::hostile_result();
  undrawn.chart = {};
  for (const View& view : views()) {
    for (const std::size_t width : {0u, 1u, 20u, 80u}) {
      const std::string text =
          view.render({undrawn, test::empty_result(), test::small_result(), Result{}}, {false, width, {}});
      EXPECT_TRUE(is_clean_text(text)) << view.name;
      const bool for_people = view.name != "json" && view.name != "csv";
      EXPECT_EQ(text.find("\xE2\x80\xAE") == std::string::npos, for_people) << view.name;
    }
    EXPECT_NO_THROW(view.render({}, {}));
  }
}

TEST(Views, RejectUnknownFields) {
  for (const View& view : views()) {
    try {
      view.render({test::small_result()}, {false, 0, {"number", "cuont"}});
      FAIL() << view.name;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_NE(std::string(error.what()).find("did you mean count"), std::string::npos) << error.what();
      EXPECT_NE(error.hint().find("number, title, count, url"), std::string::npos) << error.hint();
    }
  }
}

TEST(TerminalView, ShowsTheClaimFirst) {
  EXPECT_EQ(render_terminal({test::small_result()}, {}),
            "Small\nTwo rows.\n\n"
            " PR  Title                Count\n"
            "#12  First, \"quoted\"  1,234,567\n"
            " #7  –                        –\n"
            "\nBasis: data until 2023-12-31 · as of 2024-01-01\n");
}

TEST(TerminalView, LetsNoEscapeCodesThrough) {
  const std::string text = render_terminal({test::hostile_result()}, {false, 0, {}});
  EXPECT_FALSE(has_control(text));
  const std::string colored = render_terminal({test::small_result()}, {true, 80, {}});
  EXPECT_NE(colored.find("\x1b[1mSmall\x1b[0m"), std::string::npos);
}

TEST(TerminalView, FitsTheWidth) {
  for (const std::size_t width : {60u, 80u, 120u})
    for (const std::string& line : lines_of(render_terminal({test::hostile_result()}, {false, width, {}})))
      if (line.find('#') != std::string::npos) {
        EXPECT_LE(display_width(line), width) << line;
      }
  const std::string narrow = render_terminal({test::small_result()}, {false, 28, {}});
  EXPECT_NE(narrow.find("#12  First, \"quo…  1,234,567"), std::string::npos) << narrow;
}

Result queue_result() {
  Result result;
  result.name = "queue";
  result.title = "Queue";
  result.columns = {{"rank", "#", ColumnType::integer},
                    {"action", "Do"},
                    {"number", "Item", ColumnType::item, "", "", "url"},
                    {"title", "Title"},
                    {"why", "Why"},
                    {"waiting", "Waiting", ColumnType::duration},
                    {"author", "Author"},
                    {"labels", "Labels"},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.layout = Layout::queue;
  result.set_roles({{"action", ColumnRole::verb},
                    {"title", ColumnRole::title},
                    {"why", ColumnRole::reason},
                    {"author", ColumnRole::person},
                    {"labels", ColumnRole::label}});
  result.rows = {{std::int64_t{1}, std::string("merge"), std::int64_t{12}, std::string("A title that is rather long"),
                  std::string("ada approved it"), std::int64_t{3 * kDay}, std::string("bea"), std::string("bug, docs"),
                  std::string("https://example.org/12")},
                 {std::int64_t{2}, std::string("fix"), Cell(), std::string("CI fails"),
                  std::string("two runs in a row"), Cell(), Cell(), std::string(), std::string()}};
  return result;
}

TEST(TerminalView, GivesAQueueTwoLinesARow) {
  EXPECT_EQ(render_terminal({queue_result()}, {}),
            "Queue\n\n"
            "1  merge  #12 A title that is rather long  3.0 d\n"
            "   ada approved it · author bea · bug, docs\n"
            "2  fix    CI fails\n"
            "   two runs in a row\n");
}

TEST(TerminalView, KeepsAQueueWithinTheTerminal) {
  for (const std::size_t width : {30u, 40u, 80u})
    for (const std::string& line : lines_of(render_terminal({queue_result()}, {false, width, {}})))
      EXPECT_LE(display_width(line), width) << line;
  const std::string narrow = render_terminal({queue_result()}, {false, 40, {}});
  EXPECT_NE(narrow.find("1  merge  #12 A title that is ra…  3.0 d\n"), std::string::npos) << narrow;
}

TEST(TerminalView, ShowsAQueueAsATableWhereFieldsAreChosen) {
  EXPECT_NE(render_terminal({queue_result()}, {false, 0, {"number", "why"}}).find("Item  Why\n"), std::string::npos);
}

TEST(TerminalView, NamesColumnsThatHaveNoRoom) {
  Result result;
  result.title = "Wide";
  for (const char* name : {"Module", "Changes in one year", "People", "Experts who are here"})
    result.columns.push_back({name, name, ColumnType::integer});
  result.rows = {{std::int64_t{1}, std::int64_t{22'222}, std::int64_t{3}, std::int64_t{4}}};
  EXPECT_EQ(render_terminal({result}, {false, 26, {}}),
            "Wide\n\n"
            "        Changes in\n"
            "Module    one year  People\n"
            "     1      22,222       3\n"
            "No room for: Experts who\n"
            "  are here (a wider\n"
            "  terminal, or --format\n"
            "  csv, shows all)\n");
}

TEST(TerminalView, ExplainsWhereItIsAsked) {
  Result result = test::small_result();
  result.definition = "counted so";
  result.method = "by hand";
  result.coverage = "half is missing";
  result.evidence = {{"the rows", "SELECT 1"}};
  const std::string brief = render_terminal({result}, {});
  EXPECT_EQ(brief.find("counted so"), std::string::npos);
  EXPECT_NE(brief.find("Coverage: half is missing"), std::string::npos);
  EXPECT_NE(brief.find("--explain"), std::string::npos);
  const std::string whole = render_terminal({result}, {false, 0, {}, true});
  for (const char* each : {"Definition: counted so", "Method: by hand", "Evidence: the rows: SELECT 1"})
    EXPECT_NE(whole.find(each), std::string::npos) << each;
  EXPECT_EQ(whole.find("--explain"), std::string::npos);
}

TEST(JsonView, KeepsTheOrderOfKeys) {
  const Json json = Json::parse(render_json({test::small_result()}, {}));
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"name", "title", "question", "claim", "project", "simulated", "as_of",
                                            "data_until", "columns", "rows", "chart", "sample_size", "uncertainty",
                                            "coverage", "definition", "method", "evidence", "notes"}));
  EXPECT_EQ(json["columns"][0].dump(),
            R"({"name":"number","title":"PR","type":"item","unit":"","description":"","link":"url","hidden":false})");
  EXPECT_EQ(json["rows"][1].dump(), R"({"number":7,"title":null,"count":null,"url":null})");
  EXPECT_EQ(json["chart"].dump(), R"({"kind":"none","x":"","y":[],"series":"","low":"","high":"","y_label":""})");
  EXPECT_EQ(json["as_of"], "2024-01-01T00:00:00Z");
  EXPECT_TRUE(json["sample_size"].is_null());
}

TEST(JsonView, ListsSeveralResults) {
  EXPECT_TRUE(Json::parse(render_json({test::small_result()}, {})).is_object());
  EXPECT_EQ(Json::parse(render_json({test::small_result(), test::empty_result()}, {})).size(), 2u);
  EXPECT_EQ(Json::parse(render_json({}, {})).dump(), "[]");
}

TEST(JsonView, KeepsTheChosenFields) {
  const Json json = Json::parse(render_json({test::small_result()}, {false, 0, {"count", "number"}}));
  EXPECT_EQ(json["rows"][0].dump(), R"({"count":1234567,"number":12})");
  EXPECT_EQ(json["columns"].size(), 2u);
}

TEST(JsonView, ReadsBackWhatPeopleWrote) {
  const Json json = Json::parse(render_json({test::hostile_result()}, {}));
  EXPECT_EQ(json["rows"][0]["title"], test::kScript);
  EXPECT_EQ(json["rows"][2]["title"], test::kEscape);
  EXPECT_EQ(json["rows"][6]["title"], clean_text(test::kBadBytes));
  EXPECT_EQ(json["rows"][7]["title"].get<std::string>().size(), 10000u);
}

TEST(CsvView, FollowsRfc4180) {
  EXPECT_EQ(render_csv({test::small_result()}, {}),
            "number,title,count,url\r\n12,\"First, \"\"quoted\"\"\",1234567,https://example.org/12\r\n7,,,\r\n");
  EXPECT_EQ(render_csv({test::empty_result(), test::empty_result()}, {}),
            "number,title,count,url\r\n\r\nnumber,title,count,url\r\n");
}

TEST(CsvView, DisarmsFormulas) {
  Result result;
  result.columns = {{"text", "Text"}, {"number", "Number", ColumnType::integer}};
  for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1"})
    result.rows.push_back({std::string(text), std::int64_t{-5}});
  EXPECT_EQ(render_csv({result}, {}), "text,number\r\n'=1+1,-5\r\n'+1,-5\r\n'-1,-5\r\n'@SUM(A1),-5\r\n'\t=1,-5\r\n");
}

TEST(MarkdownView, MakesGitHubTables) {
  EXPECT_EQ(render_markdown({test::small_result()}, {}),
            "## Small\n\nTwo rows.\n\n| PR | Title | Count |\n| ---: | --- | ---: |\n"
            "| [\\#12](https://example.org/12) | First, \"quoted\" | 1,234,567 |\n| \\#7 | – | – |\n\n"
            "- Basis: data until 2023-12-31 · as of 2024-01-01\n");
}

TEST(MarkdownView, EscapesWhatPeopleWrote) {
  const std::string text = render_markdown({test::hostile_result()}, {});
  EXPECT_EQ(text.find("<script"),
            text.find("\\<script") == std::string::npos ? std::string::npos : text.find("\\<script") + 1);
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1))
    EXPECT_EQ(text[at - 1], '\\');
  EXPECT_EQ(text.find("@everyone"), std::string::npos);
  EXPECT_EQ(text.find("](javascript:"),
            text.find("\\](javascript:") == std::string::npos ? std::string::npos : text.find("\\](javascript:") + 1);
  EXPECT_NE(text.find("(https://example.org/a%28b%29%7Cc)"), std::string::npos);
  EXPECT_FALSE(has_control(text));
  // Every line of the table has the same number of cells.
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with("| ")) continue;
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    EXPECT_EQ(bars, 6u) << line.substr(0, 200);
  }
}

TEST(MarkdownView, KeepsLinesFromBecomingLists) {
  Result result = test::empty_result();
  result.claim = "12. of the month";
  EXPECT_NE(render_markdown({result}, {}).find("12\\. of"), std::string::npos);
  result.claim = "- none & nothing";
  EXPECT_NE(render_markdown({result}, {}).find("\\- none \\& nothing"), std::string::npos);
}

}  // namespace
}  // namespace resident
