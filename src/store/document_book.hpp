// The texts of a clone's documentation as the store has them (doc_file). Part of a
// Writer: what is written here becomes visible at the Writer's checkpoint, so a sync
// that was killed finds those texts that were committed, and goes on.
#pragma once

#include <store/writer.hpp>

namespace resident {

struct DocumentRecord {
  std::string path, blob;
  std::optional<std::int64_t> bytes = std::nullopt;
  std::string state = "whole";  // whole, cut, binary, too_large, absent
  std::string sha = {};
  Timestamp changed_at = 0;
  std::optional<std::string> body = std::nullopt;
};

class DocumentBook {
 public:
  static constexpr std::size_t kLongest = 400'000;  // bytes of one text that are kept

  explicit DocumentBook(Writer& writer);
  // The commit whose tree stands here; empty at first.
  const std::string& tip() const { return tip_; }
  // What stands, by path, without its text.
  const std::unordered_map<std::string, DocumentRecord>& stored() const { return stored_; }

  void put(const DocumentRecord& record);
  // The same text as before, but its last change is another.
  void date(const std::string& path, const std::string& sha, Timestamp changed_at);
  void remove(const std::string& path);
  // All of that commit's tree is here.
  void finish(const std::string& tip);

 private:
  Parameters key_of(const std::string& path);

  Writer& writer_;
  std::string tip_;
  std::unordered_map<std::string, DocumentRecord> stored_;
};

}  // namespace resident
