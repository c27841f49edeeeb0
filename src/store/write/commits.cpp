// What a Writer says of commits that are stored: what reaches them, the newest tree, and once more what the clone
// lacked when they were read.
#include <fmt/format.h>

#include <base/text.hpp>
#include <store/summaries.hpp>
#include <store/write/tables.hpp>
#include <store/writer.hpp>

namespace resident {

void Writer::add_changes(std::int64_t commit_id, const std::vector<FileChangeRecord>& changes) {
  for (const auto& change : changes) {
    const std::int64_t path = path_id(change.path);
    std::optional<std::int64_t> old_path;
    if (!change.old_path.empty()) old_path = path_id(change.old_path);
    add(table("file_change"), project_id_, commit_id, path, std::string(1, change.status), value_of(old_path),
        value_of(change.additions), value_of(change.deletions), change.old_mode ? Value(change.old_mode) : Value(),
        change.mode ? Value(change.mode) : Value(), change.status == 'R' ? Value(change.similarity) : Value(),
        std::int64_t{change.is_binary ? 1 : 0});
  }
}

void Writer::commit_changes(const std::string& sha, const std::vector<FileChangeRecord>& changes) {
  const auto* found = commits_.find(sha);
  if (!found) return;
  flush();
  guarded([&] {
    database_.execute("DELETE FROM file_change WHERE project_id = :project AND commit_id = :commit",
                      {{"project", project_id_}, {"commit", *found}});
  });
  add_changes(*found, changes);
  ++changed_;
}

std::unordered_set<std::string> Writer::commits_without_counts() {
  flush();
  std::unordered_set<std::string> result;
  for (const auto rows = database_.query(
           "SELECT DISTINCT g.sha FROM file_change f JOIN git_commit g ON g.project_id = f.project_id AND g.commit_id "
           "= f.commit_id WHERE f.project_id = :project AND f.additions IS NULL AND f.is_binary = 0 AND g.source_id = "
           ":source",
           {{"project", project_id_}, {"source", source_id_}});
       rows->next();)
    result.insert(rows->string(0));
  return result;
}

std::unordered_set<std::string> Writer::commits_without_parents() {
  flush();
  std::unordered_set<std::string> result;
  for (const auto rows = database_.query(
           "SELECT DISTINCT g.sha FROM git_commit g JOIN commit_parent p ON p.project_id = g.project_id AND "
           "p.commit_id = g.commit_id LEFT JOIN git_commit parent ON parent.project_id = p.project_id AND parent.sha = "
           "p.parent_sha WHERE g.project_id = :project AND g.source_id = :source AND parent.commit_id IS NULL",
           {{"project", project_id_}, {"source", source_id_}});
       rows->next();)
    result.insert(rows->string(0));
  return result;
}

void Writer::unlink_commits(std::int64_t item_id, const std::string& relation) {
  flush();
  guarded([&] {
    database_.execute(
        "DELETE FROM item_commit WHERE project_id = :project AND item_id = :item AND relation = :relation AND "
        "source_id = :source",
        {{"project", project_id_}, {"item", item_id}, {"relation", relation}, {"source", source_id_}});
  });
}

void Writer::add_message(std::int64_t commit_id, const CommitRecord& record) {
  std::int64_t position = 0;
  for (const auto& trailer : record.trailers)
    add(table("trailer"), project_id_, commit_id, position++, text(trailer.token, 100),
        text(blank_emails(trailer.value), 1000), identity_value(trailer.person));
  position = 0;
  for (const auto& mark : record.marks)
    add(table("commit_mark"), project_id_, commit_id, position++, text(mark.token, 100),
        text(blank_emails(mark.value), 1000), identity_value(mark.person));
}

void Writer::forget_messages() {
  flush();
  const Parameters source{{"project", project_id_}, {"source", source_id_}};
  for (const std::string_view name : {"trailer", "commit_mark"})
    database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND commit_id IN (SELECT commit_id FROM "
                                  "git_commit WHERE project_id = :project AND source_id = :source)",
                                  name),
                      source);
  database_.execute(
      "DELETE FROM item_commit WHERE project_id = :project AND source_id = :source AND relation IN ('merge', "
      "'backport', 'original', 'fixes', 'mentions')",
      source);
}

void Writer::restate(const CommitRecord& record) {
  const auto* found = commits_.find(record.sha);
  if (!found || *found > known_commits_) return;
  add_message(*found, record);
  if (pending_ > 20000) flush();
}

