// The files of a corpus of projects, read on all cores: folders, archives within them or given, and the newest trees of
// git object stores, nothing unpacked to disk. Links are not followed. Text goes to a visitor straight from the buffer
// it was read into; what cannot be read never stops it, and is counted with its reason.
#pragma once

#include <cstdint>
#include <functional>
#include <sources/interest/language.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::interest {

struct CorpusFile {
  std::size_t project = 0;  // place in CorpusReport::projects
  std::string_view path;    // below an archive or object store: its path, then the file's in it
  const Language* language = nullptr;
  std::string_view text;
};

struct CorpusOptions {
  std::vector<std::string> paths;
  std::vector<const Language*> languages;
  unsigned depth = 1;  // folders below each path whose every entry is a project; 0: each path is one
  unsigned workers = 1;
};

struct CorpusProblem {
  std::string path, reason;
};

struct CorpusReport {
  std::vector<std::string> projects;  // by name; archives without version
  std::uint64_t files = 0, bytes = 0;
  std::uint64_t unreadable = 0;         // files, folders and archives
  std::vector<CorpusProblem> problems;  // the first of them
};

inline constexpr std::size_t kLargestSource = std::size_t{64} << 20;

// visit is called from several threads at once; worker is below `workers`.
CorpusReport read_corpus(const CorpusOptions& options,
                         const std::function<void(unsigned worker, const CorpusFile& file)>& visit);

// "foo-1.2.tar.gz" → "foo", "libx_1.0-1_amd64.deb" → "libx": the project that an archive is a release of.
std::string project_of_archive(std::string_view file_name);
bool is_archive_name(std::string_view file_name);

}  // namespace resident::interest
