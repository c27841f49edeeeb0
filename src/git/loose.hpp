// Objects that stand in files of their own, outside packs. libgit2 1.5 can read
// them, but never returns from a file that was cut short (a full disk is enough
// to make one), so they are read here: header, zlib, checksum, declared size.
// Every file gives an answer in time and memory bounded by its size.
#pragma once

#include <cstdint>
#include <git/raw_commit.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident::git {

enum class ObjectType { commit, tree, blob, tag };

std::optional<ObjectType> parse_type(std::string_view name);

struct LooseObject {
  ObjectType type = ObjectType::blob;
  std::uint64_t size = 0;
  std::string bytes;  // empty if only the header was asked for
  bool damaged = false;
};

class LooseObjects {
 public:
  // The clone's own folder of objects and those that it borrows from.
  explicit LooseObjects(const std::string& objects_folder);
  const std::vector<std::string>& folders() const { return folders_; }

  // Nothing where no folder has it.
  std::optional<LooseObject> read(const ObjectId& id, bool header_only = false) const;
  // Whether looking is worth while; false is certain for objects that stood
  // there when the clone was opened.
  bool may_have(const ObjectId& id) const { return has_prefix_[id[0]]; }

 private:
  void add_folder(const std::string& folder, int depth);
  std::vector<std::string> folders_;
  bool has_prefix_[256] = {};
};

}  // namespace resident::git
