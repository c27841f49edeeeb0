// Reading objects out of a clone: packs by libgit2, loose objects by loose.hpp,
// behind one cache. A history is read commit after commit, and the new blobs and trees of
// one are the old ones of a later one, so what was inflated last is kept, by
// bytes, and nothing is inflated twice in a row. libgit2's own caches are held
// small: memory stays bounded whatever the size of the history. A missing or
// damaged object is an answer (null), not an error, and is looked for only once.
#pragma once

#include <cstdint>
#include <cstring>
#include <list>
#include <memory>
#include <optional>
#include <sources/git/loose.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

struct git_odb;
struct git_odb_object;
struct git_repository;

namespace resident::git {

// An id is random already.
struct HashOfId {
  std::size_t operator()(const ObjectId& id) const {
    std::size_t value;
    std::memcpy(&value, id.data(), sizeof value);
    return value;
  }
};

// The bytes of one object, shared with the cache.
class Object {
 public:
  explicit Object(git_odb_object* object) : object_(object) {}
  explicit Object(std::string bytes) : bytes_(std::move(bytes)) {}
  ~Object();
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  std::string_view bytes() const;

 private:
  git_odb_object* object_ = nullptr;
  std::string bytes_;  // where object_ is null
};
using ObjectPointer = std::shared_ptr<const Object>;

class ObjectStore {
 public:
  explicit ObjectStore(git_repository* repository);
  ~ObjectStore();
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  // Null where the object is missing, damaged or of another type; last_fault()
  // then says why.
  ObjectPointer read(const ObjectId& id, ObjectType type);
  // Nothing where there is no such object.
  std::optional<std::uint64_t> size(const ObjectId& id);
  std::optional<ObjectType> type(const ObjectId& id);
  const std::string& last_fault() const { return last_fault_; }

 private:
  struct Cached {
    ObjectId id;
    ObjectType type;
    ObjectPointer object;
  };
  struct Header {
    ObjectType type;
    std::uint64_t size;
  };
  ObjectPointer read_loose(const ObjectId& id, ObjectType type, bool& found);
  std::optional<Header> header(const ObjectId& id);
  void keep(const ObjectId& id, ObjectType type, const ObjectPointer& object);

  LooseObjects loose_;
  git_odb* packs_ = nullptr;
  std::string last_fault_;
  std::list<Cached> cached_;  // most recently used first
  std::unordered_map<ObjectId, std::list<Cached>::iterator, HashOfId> index_;
  std::size_t cached_bytes_ = 0;
  std::unordered_map<ObjectId, std::string, HashOfId> faulty_;
};

// libgit2 as a whole: started once, with small caches and windows, and without
// its check of who owns a repository, since mirrors often belong to others.
// Nothing of a repository is ever executed.
void start_libgit2();
// What libgit2 says of its last failure.
std::string libgit2_message();

}  // namespace resident::git
