// Reading objects out of a clone: its packs and loose objects and those of its
// alternates. ObjectFolders is what stands on disk: opened once, shared by all
// threads, looked at again when something is missing (a repack may be going on).
// ObjectStore is one thread's reader with a cache of what it inflated last, by
// bytes: the trees of one commit are nearly those of the next, and the bases of
// their deltas. A missing or damaged object is an answer (null), not an error.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <git/loose.hpp>
#include <git/pack.hpp>
#include <git/problems.hpp>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident::git {

// An id is random already.
struct HashOfId {
  std::size_t operator()(const ObjectId& id) const {
    std::size_t value;
    std::memcpy(&value, id.data(), sizeof value);
    return value;
  }
};

class ObjectFolders {
 public:
  // objects: the folder 'objects' of the clone. Packs that cannot be read go to problems.
  ObjectFolders(const std::string& objects, std::size_t id_bytes, Problems& problems);
  ~ObjectFolders();

  struct Place {
    const Pack* pack = nullptr;
    std::uint32_t pack_number = 0;
    std::uint64_t offset = 0;
    // Of this place among all.
    std::uint64_t key() const { return std::uint64_t{pack_number} << 44 ^ offset; }
  };
  std::optional<Place> find(const ObjectId& id) const;
  // All places of it, for where the first one is damaged.
  std::vector<Place> find_all(const ObjectId& id) const;
  const std::vector<std::shared_ptr<const Pack>>& packs() const { return *packs_.load(); }
  // Looks for packs that came since; false where there are none.
  bool refresh();
  // refs/replace: what is read in an object's place. Set before threads read.
  void set_replacements(std::unordered_map<ObjectId, ObjectId, HashOfId> replacements) {
    replacements_ = std::move(replacements);
  }
  const ObjectId& replaced(const ObjectId& id) const {
    const ObjectId* current = &id;
    for (int depth = 0; depth < 5 && !replacements_.empty(); ++depth) {
      const auto found = replacements_.find(*current);
      if (found == replacements_.end()) break;
      current = &found->second;
    }
    return *current;
  }
  const LooseObjects& loose() const { return loose_; }
  std::size_t id_bytes() const { return id_bytes_; }
  // Told by readers how much of the packs they touched: mapped pages are given
  // back now and then, so that memory stays bounded.
  void touched(std::size_t bytes) const;
  void set_mapped_bytes(std::size_t bytes) { mapped_bytes_ = bytes; }

 private:
  using Packs = std::vector<std::shared_ptr<const Pack>>;
  LooseObjects loose_;
  std::size_t id_bytes_;
  Problems& problems_;
  std::unordered_map<ObjectId, ObjectId, HashOfId> replacements_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<const Packs>> versions_;  // readers may still use older ones
  std::atomic<const Packs*> packs_ = nullptr;
  mutable std::atomic<std::size_t> latest_ = 0;  // the pack that had the last object asked for
  mutable std::atomic<std::size_t> touched_ = 0;
  std::atomic<std::size_t> mapped_bytes_ = std::size_t{192} << 20;
};

// The bytes of one object, shared with the cache.
class Object {
 public:
  Object(ObjectType type, std::unique_ptr<char[]> bytes, std::size_t size)
      : type_(type), bytes_(std::move(bytes)), size_(size) {}
  ObjectType type() const { return type_; }
  std::string_view bytes() const { return {bytes_.get(), size_}; }

 private:
  ObjectType type_;
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};
using ObjectPointer = std::shared_ptr<const Object>;

class ObjectStore {
 public:
  explicit ObjectStore(ObjectFolders& folders, std::size_t cache_bytes = std::size_t{32} << 20)
      : folders_(folders), cache_limit_(cache_bytes) {}
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  // Null where the object is missing, damaged or of another type; last_fault()
  // then says why.
  ObjectPointer read(const ObjectId& id, ObjectType type);
  // Nothing where there is no such object.
  std::optional<std::uint64_t> size(const ObjectId& id);
  std::optional<ObjectType> type(const ObjectId& id);
  const std::string& last_fault() const { return last_fault_; }
  ObjectFolders& folders() { return folders_; }

 private:
  struct Cached {
    std::uint64_t key;
    ObjectPointer object;
  };
  struct Header {
    ObjectType type;
    std::uint64_t size;
  };
  ObjectPointer unpack(const ObjectFolders::Place& place);
  ObjectPointer read_loose(const ObjectId& id, bool& found);
  std::optional<Header> header(const ObjectId& id);
  std::optional<Header> packed_header(const ObjectFolders::Place& place);
  ObjectPointer cached(std::uint64_t key);
  void keep(std::uint64_t key, const ObjectPointer& object);

  ObjectFolders& folders_;
  std::size_t cache_limit_, cached_bytes_ = 0;
  std::string last_fault_;
  std::list<Cached> cached_;  // most recently used first
  std::unordered_map<std::uint64_t, std::list<Cached>::iterator> index_;
  std::unordered_map<ObjectId, std::string, HashOfId> faulty_;
};

}  // namespace resident::git