void Writer::item_commit(const ItemCommitRecord& record) {
  add(table("item_commit"), project_id_, record.item_id, text(record.sha, 64), record.relation, source_id_);
}

void Writer::item_files(std::int64_t item_id, const std::vector<ItemFileRecord>& files) {
  for (const auto& file : files) {
    add(table("item_file"), project_id_, item_id, path_id(file.path), source_id_, value_of(file.additions),
        value_of(file.deletions));
  }
}

void Writer::replace_item_files(std::int64_t item_id, const std::vector<ItemFileRecord>& files, bool was_known) {
  if (was_known) {
    flush();
    database_.execute("DELETE FROM item_file WHERE project_id = :project AND item_id = :item AND source_id = :source",
                      {{"project", project_id_}, {"item", item_id}, {"source", source_id_}});
  }
  item_files(item_id, files);
}

std::unordered_set<std::string> Writer::known_commits() const {
  std::unordered_set<std::string> result;
  commits_.for_each([&](const std::string& sha, std::int64_t) { result.insert(sha); });
  return result;
}

void Writer::references(const std::vector<ReferenceRecord>& records) {
  deletions_.push_back("git_ref\n");
  flush();
  for (const auto& record : records)
    add(table("git_ref"), project_id_, source_id_, text(record.name, 1000), record.sha, value_of(record.at));
}

void Writer::reachable(const std::unordered_set<std::string>& on_default,
                       const std::unordered_set<std::string>& in_history) {
  flush();
  struct Change {
    std::int64_t commit_id, on_default, in_history;
  };
  std::vector<TouchedCommit> touched;
  std::vector<Change> changes;
  const Parameters source{{"project", project_id_}, {"source", source_id_}, {"known", known_commits_}};
  for (const auto rows = database_.query("SELECT commit_id, sha, on_default, in_history, author_id, committed_at FROM "
                                         "git_commit "
                                         "WHERE project_id = :project AND source_id = :source AND commit_id <= :known",
                                         source);
       rows->next();) {
    const std::string sha = rows->string(1);
    const bool now_default = on_default.contains(sha), now_history = in_history.contains(sha);
    if (now_default != (rows->integer(2) == 1)) touched.push_back({rows->integer(4), rows->integer(5)});
    if (now_default != (rows->integer(2) == 1) || now_history != (rows->integer(3) == 1))
      changes.push_back({rows->integer(0), now_default ? 1 : 0, now_history ? 1 : 0});
  }
  touch_commits(database_, project_id_, touched);
  for (const auto& change : changes) {
    database_.execute(
        "UPDATE git_commit SET on_default = :on_default, in_history = :in_history "
        "WHERE project_id = :project AND commit_id = :commit",
        {{"on_default", change.on_default},
         {"in_history", change.in_history},
         {"project", project_id_},
         {"commit", change.commit_id}});
  }
}

std::unordered_map<std::string, HeadFileRecord> Writer::stored_head_files() {
  std::unordered_map<std::string, HeadFileRecord> result;
  for (const auto rows =
           database_.query("SELECT p.path, h.blob, h.bytes, h.lines, h.code_lines, h.indentation_total, "
                           "h.indentation_max FROM head_file h JOIN path p ON p.project_id = h.project_id "
                           "AND p.path_id = h.path_id WHERE h.project_id = :project",
                           {{"project", project_id_}});
       rows->next();)
    result.emplace(rows->string(0), HeadFileRecord{rows->string(0), rows->string(1), rows->optional_integer(2),
                                                   rows->optional_integer(3), rows->optional_integer(4),
                                                   rows->optional_integer(5), rows->optional_integer(6)});
  return result;
}

void Writer::head_files(const std::vector<HeadFileRecord>& files) {
  flush();
  const Parameters project{{"project", project_id_}};
  database_.execute("UPDATE path SET in_head = 0 WHERE project_id = :project AND in_head = 1", project);
  database_.execute("DELETE FROM head_file WHERE project_id = :project", project);
  for (const auto& file : files) {
    const std::int64_t id = path_id(file.path);
    add(table("path"), project_id_, id, text(file.path, 4096), std::int64_t{1});
    add(table("head_file"), project_id_, id, file.blob, value_of(file.bytes), value_of(file.lines),
        value_of(file.code_lines), value_of(file.indentation_total), value_of(file.indentation_max));
  }
}

}  // namespace resident
