// What earlier runs stored of a source and this one might take away: where some of its files cannot be read, what
// stands in them is to stay as it was. A whole (a thread, a series of patches) has parts (posts, mails).
#pragma once

#include <store/writer.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

class StoredParts {
 public:
  void add(const std::string& whole, const std::string& part);
  // Whether what is stored is to stand: writing the whole with these parts alone would take one away, or store one
  // twice, or add none, so that all it changed might be for the worse.
  bool stands(const std::string& whole, const std::vector<std::string>& parts) const;
  bool stands(const ThreadRecord& thread) const;

 private:
  std::unordered_map<std::string, std::string> whole_of_;  // by part
  std::unordered_map<std::string, std::size_t> counts_;    // of parts, by whole
};

// The posts of the writer's source, by thread.
StoredParts stored_posts(Writer& writer);

}  // namespace resident
