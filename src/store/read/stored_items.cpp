#include <charconv>
#include <store/read/stored_items.hpp>
#include <store/read/stored_project.hpp>
#include <store/summaries.hpp>

namespace resident {

namespace {

PersonRecord account(const Rows& row, std::size_t column, const std::string& provider) {
  PersonRecord person;
  person.provider = provider;
  person.account_id = row.optional_integer(column);
  person.login = row.string(column + 1);
  person.name = row.string(column + 2);
  person.account_type = row.string(column + 3);
  return person;
}

}  // namespace

std::vector<StoredItem> stored_items(Writer& writer) {
  std::vector<StoredItem> items;
  for (const auto rows = writer.database().query(
           "SELECT i.number, i.kind, i.state, i.updated_at FROM item i WHERE i.project_id = :project AND i.source_id = "
           ":source AND NOT EXISTS (SELECT 1 FROM item_tombstone t WHERE t.project_id = i.project_id AND t.item_id = "
           "i.item_id) ORDER BY i.number",
           source_parameters(writer));
       rows->next();)
    items.push_back(
        {rows->integer(0), rows->text(1) == "pull", rows->string(2), rows->optional_integer(3).value_or(0)});
  return items;
}

std::map<std::int64_t, Timestamp> item_updates(Writer& writer, bool is_pull) {
  std::map<std::int64_t, Timestamp> updates;
  Parameters parameters = source_parameters(writer);
  parameters.emplace_back("kind", std::string(is_pull ? "pull" : "issue"));
  for (const auto rows = writer.database().query(
           "SELECT number, updated_at FROM item WHERE project_id = :project AND source_id = :source AND kind = :kind",
           parameters);
       rows->next();)
    updates.emplace(rows->integer(0), rows->integer(1));
  return updates;
}

std::set<std::int64_t> buried_items(Writer& writer) {
  std::set<std::int64_t> items;
  for (const auto rows = writer.database().query(
           "SELECT item_id FROM item_tombstone WHERE project_id = :project AND source_id = :source",
           source_parameters(writer));
       rows->next();)
    items.insert(rows->integer(0));
  return items;
}

void unbury(Writer& writer, std::int64_t item_id) {
  writer.flush();
  touch_items(writer.database(), writer.project_id(), {item_id});
  writer.database().execute("DELETE FROM item_tombstone WHERE project_id = :project AND item_id = :item",
                            {{"project", writer.project_id()}, {"item", item_id}});
}

std::set<std::int64_t> numbers_set_aside(Writer& writer, const std::string& prefix) {
  std::set<std::int64_t> numbers;
  Parameters parameters = source_parameters(writer);
  parameters.emplace_back("prefix", prefix + "%");
  for (const auto rows = writer.database().query(
           "SELECT record FROM quarantine WHERE project_id = :project AND source_id = :source AND record LIKE :prefix",
           parameters);
       rows->next();) {
    const std::string record = rows->string(0);
    std::int64_t number = 0;
    const char* end = record.data() + record.size();
    const auto read = std::from_chars(record.data() + prefix.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number > 0) numbers.insert(number);
  }
  return numbers;
}

std::map<std::string, std::int64_t> items_by_head(Writer& writer) {
  std::map<std::string, std::int64_t> items;
  for (const auto rows = writer.database().query(
           "SELECT sha, item_id FROM item_commit WHERE project_id = :project AND source_id = :source AND relation = "
           "'head' ORDER BY item_id",
           source_parameters(writer));
       rows->next();)
    items[rows->string(0)] = rows->integer(1);
  return items;
}

std::optional<std::int64_t> item_with_head(Writer& writer, const std::string& sha) {
  return writer.database().integer(
      "SELECT max(item_id) FROM item_commit WHERE project_id = :project AND sha = :sha AND relation = 'head'",
      {{"project", writer.project_id()}, {"sha", sha}});
}

std::int64_t inline_comment_count(Writer& writer) {
  return writer.database()
      .integer("SELECT count(*) FROM comment WHERE project_id = :project AND source_id = :source AND kind = 'inline'",
               source_parameters(writer))
      .value_or(0);
}

std::vector<std::pair<std::int64_t, std::string>> inline_comments(Writer& writer) {
  std::vector<std::pair<std::int64_t, std::string>> comments;
  for (const auto rows = writer.database().query(
           "SELECT item_id, comment_key FROM comment WHERE project_id = :project AND source_id = :source AND kind = "
           "'inline'",
           source_parameters(writer));
       rows->next();)
    comments.emplace_back(rows->integer(0), rows->string(1));
  return comments;
}

std::vector<EventRecord> attention_events(Writer& writer, std::int64_t item_id, const std::string& provider) {
  std::vector<EventRecord> events;
  Parameters parameters = source_parameters(writer);
  parameters.emplace_back("item", item_id);
  for (const auto rows = writer.database().query(
           "SELECT e.event_key, e.kind, e.occurred_at, e.detail, s.account_id, s.login, s.name, s.account_type, "
           "a.account_id, a.login, a.name, a.account_type FROM event e JOIN identity s ON s.project_id = "
           "e.project_id AND s.identity_id = e.subject_id LEFT JOIN identity a ON a.project_id = e.project_id AND "
           "a.identity_id = e.actor_id WHERE e.project_id = :project AND e.item_id = :item AND e.source_id = :source "
           "AND e.kind IN ('attention_added', 'attention_removed') ORDER BY e.position",
           parameters);
       rows->next();) {
    EventRecord& event = events.emplace_back();
    event.key = rows->string(0);
    event.kind = rows->string(1);
    event.occurred_at = rows->optional_integer(2);
    event.detail = rows->string(3);
    event.subject = account(*rows, 4, provider);
    event.actor = account(*rows, 8, provider);
  }
  return events;
}

bool was_converted(Writer& writer, std::int64_t item_id) {
  return writer.database()
      .integer(
          "SELECT 1 FROM event WHERE project_id = :project AND item_id = :item AND kind = "
          "'converted_to_discussion'",
          {{"project", writer.project_id()}, {"item", item_id}})
      .has_value();
}

std::string validator_of(Writer& writer, const std::string& url) {
  Parameters parameters = source_parameters(writer);
  parameters.emplace_back("url", url);
  return writer.database()
      .text("SELECT etag FROM http_validator WHERE project_id = :project AND source_id = :source AND url = :url",
            parameters)
      .value_or("");
}

void keep_validators(Writer& writer, const std::map<std::string, std::string>& by_url) {
  for (const auto& [url, etag] : by_url)
    writer.database().insert({"http_validator",
                              {"project_id", "source_id", "url", "etag", "last_modified"},
                              {"project_id", "source_id", "url"}},
                             {{writer.project_id(), writer.source_id(), url, text_or_null(etag), Value()}});
}

}  // namespace resident
