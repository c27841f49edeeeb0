#include <gtest/gtest.h>

#include <base/error.hpp>
#include <sources/jira/jira_objects.hpp>
#include <sources/jira/jira_table.hpp>
#include <sources/jira/jira_text.hpp>
#include <sources/source.hpp>

namespace resident {
namespace {

using Lines = std::vector<std::string>;

std::string document(const std::string& content) {
  json::Parser parser;
  return jira::text_of_document(json::parse(parser, R"({"type":"doc","version":1,"content":[)" + content + "]}"));
}

TEST(JiraText, DocumentsBecomePlainTextWithQuotesAndCodeMarked) {
  EXPECT_EQ(
      document(
          R"({"type":"paragraph","content":[{"type":"text","text":"See "},{"type":"text","text":"this","marks":[{"type":"link","attrs":{"href":"https://x.example"}}]},{"type":"text","text":", "},{"type":"mention","attrs":{"id":"1","text":"@Ann"}},{"type":"hardBreak"},{"type":"text","text":"run","marks":[{"type":"code"}]}]},
             {"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"Why?"}]},{"type":"paragraph","content":[{"type":"text","text":"How?"}]}]},
             {"type":"codeBlock","content":[{"type":"text","text":"a\nb"}]},
             {"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"one"}]}]},{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"two"}]}]}]})"),
      "See this <https://x.example>, @Ann\n`run`\n\n> Why?\n> \n> How?\n\n```\na\nb\n```\n\n- one\n- two");
  EXPECT_EQ(
      document(R"({"type":"unheard of","content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]})"),
      "x");
  EXPECT_EQ(document(R"({"type":"paragraph"},7,null)"), "");
}

TEST(JiraText, WikiMarkup) {
  EXPECT_EQ(
      jira::text_of_wiki(
          "h2. Steps\r\nAs [~ann] says in [the guide|https://x.example|t]:\r\n"
          "{code:java}\nint [a|b];\n{code}\n{quote}It fails{quote}\nbq. So it does\n{color:red}no{color}"),
      "Steps\nAs @ann says in the guide <https://x.example>:\n```\nint [a|b];\n```\n> It fails\n> So it does\nno");
  EXPECT_EQ(jira::text_of_wiki("{noformat}x{noformat} and y"), "```\nx\n```\n and y");
  EXPECT_EQ(jira::text_of_wiki("{code}\nnever closed"), "```\nnever closed\n```");
  EXPECT_EQ(jira::text_of_wiki("{quote}\na\n\nb\n{quote}\nc"), "> a\n\n> b\n\nc");
}

TEST(Jira, MomentsHaveZonesWithoutAColon) {
  EXPECT_EQ(jira::parse_moment("2024-03-01T09:00:00.000+0000"), 1709283600);
  EXPECT_EQ(jira::parse_moment("2024-03-01T09:00:00.126-0530"), 1709283600 + 5 * 3600 + 1800);
  EXPECT_EQ(jira::parse_moment("2024-03-01"), 1709251200);
  EXPECT_EQ(jira::parse_moment("01/Mar/24"), std::nullopt);
}

TEST(Jira, KeysAreNumbersOfTheirProjectAlone) {
  EXPECT_EQ(jira::number_of("KAFKA-12", "KAFKA"), 12);
  for (const char* key : {"KAFKA2-12", "KAFKA-", "KAFKA-0", "KAFKA-12x", "OTHER-12", "", "KAFKA-99999999999999999999"})
    EXPECT_EQ(jira::number_of(key, "KAFKA"), 0) << key;
}

TEST(Jira, PeopleOfServerAndCloudAndThoseWhoLeft) {
  json::Parser parser;
  const json::Object all(
      json::parse(parser, R"({"a":{"name":"ann","displayName":"Ann","emailAddress":"ann at x dot org"},
      "b":{"accountId":"5b10","displayName":"Bob","accountType":"atlassian"},"c":{"accountId":"unknown","displayName":"Former user"},
      "d":{"accountId":"9","displayName":"Bot","accountType":"app"},"e":{"name":"eve@x.example","displayName":"Eve"}})"),
      "people");
  const auto who = [&](const char* key) { return jira::person(all.object(key), "jira:x"); };
  EXPECT_EQ(who("a").login, "ann");
  EXPECT_EQ(who("a").email, "");
  EXPECT_EQ(who("b").login, "5b10");
  EXPECT_FALSE(who("c").known());
  EXPECT_EQ(who("d").account_type, "Bot");
  EXPECT_EQ(who("e").login, "eve");
  EXPECT_EQ(who("e").email, "eve@x.example");
  EXPECT_EQ(who("e").account_key, "eve@x.example") << "the login that is shown may be another one's, too";
  EXPECT_EQ(who("a").account_key, "");
}

ItemRecord issue(const std::string& fields, const std::string& histories = "") {
  json::Parser parser;
  jira::Settings settings{
      "jira:x", "https://x", "K", {{"1", true}, {"Open", true}, {"5", false}, {"Resolved", false}}, {}};
  const std::string text = R"({"key":"K-7","fields":{"summary":"s","created":"1970-01-01T00:00:10.000+0000",)"
                           R"("updated":"1970-01-01T00:01:40.000+0000",)" +
                           fields + R"(},"changelog":{"histories":[)" + histories + "]}}";
  return jira::issue(json::Object(json::parse(parser, text), "issue"), {}, {}, settings,
                     [](const std::string& place, const std::string& why) { ADD_FAILURE() << place << ": " << why; });
}

std::string change(int id, int at, const std::string& items) {
  return R"({"id":")" + std::to_string(id) + R"(","created":"1970-01-01T00:00:)" + std::to_string(at) +
         R"(.000+0000","author":{"name":"ann","displayName":"Ann"},"items":[)" + items + "]}";
}

