// The references of a clone and where they lead. Tags of tags are followed to
// their commit; a tag of a file or a tree leads nowhere and is passed over; a
// reference to something missing is a problem.
#pragma once

#include <git/layout.hpp>
#include <git/objects.hpp>
#include <git/problems.hpp>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident::git {

struct Target {
  std::string name;
  ObjectId id;   // of a commit
  Timestamp at;  // of the tagger, else of the commit
};

// The number of a pull or merge request whose head the reference is.
std::optional<std::int64_t> pull_number(const std::string& reference);

class References {
 public:
  References(const Layout& layout, ObjectStore& objects, Problems& problems)
      : layout_(layout), objects_(objects), problems_(problems) {}
  // HEAD, refs/heads, refs/remotes, refs/tags and heads of pull requests; by name.
  const std::vector<Target>& all();
  // A full or short name, HEAD, or a sha.
  std::optional<ObjectId> resolve(const std::string& name);
  // refs/replace/<id>: what stands in an object's place.
  std::unordered_map<ObjectId, ObjectId, HashOfId> replacements();
  // Whether there is such a reference at all, wherever it stands and leads; where it
  // cannot be followed to a commit, that is a problem.
  bool exists(const std::string& name);
  // wanted may be empty.
  std::optional<ObjectId> default_branch(const std::string& wanted);

 private:
  std::map<std::string, std::string> listed();
  void list_files(std::map<std::string, std::string>& found);
  std::optional<ObjectId> usual_branch();
  std::optional<ObjectId> id_of(const std::map<std::string, std::string>& found, const std::string& name,
                                bool& is_unborn) const;
  std::optional<Target> peel(const std::string& name, ObjectId id);

  const Layout& layout_;
  ObjectStore& objects_;
  Problems& problems_;
  std::optional<std::vector<Target>> all_;
};

}  // namespace resident::git
