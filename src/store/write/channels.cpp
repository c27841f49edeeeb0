// What a live forge and channels give beside items and commits: threads, releases,
// tombstones, owners of code, and a cursor for each stream.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/text.hpp>
#include <base/url.hpp>
#include <store/write/tables.hpp>
#include <store/writer.hpp>

namespace resident {

void Writer::thread(const ThreadRecord& record) {
  const std::string key = text(record.key, 300);
  deletions_.push_back("post\n" + key);
  flush();
  Value is_question;
  if (record.is_question) is_question = static_cast<std::int64_t>(*record.is_question ? 1 : 0);
  const Value author = identity_value(record.author);
  add(table("thread"), project_id_, key, source_id_, text(record.kind, 60), text(record.channel, 300),
      value_of(record.number), text(blank_emails(record.title), 1000), author, record.created_at,
      value_of(record.updated_at), value_of(record.closed_at), value_of(record.answered_at),
      text_or_null(text(record.answer_key, 300)), is_question,
      text_or_null(text(fmt::format("{}", fmt::join(record.tags, ",")), 1000)),
      text_or_null(clean_url(text(record.url, 1000))));
  std::int64_t position = 0;
  for (const auto& post : record.posts) {
    const Value poster = identity_value(post.author);
    add(table("post"), project_id_, key, text(post.key, 300), source_id_, position++, poster, post.created_at,
        value_of(post.updated_at), text_or_null(text(blank_emails(post.body))), text_or_null(text(post.reply_to, 300)));
    data_until(post.created_at);
  }
  data_until(record.created_at);
  if (pending_ > 50000) flush();
}

void Writer::release(const ReleaseRecord& record) {
  add(table("forge_release"), project_id_, text(record.key, 200), source_id_, text(record.tag, 300),
      text_or_null(text(record.name, 1000)), text_or_null(text(record.body)), identity_value(record.author),
      static_cast<std::int64_t>(record.is_draft), static_cast<std::int64_t>(record.is_prerelease),
      value_of(record.created_at), value_of(record.published_at), text_or_null(clean_url(text(record.url, 1000))));
  if (record.published_at) data_until(*record.published_at);
}

void Writer::tombstone(const TombstoneRecord& record) {
  add(table("item_tombstone"), project_id_, record.item_id, source_id_, text(record.reason, 60),
      text_or_null(text(record.target, 1000)), record.noticed_at);
  flush();
  const Parameters item{{"project", project_id_}, {"item", record.item_id}};
  Parameters noticed = item;
  noticed.emplace_back("at", record.noticed_at);
  database_.execute(
      "UPDATE item_interval SET closed_at = CASE WHEN opened_at > :at THEN opened_at ELSE :at END WHERE project_id = "
      ":project AND item_id = :item AND closed_at IS NULL",
      noticed);
  ++changed_;
}

void Writer::codeowners(const std::vector<CodeownerRecord>& records) {
  deletions_.push_back("codeowner\n");
  flush();
  for (const auto& record : records)
    add(table("codeowner"), project_id_, source_id_, record.line, text(record.pattern, 1000),
        text(blank_emails(fmt::format("{}", fmt::join(record.owners, " "))), 2000));
}

std::optional<std::string> Writer::stream_cursor(const std::string& stream) const {
  return database_.text(
      "SELECT cursor FROM source_stream WHERE project_id = :project AND source_id = :source AND stream = :stream",
      {{"project", project_id_}, {"source", source_id_}, {"stream", stream}});
}

std::string Writer::stream_state(const std::string& stream) const {
  return database_
      .text("SELECT state FROM source_stream WHERE project_id = :project AND source_id = :source AND stream = :stream",
            {{"project", project_id_}, {"source", source_id_}, {"stream", stream}})
      .value_or("new");
}

void Writer::set_stream(const std::string& stream, const std::string& cursor, const std::string& state) {
  flush();
  database_.execute(
      "INSERT INTO source_stream (project_id, source_id, stream, cursor, state) VALUES (:project, :source, :stream, "
      ":cursor, :state) ON CONFLICT (project_id, source_id, stream) DO UPDATE SET cursor = excluded.cursor, state = "
      "excluded.state",
      {{"project", project_id_}, {"source", source_id_}, {"stream", stream}, {"cursor", cursor}, {"state", state}});
}

void Writer::stream_audit(const std::string& stream, std::int64_t forge_count, std::int64_t store_count, Timestamp at) {
  flush();
  database_.execute(
      "UPDATE source_stream SET forge_count = :forge, store_count = :store, audited_at = :at WHERE project_id = "
      ":project AND source_id = :source AND stream = :stream",
      {{"project", project_id_},
       {"source", source_id_},
       {"stream", stream},
       {"forge", forge_count},
       {"store", store_count},
       {"at", at}});
}

}  // namespace resident
