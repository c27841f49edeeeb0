#include <git2.h>
#include <git2/sys/odb_backend.h>

#include <base/error.hpp>
#include <mutex>
#include <sources/git/objects.hpp>

namespace resident::git {

namespace {

constexpr std::size_t kCacheBytes = std::size_t{64} << 20;
constexpr std::size_t kLargestCached = std::size_t{4} << 20;
constexpr std::size_t kOverhead = 200;  // of one entry

git_oid to_oid(const ObjectId& id) {
  git_oid oid;
  std::memcpy(oid.id, id.data(), id.size());
  return oid;
}

git_object_t to_libgit2(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return GIT_OBJECT_COMMIT;
    case ObjectType::tree:
      return GIT_OBJECT_TREE;
    case ObjectType::blob:
      return GIT_OBJECT_BLOB;
    case ObjectType::tag:
      break;
  }
  return GIT_OBJECT_TAG;
}

}  // namespace

void start_libgit2() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (git_libgit2_init() < 0) throw Error("libgit2 cannot start: " + libgit2_message());
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    // Mapped pages count as memory of the process: a window is 16 MB, not 1 GB.
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, std::size_t{16} << 20);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, std::size_t{48} << 20);
    // zlib's checksums find damage; SHA-1 of every object would double the time.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    // Only the repository's own configuration counts, as read by the library.
    for (const int level :
         {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA})
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  });
}

std::string libgit2_message() {
  const git_error* error = git_error_last();
  return error && error->message ? error->message : "unknown reason";
}

Object::~Object() {
  git_odb_object_free(object_);
}

std::string_view Object::bytes() const {
  if (!object_) return bytes_;
  return {static_cast<const char*>(git_odb_object_data(object_)), git_odb_object_size(object_)};
}

ObjectStore::ObjectStore(git_repository* repository)
    : loose_(std::string(git_repository_commondir(repository)) + "objects") {
  if (git_odb_new(&packs_) < 0) throw Error("cannot open the object database: " + libgit2_message());
  for (const std::string& folder : loose_.folders()) {
    git_odb_backend* backend = nullptr;
    if (git_odb_backend_pack(&backend, folder.c_str()) < 0 || git_odb_add_backend(packs_, backend, 1) < 0) {
      git_odb_free(packs_);
      throw Error("cannot read the packs in " + folder + ": " + libgit2_message());
    }
  }
}

ObjectStore::~ObjectStore() {
  index_.clear();
  cached_.clear();
  git_odb_free(packs_);
}

void ObjectStore::keep(const ObjectId& id, ObjectType type, const ObjectPointer& object) {
  const std::size_t size = object->bytes().size();
  if (size > kLargestCached) return;
  cached_.push_front({id, type, object});
  index_[id] = cached_.begin();
  cached_bytes_ += size + kOverhead;
  while (cached_bytes_ > kCacheBytes) {
    cached_bytes_ -= cached_.back().object->bytes().size() + kOverhead;
    index_.erase(cached_.back().id);
    cached_.pop_back();
  }
}

ObjectPointer ObjectStore::read_loose(const ObjectId& id, ObjectType type, bool& found) {
  auto object = loose_.read(id);
  found = object.has_value();
  if (!found) return nullptr;
  if (!object->damaged && object->type == type) return std::make_shared<const Object>(std::move(object->bytes));
  last_fault_ = object->damaged ? "damaged" : "of another type than expected";
  return nullptr;
}

ObjectPointer ObjectStore::read(const ObjectId& id, ObjectType type) {
  if (const auto found = index_.find(id); found != index_.end()) {
    if (found->second->type != type) {
      last_fault_ = "of another type than expected";
      return nullptr;
    }
    cached_.splice(cached_.begin(), cached_, found->second);
    return found->second->object;
  }
  if (const auto found = faulty_.find(id); found != faulty_.end()) {
    last_fault_ = found->second;
    return nullptr;
  }
  bool is_loose = false;
  ObjectPointer pointer = loose_.may_have(id) ? read_loose(id, type, is_loose) : nullptr;
  if (!pointer) {
    const git_oid oid = to_oid(id);
    git_odb_object* object = nullptr;
    const int status = git_odb_read(&object, packs_, &oid);
    if (status == 0) {
      pointer = std::make_shared<const Object>(object);
      if (git_odb_object_type(object) != to_libgit2(type)) {
        last_fault_ = "of another type than expected";
        return nullptr;
      }
    } else if (status != GIT_ENOTFOUND) {
      last_fault_ = "damaged (" + libgit2_message() + ")";
    } else if (!is_loose) {
      // It may have come since the clone was opened.
      pointer = read_loose(id, type, is_loose);
      if (!is_loose) last_fault_ = "missing";
    }
  }
  if (!pointer) {
    if (faulty_.size() < 1'000'000) faulty_.emplace(id, last_fault_);
    return nullptr;
  }
  // A commit is read once; only trees and blobs come again.
  if (type != ObjectType::commit) keep(id, type, pointer);
  return pointer;
}

std::optional<ObjectStore::Header> ObjectStore::header(const ObjectId& id) {
  if (const auto found = index_.find(id); found != index_.end())
    return Header{found->second->type, found->second->object->bytes().size()};
  if (faulty_.contains(id)) return std::nullopt;
  if (loose_.may_have(id))
    if (const auto object = loose_.read(id, true); object && !object->damaged)
      return Header{object->type, object->size};
  const git_oid oid = to_oid(id);
  std::size_t length = 0;
  git_object_t type;
  if (git_odb_read_header(&length, &type, packs_, &oid) == 0) {
    for (const auto candidate : {ObjectType::commit, ObjectType::tree, ObjectType::blob, ObjectType::tag})
      if (to_libgit2(candidate) == type) return Header{candidate, length};
    return std::nullopt;
  }
  if (const auto object = loose_.read(id, true); object && !object->damaged) return Header{object->type, object->size};
  return std::nullopt;
}

std::optional<std::uint64_t> ObjectStore::size(const ObjectId& id) {
  const auto found = header(id);
  return found ? std::optional(found->size) : std::nullopt;
}

std::optional<ObjectType> ObjectStore::type(const ObjectId& id) {
  const auto found = header(id);
  return found ? std::optional(found->type) : std::nullopt;
}

}  // namespace resident::git
