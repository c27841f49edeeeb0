#include <algorithm>
#include <cstring>
#include <git/tree_diff.hpp>

namespace resident::git {

namespace {

struct Item {
  std::string_view name;
  Entry entry;
};

bool is_tree(const Entry& entry) {
  return (entry.mode & kModeKind) == kModeTree;
}

// git knows only these modes; old histories hold others, such as 0100664.
std::uint32_t canonical(std::uint32_t mode) {
  switch (mode & kModeKind) {
    case kModeRegular:
      return kModeRegular | ((mode & 0100) ? 0755 : 0644);
    case kModeTree:
      return kModeTree;
    case kModeLink:
      return kModeLink;
    default:
      return kModeSubmodule;
  }
}

// Takes the next entry off the bytes of a tree; false at the end. Sets damaged
// where the bytes are no entry.
bool take_item(std::string_view& bytes, std::size_t id_bytes, Item& item, bool& damaged) {
  if (bytes.empty()) return false;
  damaged = true;
  std::uint32_t mode = 0;
  std::size_t at = 0;
  for (; at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '7' && at < 10; ++at)
    mode = mode * 8 + static_cast<std::uint32_t>(bytes[at] - '0');
  if (at == 0 || at >= bytes.size() || bytes[at] != ' ') return false;
  const std::size_t end = bytes.find('\0', at + 1);
  if (end == std::string_view::npos || bytes.size() - end < id_bytes + 1 || end == at + 1) return false;
  item.name = bytes.substr(at + 1, end - at - 1);
  item.entry.mode = canonical(mode);
  std::memcpy(item.entry.id.data(), bytes.data() + end + 1, id_bytes);
  bytes.remove_prefix(end + 1 + id_bytes);
  damaged = false;
  return true;
}

// The order of entries in a tree: folders sort as if their names ended in '/'.
int compare_items(const Item& a, const Item& b) {
  const std::size_t common = std::min(a.name.size(), b.name.size());
  if (const int order = std::memcmp(a.name.data(), b.name.data(), common)) return order;
  const auto next = [common](const Item& item) -> unsigned char {
    if (item.name.size() > common) return static_cast<unsigned char>(item.name[common]);
    return is_tree(item.entry) ? '/' : '\0';
  };
  return static_cast<int>(next(a)) - static_cast<int>(next(b));
}

}  // namespace

char TreeChange::status() const {
  if (!before.exists()) return 'A';
  if (!after.exists()) return 'D';
  if (!old_path.empty()) return 'R';
  return (before.mode & kModeKind) != (after.mode & kModeKind) ? 'T' : 'M';
}

ObjectPointer TreeDiff::read(const ObjectId* id, bool& failed) {
  if (!id) return nullptr;
  auto object = objects_.read(*id, ObjectType::tree);
  if (!object) {
    failed = true;
    whole_ = false;
    problems_.add("unreadable trees", *record_,
                  "tree " + to_hexadecimal(*id) + " of folder '" + path_ + "' is " + objects_.last_fault() +
                      "; changes below it are not counted");
  }
  return object;
}

void TreeDiff::visit(std::string_view name, const Entry& before, const Entry& after, std::size_t depth) {
  const bool old_tree = is_tree(before), new_tree = is_tree(after);
  if (old_tree || new_tree) {
    const std::size_t length = path_.size();
    path_.append(name).push_back('/');
    walk(old_tree ? &before.id : nullptr, new_tree ? &after.id : nullptr, depth + 1);
    path_.resize(length);
  }
  const bool old_file = before.exists() && !old_tree, new_file = after.exists() && !new_tree;
  if (!old_file && !new_file) return;
  if (++count_ > kMaxChanges) {
    whole_ = false;
    if (count_ == kMaxChanges + 1)
      problems_.add("cut file lists", *record_, "more than 500,000 files; the rest are not counted");
    return;
  }
  emit_({path_ + std::string(name), {}, old_file ? before : Entry{}, new_file ? after : Entry{}});
}

void TreeDiff::walk(const ObjectId* before, const ObjectId* after, std::size_t depth) {
  if (count_ > kMaxChanges) return;
  if (depth > kMaxDepth) {
    whole_ = false;
    problems_.add("too deep folders", *record_, "folders nested deeper than 1,000; what lies deeper is not counted");
    return;
  }
  bool failed = false;
  const ObjectPointer old_tree = read(before, failed);
  const ObjectPointer new_tree = failed ? nullptr : read(after, failed);
  // One side alone would look as if every file had come or gone.
  if (failed) return;
  std::string_view old_bytes = old_tree ? old_tree->bytes() : std::string_view{};
  std::string_view new_bytes = new_tree ? new_tree->bytes() : std::string_view{};
  Item old_item, new_item;
  const std::size_t id_bytes = objects_.folders().id_bytes();
  bool damaged = false;
  const auto take = [&](std::string_view& bytes, Item& item) {
    bool bad = false;
    const bool taken = take_item(bytes, id_bytes, item, bad);
    damaged = damaged || bad;
    return taken;
  };
  bool has_old = take(old_bytes, old_item), has_new = take(new_bytes, new_item);
  while ((has_old || has_new) && !damaged && count_ <= kMaxChanges) {
    const int order = !has_old ? 1 : !has_new ? -1 : compare_items(old_item, new_item);
    if (order < 0) {
      visit(old_item.name, old_item.entry, {}, depth);
    } else if (order > 0) {
      visit(new_item.name, {}, new_item.entry, depth);
    } else if (old_item.entry.id != new_item.entry.id || old_item.entry.mode != new_item.entry.mode) {
      visit(new_item.name, old_item.entry, new_item.entry, depth);
    }
    if (order <= 0) has_old = take(old_bytes, old_item);
    if (order >= 0) has_new = take(new_bytes, new_item);
  }
  if (!damaged) return;
  whole_ = false;
  problems_.add("damaged trees", *record_,
                "a tree of folder '" + path_ + "' ends in bytes that are no entry; files after them are not counted");
}

std::optional<Entry> TreeDiff::find(const ObjectId& tree, std::string_view name) {
  const auto object = objects_.read(tree, ObjectType::tree);
  std::string_view bytes = object ? object->bytes() : std::string_view{};
  Item item;
  bool damaged = false;
  while (take_item(bytes, objects_.folders().id_bytes(), item, damaged))
    if (item.name == name) return item.entry;
  return std::nullopt;
}

std::vector<TreeChange> TreeDiff::compare(const ObjectId* before, const ObjectId* after, const std::string& record) {
  std::vector<TreeChange> changes;
  record_ = &record;
  path_.clear();
  count_ = 0;
  whole_ = true;
  emit_ = [&changes](TreeChange&& change) { changes.push_back(std::move(change)); };
  if (!before || !after || *before != *after) walk(before, after, 0);
  return changes;
}

void TreeDiff::list(const ObjectId& tree, const std::string& record,
                    const std::function<void(const std::string& path, const Entry&)>& sink) {
  record_ = &record;
  path_.clear();
  count_ = 0;
  whole_ = true;
  emit_ = [&sink](TreeChange&& change) { sink(change.path, change.after); };
  walk(nullptr, &tree, 0);
}

}  // namespace resident::git