Lines kinds(const ItemRecord& item, const std::string& with) {
  Lines result;
  for (const auto& event : item.events)
    if (event.kind.find(with) != std::string::npos)
      result.push_back(event.kind + (event.is_derived ? "?" : "") + " @" +
                       std::to_string(event.occurred_at.value_or(-1)));
  return result;
}

TEST(Jira, AnIssueIsOpenByItsStatusCategoryAndNotByItsResolution) {
  const auto reopened =
      issue(R"("status":{"id":"1","name":"Open","statusCategory":{"key":"new"}},"resolution":{"name":"Fixed"})");
  EXPECT_EQ(reopened.state, "open");
  EXPECT_FALSE(reopened.closed_at);
  const auto closed =
      issue(R"("status":{"id":"5","name":"Resolved","statusCategory":{"key":"done"}},"resolution":null,)"
            R"("resolutiondate":"1970-01-01T00:00:30.000+0000")");
  EXPECT_EQ(closed.state, "closed");
  EXPECT_EQ(closed.closed_at, 30);
  EXPECT_EQ(kinds(closed, "close"), Lines{"closed? @30"});
}

TEST(Jira, ChangesComeInAnyOrderAndOnce) {
  const std::string first =
      change(1, 20, R"({"field":"status","from":"1","fromString":"Open","to":"5","toString":"Resolved"})");
  const std::string second =
      change(2, 40, R"({"field":"status","from":"5","fromString":"Resolved","to":"1","toString":"Open"})");
  const auto item =
      issue(R"("status":{"id":"1","name":"Open","statusCategory":{"key":"new"}})", second + "," + first + "," + second);
  EXPECT_EQ(kinds(item, "o"), (Lines{"closed @20", "reopened @40"}));
}

TEST(Jira, AStatusMayMeanSomethingElseToday) {
  // "Resolved" is open today; the issue went there when it closed.
  const auto item =
      issue(R"("status":{"id":"5","name":"Resolved","statusCategory":{"key":"indeterminate"}})",
            change(1, 20, R"({"field":"status","from":"1","fromString":"Open","to":"5","toString":"Resolved"})"));
  EXPECT_EQ(item.state, "open");
  EXPECT_EQ(kinds(item, "o"), (Lines{"closed @20", "reopened? @100"}));
}

TEST(Jira, SilentChangesAreDerived) {
  const auto item =
      issue(R"("status":{"id":"1","name":"Open","statusCategory":{"key":"new"}},"priority":{"name":"Minor"})",
            change(1, 20, R"({"field":"priority","from":"2","fromString":"Major","to":"1","toString":"Blocker"})"));
  EXPECT_EQ(kinds(item, "label"), (Lines{"unlabeled @20", "labeled @20", "unlabeled? @100", "labeled? @100"}));
}

std::optional<Timestamp> moment(const std::string& cell, const Lines& others = {}) {
  Lines cells = others;
  cells.push_back(cell);
  return jira::TableMoments(cells).read(cell);
}

