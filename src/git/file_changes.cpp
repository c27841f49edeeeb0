#include <algorithm>
#include <base/text.hpp>
#include <git/file_changes.hpp>
#include <git/renames.hpp>
#include <unordered_set>

namespace resident::git {

std::string path_text(std::string_view raw) {
  std::string text;
  if (is_clean_text(raw)) {
    text = raw;
  } else {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    for (std::size_t at = 0; at < raw.size();) {
      // The longest of up to four bytes that is one character.
      std::size_t length = std::min<std::size_t>(4, raw.size() - at);
      if (static_cast<unsigned char>(raw[at]) < 0x80) length = 1;
      while (length && !is_clean_text(raw.substr(at, length))) --length;
      if (length) {
        text += raw.substr(at, length);
        at += length;
      } else {
        const auto byte = static_cast<unsigned char>(raw[at++]);
        text += "\\x";
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
      }
    }
  }
  if (text.size() <= kMaxPath) return text;
  const std::string mark = fingerprint(raw);
  return clean_text(text, kMaxPath - mark.size() - 3) + mark;
}

FileChange describe(const TreeChange& change) {
  FileChange result;
  result.path = path_text(change.path);
  result.status = change.status();
  if (result.status == 'R') result.old_path = path_text(change.old_path);
  if (change.additions >= 0) result.additions = change.additions;
  if (change.deletions >= 0) result.deletions = change.deletions;
  result.old_mode = change.before.mode;
  result.mode = change.after.mode;
  result.similarity = change.similarity;
  result.is_binary = change.is_binary;
  return result;
}

LineFilePointer FileChanges::content(const Entry& entry, const std::string& path, const std::string& record) {
  if ((entry.mode & kModeKind) == kModeSubmodule)
    return lines_.from_text("Subproject commit " + to_hexadecimal(entry.id) + "\n");
  const auto file = lines_.read(entry.id);
  if (file) return file;
  if (lines_.last_size() > kMaxCountedBytes)
    problems_.add("huge files", to_hexadecimal(entry.id),
                  "over 100 MB, in " + record + " as " + path_text(path) + "; its lines are not counted");
  else
    problems_.add("unreadable files", to_hexadecimal(entry.id),
                  "the content is " + lines_.last_fault() + ", in " + record + " as " + path_text(path) +
                      "; lines of this change are not counted");
  return nullptr;
}

void FileChanges::measure(TreeChange& change, const std::string& record, bool hunks) {
  const Entry &before = change.before, &after = change.after;
  lines_.clear_if_full();
  const bool is_same = before.exists() && after.exists() && before.id == after.id;
  LineFilePointer old_file, new_file;
  if (before.exists() && !(old_file = content(before, change.path, record))) {
    change.is_binary = lines_.last_size() > kBinaryFromBytes;
    if (!hunks || is_same || !after.exists()) return;
  }
  if (is_same)
    new_file = old_file;
  else if (after.exists() && !(new_file = content(after, change.path, record))) {
    change.is_binary = lines_.last_size() > kBinaryFromBytes;
    return;
  }
  change.is_binary = (old_file && old_file->is_binary()) || (new_file && new_file->is_binary());
  if (hunks && new_file && !new_file->is_binary()) change.lines = static_cast<std::int64_t>(new_file->size());
  if (change.is_binary || (before.exists() && !old_file)) return;
  if (is_same) {
    // A new mode or name alone.
    change.additions = change.deletions = 0;
  } else if (!old_file || !new_file) {
    change.additions = new_file ? static_cast<std::int64_t>(new_file->size()) : 0;
    change.deletions = old_file ? static_cast<std::int64_t>(old_file->size()) : 0;
  } else {
    std::optional<LineCount> count;
    if (hunks) count = diff_.hunks(*old_file, *new_file, change.hunks);
    if (!count) count = diff_.count(*old_file, *new_file);
    change.additions = count->additions;
    change.deletions = count->deletions;
  }
}

std::vector<TreeChange> FileChanges::compare(const ObjectId* before, const ObjectId* after, const std::string& record,
                                             bool renames) {
  std::vector<TreeChange> changes = walk_.compare(before, after, record);
  if (renames) {
    lines_.clear_if_full();
    find_renames(changes, objects_, lines_, problems_, record);
  }
  // In a tree whose names are out of order, a file may seem to have gone and come.
  for (TreeChange& change : changes)
    if (!change.old_path.empty() && change.old_path == change.path) change.old_path.clear();
  std::erase_if(changes, [](const TreeChange& change) {
    return change.before.id == change.after.id && change.before.mode == change.after.mode && change.old_path.empty();
  });
  if (changes.size() < 2) return changes;
  // A damaged tree may name a file twice.
  bool is_sorted = true;
  for (std::size_t i = 1; i < changes.size() && is_sorted; ++i) is_sorted = changes[i - 1].path < changes[i].path;
  if (is_sorted) return changes;
  std::unordered_set<std::string_view> seen;
  std::vector<TreeChange> result;
  result.reserve(changes.size());
  for (TreeChange& change : changes) {
    if (seen.insert(change.path).second) continue;
    problems_.add("trees with a name twice", record,
                  "a tree names " + path_text(change.path) + " twice; the first one is counted");
    change.path.clear();
  }
  for (TreeChange& change : changes)
    if (!change.path.empty()) result.push_back(std::move(change));
  return result;
}

}  // namespace resident::git
