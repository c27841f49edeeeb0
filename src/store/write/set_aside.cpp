// What a Writer sets aside: bounded lists, what comes out of them again, and the notes that a source keeps for itself.
#include <fmt/format.h>

#include <base/text.hpp>
#include <net/token.hpp>
#include <store/write/tables.hpp>
#include <store/writer.hpp>

namespace resident {

namespace {

constexpr std::string_view kOtherReasons = "for other reasons, too many to list";
constexpr std::size_t kMostReasons = 2000;

}  // namespace

void Writer::drop_set_aside(const std::string& key) {
  // The record itself, and its parts ("pulls/12.json#timeline/3").
  if (quarantined_records_.erase(key)) deletions_.push_back("quarantine\n" + key);
  const std::string parts = key + "#";
  for (auto each = quarantined_records_.lower_bound(parts);
       each != quarantined_records_.end() && each->starts_with(parts); each = quarantined_records_.erase(each))
    deletions_.push_back("quarantine\n" + *each);
  // Set aside earlier in this very run, and read after all: deletions come before what waits to be written.
  if (!set_aside_now_.erase(key)) return;
  flush();
  deletions_.push_back("quarantine\n" + key);
  --quarantined_;
}

void Writer::readmit(const std::string& record) {
  drop_set_aside(text_key(record));
}

void Writer::quarantine(const std::string& record, const std::string& given, std::string_view kind) {
  if (failure_) throw *failure_;
  ++quarantined_;
  const std::string key = redact(text_key(record));
  std::string reason = redact(text(given, 1000));
  // Of a run before, perhaps with another reason.
  if (reads_whole_source_ && quarantined_records_.erase(key)) deletions_.push_back("quarantine\n" + key);
  if (reasons_.size() >= kMostReasons && !reasons_.contains(reason)) reason = kOtherReasons;
  auto& [listed, besides] = reasons_[reason];
  const Value kind_value = text_or_null(kind);
  const bool is_listed = set_aside_now_.contains(key) || quarantined_records_.contains(key);
  if (!is_listed && (listed >= kMostOfAReason || listed_ >= kMostSetAside)) {
    ++besides;
    if (reads_whole_source_ && quarantined_records_.erase(std::string(kNotListed)))
      deletions_.push_back(fmt::format("quarantine\n{}", kNotListed));
    return;
  }
  if (set_aside_now_.insert(key).second) ++listed, ++listed_;
  add(table("quarantine"), project_id_, source_id_, key, reason, std::int64_t{1}, kind_value);
}

void Writer::write_counts() {
  for (const auto& [reason, count] : reasons_)
    if (count.second)
      add(table("quarantine"), project_id_, source_id_, std::string(kNotListed), reason, count.second, Value());
}

void Writer::reads_whole_source() {
  reads_whole_source_ = true;
  reasons_.clear();
  listed_ = 0;
}

void Writer::end_of_source() {
  if (!reads_whole_source_) return;
  for (const std::string& key : quarantined_records_) {
    // A part of a record that looks as it did, and so was not read again.
    const std::size_t part = key.rfind('#');
    if (part != std::string::npos && records_.contains(key.substr(0, part))) continue;
    if (!set_aside_now_.contains(key)) deletions_.push_back("quarantine\n" + key);
  }
}

std::vector<Writer::SetAside> Writer::set_aside() {
  std::vector<SetAside> rows;
  for (const auto found = database_.query("SELECT record, reason, kind FROM quarantine WHERE project_id = :project AND "
                                          "source_id = :source ORDER BY record, reason",
                                          {{"project", project_id_}, {"source", source_id_}});
       found->next();)
    rows.push_back({found->string(0), found->string(1), found->string(2)});
  return rows;
}

void Writer::readmit(const SetAside& row) {
  flush();
  guarded([&] {
    database_.execute(
        "DELETE FROM quarantine WHERE project_id = :project AND source_id = :source AND record = :record AND reason = "
        ":reason",
        {{"project", project_id_}, {"source", source_id_}, {"record", row.record}, {"reason", row.reason}});
  });
}

std::optional<std::string> Writer::remembered(const std::string& record) const {
  const auto* found = records_.find(text_key(record));
  return found ? std::optional(*found) : std::nullopt;
}

void Writer::remember(const std::string& record, const std::string& note) {
  const std::string key = text_key(record);
  if (const auto* found = records_.find(key); found && *found == note) return;
  records_.set(key, note);
  add(table("source_record"), project_id_, source_id_, key, note, Value());
}

std::vector<std::string> Writer::remembered_with(const std::string& prefix) const {
  std::vector<std::string> result;
  records_.for_each([&](const std::string& record, const std::string&) {
    if (record.starts_with(prefix)) result.push_back(record.substr(prefix.size()));
  });
  return result;
}

void Writer::forget(const std::string& record) {
  const std::string key = text_key(record);
  if (!records_.contains(key)) return;
  records_.erase(key);
  flush();  // it may be among what waits to be written
  guarded([&] { write_deletion("source_record\n" + key); });
}

}  // namespace resident
