#include <base/text.hpp>
#include <sources/git/file_changes.hpp>
#include <sources/git/renames.hpp>
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

bool FileChanges::read(const Entry& entry, const TreeChange& change, const std::string& record, ObjectPointer& object) {
  if (!entry.exists()) return true;
  if ((entry.mode & kModeKind) == kModeSubmodule) return false;
  if (const auto size = objects_.size(entry.id); size && *size > kMaxCountedBytes) {
    problems_.add("huge files", to_hexadecimal(entry.id),
                  "over 100 MB, in " + record + " as " + path_text(change.path) + "; its lines are not counted");
    return false;
  }
  object = objects_.read(entry.id, ObjectType::blob);
  if (!object) {
    problems_.add("unreadable files", to_hexadecimal(entry.id),
                  "the content is " + objects_.last_fault() + ", in " + record + " as " + path_text(change.path) +
                      "; lines of this change are not counted");
    return false;
  }
  return !is_binary(object->bytes());
}

FileChange FileChanges::describe(const TreeChange& change, const std::string& record) {
  FileChange result;
  result.path = path_text(change.path);
  const Entry &before = change.before, &after = change.after;
  if (!before.exists())
    result.status = 'A';
  else if (!after.exists())
    result.status = 'D';
  else if (!change.old_path.empty())
    result.status = 'R';
  else if ((before.mode & kModeKind) != (after.mode & kModeKind))
    result.status = 'T';
  if (result.status == 'R') result.old_path = path_text(change.old_path);
  const bool is_submodule = (before.mode & kModeKind) == kModeSubmodule || (after.mode & kModeKind) == kModeSubmodule;
  if (is_submodule) return result;
  ObjectPointer old_content, new_content;
  if (before.exists() && after.exists() && before.id == after.id) {
    // A new mode or name alone. git looks whether it is binary all the same.
    if (objects_.size(before.id).value_or(0) > kMaxCountedBytes) return result;
    const auto content = objects_.read(before.id, ObjectType::blob);
    if (!content || !is_binary(content->bytes())) result.additions = result.deletions = 0;
    return result;
  }
  const bool old_readable = read(before, change, record, old_content),
             new_readable = read(after, change, record, new_content);
  if (!old_readable || !new_readable) return result;
  const LineCount count = counter_.count(old_content ? old_content->bytes() : std::string_view{},
                                         new_content ? new_content->bytes() : std::string_view{});
  result.additions = count.additions;
  result.deletions = count.deletions;
  return result;
}

std::vector<FileChange> FileChanges::compare(const ObjectId* before, const ObjectId* after, const std::string& record,
                                             bool renames) {
  std::vector<TreeChange> changes = walk_.compare(before, after, record);
  if (renames) find_renames(changes, objects_, problems_, record);
  std::vector<FileChange> result;
  result.reserve(changes.size());
  std::unordered_set<std::string_view> seen;
  for (const TreeChange& change : changes) {
    if (!seen.insert(change.path).second) {
      problems_.add("trees with a name twice", record,
                    "a tree names " + path_text(change.path) + " twice; the first one is counted");
      continue;
    }
    result.push_back(describe(change, record));
  }
  return result;
}

std::vector<std::string> FileChanges::list(const ObjectId& tree, const std::string& record) {
  std::vector<std::string> paths;
  walk_.list(tree, record, [&paths](const std::string& path, const Entry&) { paths.push_back(path_text(path)); });
  return paths;
}

}  // namespace resident::git
