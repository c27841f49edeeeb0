// What a clone lacks, and what of it has come since the last sync: a shallow clone that was deepened, blobs and trees
// that a partial clone fetched later, packs that were mended. Promises that what is read again equals what a fresh
// store would read, that every gap that is still there stays told however many syncs pass it by, and that one that
// was filled is told no more.
#pragma once

#include <git/repository.hpp>
#include <store/writer.hpp>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace resident {

class GitGaps {
 public:
  // The kind, in quarantine, of what could be read in full and is more than is kept: nothing is the matter with it.
  static constexpr std::string_view kLimit = "limit";

  // Looks at what earlier syncs left, before anything is read.
  GitGaps(git::Repository& repository, Writer& writer);

  // Something that was absent may be there now: what depends on all of history is to be made anew.
  bool some_came() const { return some_came_; }
  // The stored commits whose files are to be compared once more.
  const std::unordered_set<std::string>& commits() const { return commits_; }
  // Of a commit that was read now: whether all its trees could be.
  void note(const std::string& sha, bool is_whole);
  // Of a commit that was read now: the clone's history ends there.
  void note_edge(const std::string& sha);
  // Lines of this run whose origin was lost.
  void lost_lines(std::int64_t lines);
  // After all was read: tells what is absent now, takes back what is no more. How many things could not be read.
  // with_lines: so were the lines.
  std::size_t tell(const std::vector<git::Problem>& problems, bool with_lines);

 private:
  git::Repository& repository_;
  Writer& writer_;
  std::vector<Writer::SetAside> before_;
  std::unordered_set<std::string> commits_;
  bool some_came_ = false;
};

}  // namespace resident
