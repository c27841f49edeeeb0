#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <views/content_hash.hpp>
#include <views/page.hpp>
#include <views/view.hpp>

#include "hostile.hpp"

namespace resident {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

// Names of the elements in a document. Text has no '<' of its own, and scripts and
// style sheets are skipped, as browsers skip them.
std::multiset<std::string> elements_of(const std::string& html) {
  std::multiset<std::string> names;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find_first_of(" >\n", at);
    const std::string name = html.substr(at + 1, end - at - 1);
    if (!name.starts_with('/')) names.insert(name);
    if (name == "script" || name == "style") at = html.find("</" + name, at);
  }
  return names;
}

TEST(ContentHash, IsSha256) {
  EXPECT_EQ(content_hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(content_hash("abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(content_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "sha256-JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
}

TEST(HtmlView, HoldsNoElementThatPeopleWrote) {
  Page page{"hostile",
            "Page " + test::kScript,
            test::kImage,
            {test::hostile_result()},
            test::kScript + "\n\n![x](http://evil.example/x.png)"};
  page.results.push_back(page.results.front());
  page.results.back().name = "today";
  const std::string html = render_document({page}, {"Title " + test::kScript});
  const std::multiset<std::string> elements = elements_of(html);
  EXPECT_EQ(elements.count("img"), 0u);
  EXPECT_EQ(elements.count("script"), 3u) << "the bundle and the data of two figures";
  EXPECT_EQ(html.find("href=\"javascript:"), std::string::npos);
  EXPECT_EQ(html.find("\x1b"), std::string::npos);
  EXPECT_EQ(html.find("src="), html.find("src=x onerror")) << "nothing but the text of the attack";
}

TEST(HtmlView, EscapesTheDataOfFigures) {
  const std::string html = render_result(test::hostile_result(), {}, 2);
  const std::string begin = "<script type=\"application/json\">";
  const std::size_t at = html.find(begin) + begin.size();
  const std::string data = html.substr(at, html.find("</script>", at) - at);
  EXPECT_EQ(data.find('<'), std::string::npos);
  const auto json = nlohmann::json::parse(data);
  const auto& columns = json["columns"];
  const auto at_title =
      std::find_if(columns.begin(), columns.end(), [](const auto& column) { return column["name"] == "title"; });
  ASSERT_NE(at_title, columns.end());
  EXPECT_EQ(json["rows"][8][static_cast<std::size_t>(at_title - columns.begin())], "</script><!--");
  for (const auto& column : columns) EXPECT_NE(column["name"], "url") << "only what is drawn";
  EXPECT_EQ(json["rows"][0].size(), columns.size());
}

TEST(HtmlView, AllowsOnlyItsOwnScript) {
  const std::string html = render_html({test::small_result()}, {});
  const std::size_t begin = html.rfind("<script>") + 8;
  const std::string script = html.substr(begin, html.rfind("</script>") - begin);
  EXPECT_EQ(count(html, "</script"), 1u);
  EXPECT_NE(html.find("script-src &#39;" + content_hash(script) + "&#39;"), std::string::npos);
  EXPECT_NE(html.find("connect-src &#39;none&#39;"), std::string::npos);
  EXPECT_EQ(html.find("unsafe-inline"), std::string::npos);
  EXPECT_EQ(html, render_html({test::small_result()}, {}));
}

TEST(HtmlView, MakesTablesThatCanBeReadAloud) {
  const std::string html = render_result(test::small_result(), {}, 2);
  EXPECT_NE(html.find("<h2>Small</h2>"), std::string::npos);
  EXPECT_LT(html.find("Two rows."), html.find("<table>"));
  EXPECT_NE(html.find("<caption>"), std::string::npos);
  EXPECT_EQ(count(html, "<th scope=\"col\""), 3u);
  EXPECT_EQ(count(html, "<th scope=\"row\""), 2u);
  EXPECT_NE(html.find("<a href=\"https://example.org/12\" rel=\"noopener noreferrer\">#12</a>"), std::string::npos);
  EXPECT_NE(html.find("How this was computed"), std::string::npos);
}

TEST(HtmlView, SaysWhatIsEmptyOrSimulated) {
  Result result = test::empty_result();
  EXPECT_EQ(render_result(result, {}, 2).find("No rows."), std::string::npos) << "the claim says it";
  result.claim.clear();
  EXPECT_NE(render_result(result, {}, 2).find("No rows."), std::string::npos);
  EXPECT_EQ(render_result(result, {}, 2).find("<figure"), std::string::npos);
  EXPECT_EQ(render_document({Page{"x", "X", "", {result}}}, {}).find("Simulated data: "), std::string::npos);
  result.simulated = true;
  EXPECT_NE(render_document({Page{"x", "X", "", {result}}}, {}).find("Simulated data: "), std::string::npos);
  EXPECT_NE(render_result(result, {}, 2).find(">simulated<"), std::string::npos);
}

TEST(HtmlView, OpensLongTablesOnDemand) {
  Result result = test::small_result();
  const auto row = result.rows.front();
  result.rows.assign(200, row);
  DocumentOptions options;
  options.most_rows = 200;
  const std::string html = render_result(result, options, 2);
  EXPECT_EQ(count(html, "<tr>"), 202u);
  EXPECT_NE(html.find("<summary>Show all 200 rows</summary>"), std::string::npos);
  EXPECT_EQ(count(html.substr(0, html.find("<details")), "<tr>"), 26u);
  EXPECT_EQ(html.find("more-rows"), std::string::npos);
}

TEST(HtmlView, HoldsSoManyRowsOfATableAndSaysWhereTheOthersAre) {
  Result result = test::small_result();
  const auto row = result.rows.front();
  result.rows.assign(1234, row);
  DocumentOptions options;
  EXPECT_EQ(count(render_result(result, options, 2), "<tr>"), 52u);
  EXPECT_NE(render_result(result, options, 2).find("The other 1,184 rows are not in this file."), std::string::npos);
  options.served = true;
  options.project = "a b";
  const std::string html = render_result(result, options, 2);
  EXPECT_NE(html.find("<summary>Show 50 rows</summary>"), std::string::npos);
  EXPECT_NE(html.find("Rows 26 to 50 of 1,234"), std::string::npos);
  EXPECT_NE(html.find("<a href=\"/table?project=a%20b&amp;name=small\">The table, 1,234 rows"), std::string::npos)
      << html;
  // On the page that it leads to, all stand open.
  options.most_rows = 500;
  EXPECT_EQ(count(render_result(result, options, 2), "<details class=\"rest\">"), 0u);
}

// What is left out of a curve's table is left out evenly, and of a series over time what is oldest.
TEST(HtmlView, ChoosesTheRowsOfACurve) {
  Result result;
  result.name = result.title = "curve";
  result.columns = {{"x", "X", ColumnType::integer}, {"y", "Y", ColumnType::number}};
  result.chart = {Chart::Kind::line, "x", {"y"}};
  for (std::int64_t i = 0; i <= 1000; ++i) result.rows.push_back({i, 0.5});
  DocumentOptions options;
  options.most_rows = 44;
  const std::string html = render_result(result, options, 2);
  EXPECT_EQ(count(html, "<tr>"), 12u);
  for (const char* x : {">0<", ">100<", ">900<", ">1,000<"}) EXPECT_NE(html.find(x), std::string::npos) << x << html;
  EXPECT_NE(html.find("11 rows of 1,001, evenly chosen"), std::string::npos);
  result.columns[0].type = ColumnType::date;
  EXPECT_NE(render_result(result, options, 2).find("Rows 991 to 1,001 of 1,001"), std::string::npos);
  // All points are drawn all the same.
  EXPECT_NE(html.find("[999,0.5],[1000,0.5]"), std::string::npos);
}

// A page draws no more points than anybody sees, and says how many there are.
TEST(HtmlView, DrawsSoManyPointsOfACurveWhereServed) {
  Result result;
  result.name = result.title = "curve";
  result.columns = {{"x", "X", ColumnType::integer}, {"y", "Y", ColumnType::number}};
  result.chart = {Chart::Kind::line, "x", {"y"}};
  for (std::int64_t i = 0; i <= 5000; ++i) result.rows.push_back({i, 0.5});
  DocumentOptions options;
  options.served = true;
  const std::string html = render_result(result, options, 2);
  EXPECT_EQ(count(html, ",0.5]"), 600u);
  EXPECT_NE(html.find("\"of\":5001"), std::string::npos);
  EXPECT_NE(html.find("[5000,0.5]"), std::string::npos);
}

TEST(HtmlView, KeepsFiguresWithTheirUnitsAndBreaksPathsAtTheirParts) {
  Result result = test::small_result();
  result.claim = "It took 2.0 d in 47 % of 3 days.";
  result.columns = {{"what", "What"}, {"share", "Share", ColumnType::share}, {"none", "None", ColumnType::number}};
  result.rows = {{std::string("tests/cache/test_ttl.py::test_bloom_filter"), 0.25, Cell()}};
  const std::string html = render_result(result, {}, 2);
  EXPECT_NE(html.find("It took 2.0\u00a0d in 47\u00a0% of 3 days."), std::string::npos) << html;
  EXPECT_NE(html.find("25.0\u00a0%"), std::string::npos);
  EXPECT_NE(html.find("tests/<wbr>cache/<wbr>test_<wbr>ttl.py::<wbr>test_<wbr>bloom_<wbr>filter"), std::string::npos);
  EXPECT_EQ(html.find("None"), std::string::npos) << "a column without a value";
}

TEST(HtmlView, MakesListsOfFewRowsOfManyColumns) {
  Result result = test::small_result();
  result.columns.clear();
  std::vector<Cell> row;
  for (int i = 0; i < 10; ++i) {
    result.columns.push_back({"c" + std::to_string(i), "C" + std::to_string(i)});
    row.emplace_back(std::string(i == 4 ? 60 : 5, 'x'));
  }
  result.rows = {row, row};
  EXPECT_NE(render_result(result, {}, 2).find("<table class=\"dense sheets\">"), std::string::npos);
  result.rows.assign(20, row);
  EXPECT_NE(render_result(result, {}, 2).find("<table class=\"dense\">"), std::string::npos);
}

TEST(ShownCell, IsWrittenAsPeopleReadItsColumn) {
  EXPECT_EQ(shown_cell(1e-20, {"p", "p", ColumnType::number}), "< 0.001");
  EXPECT_EQ(shown_cell(0.0, {"steady_p", "p", ColumnType::number}), "< 0.001");
  EXPECT_EQ(shown_cell(0.02, {"p", "p", ColumnType::number}), "0.02");
  EXPECT_EQ(shown_cell(1e-20, {"value", "Value", ColumnType::number}), "1 × 10⁻²⁰");
  EXPECT_EQ(shown_cell(0.0, {"wait", "Wait", ColumnType::duration}), "0");
  EXPECT_EQ(shown_cell(std::int64_t{1735689600}, {"year", "Year", ColumnType::date}), "2025");
  EXPECT_EQ(shown_cell(std::int64_t{1735689600}, {"day", "Day", ColumnType::date}), "2025-01-01");
  EXPECT_EQ(shown_cell(std::int64_t{1735689600}, {"period", "Year", ColumnType::date}), "2025");
  EXPECT_EQ(shown_cell(std::string(" A title "), {"title", "Title"}), "A title");
  EXPECT_EQ(shown_cell(std::string(" a comment "), {"content", "What", ColumnType::text, "", "", "", false, true}),
            " a comment ");
  EXPECT_EQ(shown_cell(std::int64_t{1489}, {"id", "Id", ColumnType::integer}), "1489");
}

TEST(HtmlView, MakesAListOfToday) {
  Result result;
  result.name = "today";
  result.title = "Today";
  result.columns = {{"rank", "Rank", ColumnType::integer},
                    {"number", "PR", ColumnType::item, "", "", "url"},
                    {"title", "Title"},
                    {"what", "What"},
                    {"why", "Why"},
                    {"waiting", "Waiting", ColumnType::duration},
                    {"author", "Author"},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.layout = Layout::queue;
  result.set_roles({{"what", ColumnRole::verb}, {"title", ColumnRole::title}, {"why", ColumnRole::reason}});
  result.rows = {{std::int64_t{1}, std::int64_t{12}, std::string("Add <b>"), std::string("Review"),
                  std::string("Because."), 7200.0, std::string("ann"), std::string("https://example.org/12")},
                 {Cell{}, Cell{}, Cell{}, Cell{}, Cell{}, Cell{}, Cell{}, Cell{}}};
  const std::string html = render_result(result, {}, 2);
  EXPECT_EQ(count(html, "<li class=\"card\">"), 2u);
  EXPECT_NE(html.find("<h3><a href=\"https://example.org/12\" rel=\"noopener noreferrer\">Add &lt;b&gt;</a> <span "
                      "class=\"item\">#12</span></h3>"),
            std::string::npos)
      << html;
  EXPECT_NE(html.find("<span class=\"key\">author</span> ann"), std::string::npos);
  EXPECT_NE(html.find("<p class=\"why\">Because.</p>"), std::string::npos);
  EXPECT_EQ(html.find("<table"), std::string::npos);
  // By verb: each under a heading that the list of verbs leads to.
  result.rows.resize(1);
  result.layout = Layout::queue_by_verb;
  const std::string by_verb = render_result(result, {}, 2);
  EXPECT_NE(by_verb.find("<a href=\"#today-Review\">Review <span class=\"count\">1</span></a>"), std::string::npos);
  EXPECT_NE(by_verb.find("<h3 class=\"verb\" id=\"today-Review\">"), std::string::npos) << by_verb;
  // How many there are, where the Result tells: not all of them stand there.
  result.columns.push_back({"in_all", "Like it", ColumnType::integer, "", "", "", true});
  result.rows.front().push_back(std::int64_t{2632});
  EXPECT_NE(render_result(result, {}, 2).find("Review <span class=\"count\">1 of 2,632</span>"), std::string::npos);
  // No thing to do is lost below the rows that are cut off: the first three of each.
  const auto row = result.rows.front();
  for (int i = 0; i < 199; ++i) result.rows.push_back(row);
  for (int i = 0; i < 5; ++i) {
    result.rows.push_back(row);
    result.rows.back()[3] = std::string("Ask"), result.rows.back()[7] = std::int64_t{5};
  }
  result.rows.back()[2] = std::string("The fifth");
  const std::string cut = render_result(result, {}, 2);
  EXPECT_NE(cut.find("<a href=\"#today-Ask\">Ask <span"), std::string::npos) << cut;
  EXPECT_EQ(count(cut, "<li class=\"card\">"), 53u);
  EXPECT_EQ(cut.find("The fifth"), std::string::npos);
}

TEST(HtmlView, PutsAllPagesIntoOneReport) {
  const std::string html =
      render_document({{"flow", "Flow", "", {test::small_result()}}, {"people", "People"}}, {"Report"});
  EXPECT_NE(html.find("<a href=\"#flow\">Flow</a>"), std::string::npos);
  EXPECT_NE(html.find("<section class=\"page\" id=\"people\">"), std::string::npos);
  EXPECT_NE(html.find("<h3>Small</h3>"), std::string::npos);
  EXPECT_EQ(html.find("/api/"), std::string::npos);
}

TEST(MarkdownAsHtml, IsSafe) {
  const std::string html = render_markdown_as_html(
      "# One\n\n### Three\n\nText <script>alert(1)</script> [bad](javascript:alert(1)) [good](https://example.org) "
      "~~no~~\n\n"
      "[![alt](http://evil.example/a.png)](https://example.org/b) ![bare](http://evil.example/c.png)\n\n| a | b |\n| - "
      "| -: |\n| 1 | 2 |\n\n<div onclick=x>\n",
      2);
  const std::multiset<std::string> elements = elements_of(html);
  EXPECT_EQ(elements.count("script") + elements.count("img") + elements.count("!--"), 0u) << html;
  EXPECT_EQ(html.find("javascript:"), std::string::npos);
  EXPECT_NE(html.find("<h2>One</h2>"), std::string::npos);
  EXPECT_NE(html.find("<h3>Three</h3>"), std::string::npos);
  EXPECT_NE(html.find("<a rel=\"noopener noreferrer\" href=\"https://example.org\">good</a>"), std::string::npos);
  EXPECT_NE(html.find("href=\"https://example.org/b\">alt</a>"), std::string::npos);
  EXPECT_NE(html.find("<del>no</del>"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"col\" align=\"right\">b</th>"), std::string::npos) << html;
  EXPECT_NE(html.find("<thead>"), std::string::npos);
}

}  // namespace
}  // namespace resident
