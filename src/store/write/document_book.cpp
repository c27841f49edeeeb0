#include <base/text.hpp>
#include <store/document_book.hpp>
#include <store/write/tables.hpp>

namespace resident {

namespace {

constexpr std::string_view kRecord = "documentation";

}  // namespace

DocumentBook::DocumentBook(Writer& writer) : writer_(writer) {
  if (const auto* found = writer_.records_.find(std::string(kRecord))) tip_ = *found;
  for (const auto rows = writer_.database_.query(
           "SELECT p.path, d.blob, d.bytes, d.state, d.sha, d.changed_at FROM doc_file d JOIN path p ON p.project_id = "
           "d.project_id AND p.path_id = d.path_id WHERE d.project_id = :project AND d.source_id = :source",
           {{"project", writer_.project_id_}, {"source", writer_.source_id_}});
       rows->next();)
    stored_.emplace(rows->string(0), DocumentRecord{rows->string(0), rows->string(1), rows->optional_integer(2),
                                                    rows->string(3), rows->string(4), rows->integer(5)});
}

void DocumentBook::put(const DocumentRecord& record) {
  Value body;
  if (record.body) body = blank_emails(Writer::text(*record.body, kLongest));
  writer_.add(writer_.table("doc_file"), writer_.project_id_, writer_.source_id_, writer_.path_id(record.path),
              record.blob, value_of(record.bytes), record.state, record.sha, record.changed_at, std::move(body));
  ++writer_.changed_;
}

Parameters DocumentBook::key_of(const std::string& path) {
  return {{"project", writer_.project_id_}, {"source", writer_.source_id_}, {"path", writer_.path_id(path)}};
}

void DocumentBook::date(const std::string& path, const std::string& sha, Timestamp changed_at) {
  writer_.flush();
  Parameters parameters = key_of(path);
  parameters.emplace_back("sha", sha);
  parameters.emplace_back("at", changed_at);
  writer_.database_.execute(
      "UPDATE doc_file SET sha = :sha, changed_at = :at WHERE project_id = :project AND source_id = :source AND "
      "path_id = :path",
      parameters);
  ++writer_.changed_;
}

void DocumentBook::remove(const std::string& path) {
  writer_.flush();
  writer_.database_.execute(
      "DELETE FROM doc_file WHERE project_id = :project AND source_id = :source AND path_id = :path", key_of(path));
  ++writer_.changed_;
}

void DocumentBook::finish(const std::string& tip) {
  writer_.mark(std::string(kRecord), tip);
  --writer_.changed_;  // a bookmark, no news
}

}  // namespace resident
