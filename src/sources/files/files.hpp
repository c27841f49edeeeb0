// The files of a folder, a zip or a tar archive (plain, or compressed by zstd, gzip,
// xz or bzip2), one after the other, so that a source need not care which it was
// given. Links are not followed; files are bounded in size.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace resident {

struct ArchiveFile {
  std::string name;  // relative, with forward slashes, first common folder of a tar kept
  std::string content;
  std::string problem;  // why the content could not be read; then it is empty
};

inline constexpr std::uint64_t kLargestFile = std::uint64_t{512} << 20;

// In order of name for a folder, in the archive's order for a tar. Throws Error
// when the location can't be read at all; a damaged archive gives the files before
// the damage and then one with a problem.
void for_each_file(const std::string& location, const std::function<void(ArchiveFile&&)>& each);

// Whether it is a zip or a tar archive: by its first bytes, or by the end of its name, as a compressed tar tells of
// itself only when it is unpacked. A file that is not there is judged by its name.
bool is_archive(const std::string& location);

// The lines of a plain or compressed file, without their newline. A line beyond
// the bound is given as the problem text instead.
void for_each_line(
    const std::string& file,
    const std::function<void(std::uint64_t number, std::string_view line, std::string_view problem)>& each);
// All of one plain or compressed file.
std::string read_whole_file(const std::string& file);

}  // namespace resident
