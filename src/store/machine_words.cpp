#include <fmt/format.h>

#include <store/machine_words.hpp>
#include <string>
#include <text/speech.hpp>
#include <vector>

namespace resident {

namespace {

struct Row {
  std::int64_t project = 0, item = 0;
  std::string key;
};

void mark(Database& database, const std::vector<Row>& rows, std::string_view table, std::string_view key) {
  const std::string update = fmt::format(
      "UPDATE {} SET is_command = 1 WHERE project_id = :project AND item_id = :item AND {} = :key", table, key);
  for (const Row& row : rows)
    database.execute(update, {{"project", row.project}, {"item", row.item}, {"key", row.key}});
}

}  // namespace

bool is_comment_to_machines(std::string_view body) {
  return speaks_only_to_machines(body);
}

bool is_review_to_machines(std::string_view state, std::string_view body) {
  return state == "commented" && speaks_only_to_machines(body);
}

void mark_machine_words(Database& database) {
  std::vector<Row> comments, reviews;
  for (const auto rows =
           database.query("SELECT project_id, item_id, comment_key, body FROM comment WHERE body IS NOT NULL");
       rows->next();)
    if (is_comment_to_machines(rows->text(3)))
      comments.push_back({rows->integer(0), rows->integer(1), rows->string(2)});
  for (const auto rows =
           database.query("SELECT project_id, item_id, review_key, body FROM review WHERE state = 'commented' AND body "
                          "IS NOT NULL");
       rows->next();)
    if (is_review_to_machines("commented", rows->text(3)))
      reviews.push_back({rows->integer(0), rows->integer(1), rows->string(2)});
  mark(database, comments, "comment", "comment_key");
  mark(database, reviews, "review", "review_key");
}

}  // namespace resident