TEST(JiraTable, MomentsInManyForms) {
  const Timestamp afternoon = 1532993580;  // 2018-07-30 23:33
  EXPECT_EQ(moment("30/Jul/18 23:33"), afternoon);
  EXPECT_EQ(moment("30/Jul/18 11:33 PM"), afternoon);
  EXPECT_EQ(moment("30/juil./18 23:33"), afternoon);
  EXPECT_EQ(moment("2018-07-30 23:33"), afternoon);
  EXPECT_EQ(moment("2018-07-30T23:33:00.000+0000"), afternoon);
  EXPECT_EQ(moment("30.07.2018 23:33"), afternoon);
  EXPECT_EQ(moment("7/30/2018 23:33"), afternoon);
  EXPECT_EQ(moment("01/Jan/18 12:05 AM"), 1514765100);
  EXPECT_EQ(moment("7/8/2018 23:33", {"7/30/2018 23:33"}), 1531092780) << "as the others are";
  EXPECT_EQ(moment(""), std::nullopt);
  EXPECT_THROW(moment("7/8/2018 23:33"), Error) << "either";
  EXPECT_THROW(moment("7/30/2018 23:33", {"30/7/2018 23:33"}), Error) << "both";
  EXPECT_THROW(moment("30/Foo/18 23:33"), Error);
  EXPECT_THROW(moment("31/Feb/18 23:33"), Error);
}

TEST(JiraTable, ColumnsThatComeOften) {
  const auto issues = jira::table_issues(
      "Summary,Issue key,Created,Labels,Labels,Comment,Comment\nA,K-1,01/Mar/24 9:00,a,b,\"01/Mar/24 "
      "9:00;ann;x;y\",\n");
  ASSERT_EQ(issues.size(), 1U);
  EXPECT_EQ(issues[0].key, "K-1");
  EXPECT_NE(issues[0].json.find(R"("labels":["a","b"])"), std::string::npos) << issues[0].json;
  EXPECT_NE(issues[0].json.find(R"("body":"x;y")"), std::string::npos) << issues[0].json;
  EXPECT_THROW(jira::table_issues("Zusammenfassung,Schlüssel\nA,K-1\n"), Error);
  EXPECT_THROW(jira::table_issues("a,b\n1\n"), Error);
}

TEST(JiraTable, AnOddCellIsItsRowsAlone) {
  const auto issues = jira::table_issues(
      "Summary,Issue key,Created,Resolved,Comment,Comment\nA,K-1,01/Mar/24 9:00,,note; with; semicolons,a note\n"
      "B,K-2,01/Mar/24 9:00,some day,,\nC,K-3,01/Mar/24 9:00,,01/Mar/24 9:00;ann;x,\n");
  ASSERT_EQ(issues.size(), 3U);
  EXPECT_EQ(issues[0].problem, "");
  EXPECT_EQ(issues[1].problem.substr(0, 26), "row 3: some day is no mome") << issues[1].problem;
  std::vector<std::string> problems;
  const auto read = [&](const std::string& text) {
    json::Parser parser;
    jira::Settings settings;
    settings.key = "K";
    return jira::issue(json::Object(json::parse(parser, text), "issue"), {}, {}, settings,
                       [&](const std::string& place, const std::string&) { problems.push_back(place); });
  };
  EXPECT_TRUE(read(issues[0].json).comments.empty());
  EXPECT_EQ(problems, (Lines{"comments/0", "comments/1"})) << "each is set aside by itself";
  EXPECT_EQ(read(issues[2].json).comments.size(), 1U);
}

TEST(Jira, PlacesAreWrittenInManyWays) {
  const auto& kind = find_source_kind("jira");
  for (const char* text :
       {"https://issues.example.org/jira/projects/kafka", "https://issues.example.org/jira/browse/KAFKA-12",
        "issues.example.org/jira/projects/KAFKA/issues/KAFKA-12?filter=x"})
    EXPECT_EQ(kind.normal_location(text), "https://issues.example.org/jira/projects/KAFKA") << text;
  EXPECT_EQ(kind.normal_location("https://x.atlassian.net/jira/software/c/projects/ABC/boards/1"),
            "https://x.atlassian.net/projects/ABC");
  EXPECT_EQ(kind.project_name("https://x.example/projects/ABC"), "abc");
  for (const char* text : {"https://x.example/jira", "https://x.example/projects/A%20B"})
    EXPECT_THROW(kind.normal_location(text), Error) << text;
}

}  // namespace
}  // namespace resident
