// The made-up source code: files of blocks (functions, paragraphs), changed by
// small edits that can be made to any version of a file, so that the same pull
// request applies to its own branch, to main at the time of the merge, and to a
// maintenance branch. Blocks are shared and never changed: a copy of a file is a
// copy of pointers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulate/text.hpp"

namespace resident::simulation {

enum class FileKind : std::uint8_t { code, test, prose, build };

struct SourceFile {
  std::string path;
  FileKind kind = FileKind::code;
  std::uint8_t module = 0, noun = 0;
  std::vector<std::shared_ptr<const std::string>> blocks;
  std::string content() const;
};

enum class EditKind : std::uint8_t { modify, insert, remove, rename, create };

struct Edit {
  std::uint32_t file = 0;
  EditKind kind = EditKind::modify;
  std::uint64_t seed = 0;
};

struct LineCount {
  int added = 0, deleted = 0;
};

// Makes the edit (not create) and says what changed; rename changes the path.
LineCount apply(SourceFile& file, const Edit& edit);
// Of what size the edit will about be, without a file to apply it to.
LineCount estimate(const Edit& edit);

class SourceTree {
 public:
  explicit SourceTree(std::uint64_t seed);

  std::size_t count() const { return files_.size(); }
  SourceFile& operator[](std::uint32_t file) { return files_[file]; }
  const SourceFile& operator[](std::uint32_t file) const { return files_[file]; }
  // The files of a module's noun: the code, its test, the documentation.
  std::uint32_t main_file(const Topic& topic) const;
  std::uint32_t test_file(const Topic& topic) const;
  std::uint32_t docs_file(std::uint8_t module) const;
  // The file that a create edit makes; its path may be taken.
  SourceFile created(const Topic& topic, std::uint64_t seed) const;
  std::optional<std::uint32_t> find(const std::string& path) const;
  std::uint32_t add(SourceFile file);
  void renamed(std::uint32_t file, const std::string& old_path);

 private:
  std::vector<SourceFile> files_;
  std::map<std::string, std::uint32_t> by_path_;
  std::vector<std::uint32_t> first_file_, first_test_;  // per module
};

}  // namespace resident::simulation
