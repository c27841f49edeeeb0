#include <fmt/format.h>

#include <store/read/stored_project.hpp>
#include <store/read/stored_threads.hpp>

namespace resident {

std::vector<std::int64_t> open_threads(Writer& writer) {
  std::vector<std::int64_t> numbers;
  for (const auto rows = writer.database().query(
           "SELECT number FROM thread WHERE project_id = :project AND source_id = :source AND closed_at IS NULL",
           source_parameters(writer));
       rows->next();)
    numbers.push_back(rows->integer(0));
  return numbers;
}

void close_thread(Writer& writer, std::int64_t number, Timestamp at) {
  writer.flush();
  Parameters parameters = source_parameters(writer);
  parameters.emplace_back("number", number);
  parameters.emplace_back("at", at);
  writer.database().execute(
      "UPDATE thread SET closed_at = :at WHERE project_id = :project AND source_id = :source AND number = :number",
      parameters);
}

void each_post(Writer& writer, const std::function<void(const std::string&, const std::string&)>& take) {
  for (const auto rows = writer.database().query(
           "SELECT thread_key, post_key FROM post WHERE project_id = :project AND source_id = :source",
           source_parameters(writer));
       rows->next();)
    take(rows->string(0), rows->string(1));
}

void drop_threads_but(const std::unordered_set<std::string>& current, Writer& writer) {
  writer.flush();
  std::vector<std::string> gone;
  for (const auto rows =
           writer.database().query("SELECT thread_key FROM thread WHERE project_id = :project AND source_id = :source",
                                   source_parameters(writer));
       rows->next();)
    if (!current.contains(rows->string(0))) gone.push_back(rows->string(0));
  for (const auto& key : gone) {
    Parameters parameters = source_parameters(writer);
    parameters.emplace_back("key", key);
    for (const std::string_view table : {"post", "thread"})
      writer.database().execute(
          fmt::format("DELETE FROM {} WHERE project_id = :project AND source_id = :source AND thread_key = :key",
                      table),
          parameters);
    writer.forget("thread/" + key);
  }
}

void each_patch_mail(Writer& writer, const std::function<void(std::int64_t, const std::string&)>& take) {
  for (const auto rows = writer.database().query(
           "SELECT item_id, mail_key FROM patch_mail WHERE project_id = :project AND source_id = :source",
           source_parameters(writer));
       rows->next();)
    take(rows->integer(0), rows->string(1));
}

std::vector<std::int64_t> stored_series(Writer& writer) {
  std::vector<std::int64_t> items;
  for (const auto rows = writer.database().query(
           "SELECT item_id FROM patch_series WHERE project_id = :project AND source_id = :source",
           source_parameters(writer));
       rows->next();)
    items.push_back(rows->integer(0));
  return items;
}

void each_payload(Writer& writer, const std::string& prefix,
                  const std::function<void(std::string_view, const std::string&)>& take) {
  Parameters parameters = source_parameters(writer);
  parameters.emplace_back("prefix", prefix + "%");
  for (const auto rows = writer.database().query(
           "SELECT payload, fingerprint FROM source_record WHERE project_id = :project AND source_id = :source AND "
           "record LIKE :prefix AND payload IS NOT NULL",
           parameters);
       rows->next();)
    take(std::get<Blob>(rows->value(0)).bytes, rows->string(1));
}

std::optional<std::string> stored_text(Writer& writer, const std::string& key) {
  Parameters parameters = source_parameters(writer);
  parameters.emplace_back("key", key);
  return writer.database().text(
      "SELECT COALESCE(body, '') FROM post WHERE project_id = :project AND source_id = :source AND post_key = :key "
      "UNION ALL SELECT COALESCE(body, '') FROM comment WHERE project_id = :project AND source_id = :source AND "
      "comment_key = :key UNION ALL SELECT COALESCE(body, '') FROM review WHERE project_id = :project AND source_id = "
      ":source AND review_key = :key",
      parameters);
}

}  // namespace resident
