// The git repository, written as a stream into `git fast-import`, which is started
// without a shell and without the user's configuration, so that ids depend on the
// options alone. After each commit its id is asked back (get-mark).
//
// Without a repository the same calls give made-up ids, and nothing is run.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::simulation {

struct FileChange {
  std::string path;
  std::optional<std::string> content;  // absent: deleted
};

struct Commit {
  std::int64_t mark = 0;  // 0: none
  std::string id;
};

class Repository {
 public:
  // Throws Error when git cannot be run.
  Repository(const std::filesystem::path& directory, bool enabled, std::uint64_t seed);
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  bool enabled() const { return enabled_; }
  std::int64_t commits() const { return commits_; }

  // Signatures as People::signature gives them. The reference moves to the commit;
  // below refs/pull/ parents must be given.
  Commit commit(const std::string& reference, const std::vector<std::int64_t>& parents, const std::string& author,
                const std::string& committer, std::string_view message, const std::vector<FileChange>& changes);
  // The id of a commit that is not in the repository.
  std::string made_up_id();
  void reset(const std::string& reference, std::int64_t mark);
  void tag(const std::string& name, std::int64_t mark, const std::string& tagger, std::string_view message);
  // Ends the stream and packs the references; throws Error when git complains.
  void finish();

 private:
  void write(std::string_view text);
  void flush();
  std::string read_line();
  void run(const std::vector<std::string>& arguments);

  std::filesystem::path directory_;
  bool enabled_;
  std::uint64_t seed_;
  int socket_ = -1;
  pid_t process_ = -1;
  std::string buffer_;
  std::int64_t marks_ = 0, commits_ = 0;
  // Thousands of files under refs/pull take longer to write than all commits, so
  // these references go to packed-refs at the end.
  std::map<std::string, std::string> packed_;
};

}  // namespace resident::simulation
