#include <gtest/gtest.h>

#include <random>
#include <tests/model/lines_fixture.hpp>

namespace resident {

extern const Analysis ownership_analysis, survival_analysis, burndown_analysis, knowledge_analysis;

namespace {

using namespace test;

class LinesAsOfTest : public LinesTest {};

INSTANTIATE_TEST_SUITE_P(Engines, LinesAsOfTest, testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return engine.param; });

// Lines of files that come and go at random: told as of a moment from the whole history,
// they are as told by the store that was never told the rest.
TEST_P(LinesAsOfTest, TheWholeHistoryTellsAPastMomentAsTheStoreOfThenDid) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t limit) { return static_cast<std::int64_t>(random() % limit); };
  const Timestamp moment = at("2023-04-01");
  const char* people[] = {"ann", "bob", "cat", "dan", "dependabot[bot]"};
  struct Life {
    std::int64_t file, number;
    Timestamp born, died;  // died 0: stands
    std::int64_t lines;
  };
  std::vector<Life> lives;
  History whole;
  for (int number = 0; number < 60; ++number) {
    const std::string name = people[below(5)];
    auto record = commit(0, name, name + "@users.noreply.github.com", at("2021-01-01") + number * 21 * kDay);
    record.sha = fingerprint(std::to_string(number));
    for (std::int64_t file = 0; file < 12; ++file) {
      if (number > 0 && below(4) != 0) continue;
      record.changes.push_back(change(("d" + std::to_string(file % 3) + "/f" + std::to_string(file)).c_str(),
                                      number == 0 ? 'A' : 'M', static_cast<int>(below(90))));
      const Timestamp died = record.committed_at + below(1000) * kDay;
      lives.push_back({file, number, record.committed_at, died < at("2024-06-01") ? died : 0, 1 + below(20)});
    }
    whole.commits.push_back(record);
  }
  const auto fill_lines = [&](Timestamp until_then) {
    std::vector<std::vector<Value>> owners, deaths;
    std::map<std::vector<std::int64_t>, std::int64_t> dead;
    const auto line_path = [&](std::int64_t file) {
      return path("d" + std::to_string(file % 3) + "/f" + std::to_string(file));
    };
    for (const Life& each : lives) {
      if (each.born >= until_then) continue;
      const std::string sha = fingerprint(std::to_string(each.number));
      const std::int64_t writer =
          id("SELECT author_id FROM git_commit WHERE project_id = :project AND sha = :text", sha);
      if (each.died != 0 && each.died < until_then) {
        dead[{line_path(each.file), writer, month_number(each.born), month_number(each.died)}] += each.lines;
      } else {
        owners.push_back({project_, line_path(each.file),
                          id("SELECT commit_id FROM git_commit WHERE project_id = :project AND sha = :text", sha),
                          writer, each.born, each.lines});
      }
    }
    for (const auto& [key, lines] : dead) deaths.push_back({project_, key[0], key[1], key[2], key[3], lines});
    database_->insert(
        {"line_owner", {"project_id", "path_id", "commit_id", "author_id", "born_at", "lines"}, {}, OnConflict::fail},
        owners);
    database_->insert({"line_death",
                       {"project_id", "path_id", "author_id", "born_month", "died_month", "lines"},
                       {},
                       OnConflict::fail},
                      deaths);
    database_->execute("UPDATE path SET in_head = 1 WHERE project_id = :project", {{"project", project_}});
  };
  project_ = write(*database_, "small", whole);
  fill_lines(kForever);
  std::int64_t rest = project_;
  History past = until(whole, moment - 1);
  project_ = write(*database_, "past", past);
  ASSERT_NE(project_, rest);
  fill_lines(moment);
  using Arguments = std::map<std::string, std::string>;
  const std::pair<const Analysis*, Arguments> asked[] = {{&ownership_analysis, {}},
                                                         {&ownership_analysis, {{"by", "module"}}},
                                                         {&ownership_analysis, {{"by", "file"}}},
                                                         {&burndown_analysis, {}},
                                                         {&burndown_analysis, {{"by", "author"}}},
                                                         {&survival_analysis, {}},
                                                         {&survival_analysis, {{"by", "module"}}},
                                                         {&knowledge_analysis, {}},
                                                         {&knowledge_analysis, {{"path", "d1"}}}};
  for (const auto& [analysis, arguments] : asked) {
    std::vector<std::string> tables;
    for (const char* project : {"small", "past"}) {
      Context context = open_context(*database_, Config(), project, moment, kForever);
      context.arguments = arguments;
      std::string text;
      for (const auto& result : analysis->run(context))
        for (const auto& row : result.rows) {
          for (std::size_t i = 0; i < row.size(); ++i) {
            // What was removed since is known by the month it was written in.
            const bool is_month = result.columns[i].name == "oldest" || result.columns[i].name == "newest";
            text += raw_cell(row[i], result.columns[i].type).substr(0, is_month ? 7 : 40) + " ";
          }
          text += "\n";
        }
      tables.push_back(text);
    }
    EXPECT_GT(tables[0].size(), 100u) << analysis->name;
    EXPECT_EQ(tables[0], tables[1]) << analysis->name;
  }
}

}  // namespace
}  // namespace resident
