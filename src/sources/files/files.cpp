#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sources/files/files.hpp>
#include <vector>

namespace resident {

namespace fs = std::filesystem;

namespace {

struct ArchiveDeleter {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using ArchivePointer = std::unique_ptr<archive, ArchiveDeleter>;

std::string message_of(archive* handle) {
  const char* message = archive_error_string(handle);
  return message ? one_line(clean_text(message, 300)) : "unknown error";
}

// raw: a single, perhaps compressed, file rather than a tar.
ArchivePointer open_archive(const std::string& file, bool raw) {
  ArchivePointer handle(archive_read_new());
  archive_read_support_filter_all(handle.get());
  if (raw) {
    archive_read_support_format_raw(handle.get());
    archive_read_support_format_empty(handle.get());
  } else {
    archive_read_support_format_tar(handle.get());
    archive_read_support_format_zip(handle.get());
  }
  if (archive_read_open_filename(handle.get(), file.c_str(), 1 << 16) != ARCHIVE_OK)
    throw Error(fmt::format("cannot read {}: {}", file, message_of(handle.get())),
                raw ? "" : "give a folder, or a .tar, .tar.zst, .tar.gz, .tar.xz or .zip file");
  return handle;
}

// expected: bytes, where they are known; a content that grows costs its copies.
std::string read_entry(archive* handle, std::string& problem, std::uint64_t expected = 0) {
  std::string content;
  content.reserve(std::min(expected, kLargestFile));
  for (;;) {
    const void* block;
    std::size_t size;
    la_int64_t offset;
    const int code = archive_read_data_block(handle, &block, &size, &offset);
    if (code == ARCHIVE_EOF) return content;
    if (code < ARCHIVE_WARN) {
      problem = fmt::format("the archive is damaged here: {}", message_of(handle));
      return {};
    }
    // A sparse file's block may stand anywhere: what counts is where it ends, holes included.
    if (offset < 0 || static_cast<std::uint64_t>(offset) < content.size() ||
        static_cast<std::uint64_t>(offset) > kLargestFile || size > kLargestFile - static_cast<std::uint64_t>(offset)) {
      problem = fmt::format("larger than {} MiB", kLargestFile >> 20);
      return {};
    }
    content.resize(static_cast<std::size_t>(offset));
    content.append(static_cast<const char*>(block), size);
  }
}

void for_each_in_tar(const std::string& location, const std::function<void(ArchiveFile&&)>& each) {
  const ArchivePointer handle = open_archive(location, false);
  bool any = false;
  for (;;) {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(handle.get(), &entry);
    if (code == ARCHIVE_EOF) return;
    if (code < ARCHIVE_WARN) {
      if (!any)
        throw Error(fmt::format("{} is not an archive that can be read: {}", location, message_of(handle.get())),
                    "give a folder, or a .tar, .tar.zst, .tar.gz, .tar.xz or .zip file");
      each({location, {}, fmt::format("the archive is damaged after this point: {}", message_of(handle.get()))});
      return;
    }
    any = true;
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* path = archive_entry_pathname(entry);
    ArchiveFile file{path ? path : "?", {}, {}};
    if (file.name.starts_with("./")) file.name.erase(0, 2);
    file.content = read_entry(handle.get(), file.problem);
    each(std::move(file));
  }
}

void for_each_in_folder(const std::string& location, const std::function<void(ArchiveFile&&)>& each) {
  struct Name {
    std::string relative;
    std::string problem;
  };
  std::vector<Name> names;
  std::error_code code;
  fs::recursive_directory_iterator walk(location, code), end;
  if (code) throw Error(fmt::format("cannot read the folder {}: {}", location, code.message()), "check its rights");
  while (walk != end) {
    const fs::path path = walk->path();
    const std::string relative = path.lexically_relative(location).generic_string();
    std::error_code status_code;
    const auto status = walk->symlink_status(status_code);
    if (path.filename() == ".git" && fs::is_directory(status)) walk.disable_recursion_pending();
    if (fs::is_symlink(status)) {
      names.push_back({relative, "a symbolic link; links are not followed"});
    } else if (fs::is_regular_file(status)) {
      names.push_back({relative, {}});
    } else if (fs::is_directory(status)) {
      std::error_code open_code;
      fs::directory_iterator probe(path, open_code);
      if (open_code) {
        names.push_back({relative, fmt::format("cannot read the folder: {}", open_code.message())});
        walk.disable_recursion_pending();
      }
    }
    walk.increment(code);
    if (code) break;
  }
  std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.relative < b.relative; });
  for (const auto& name : names) {
    ArchiveFile file{name.relative, {}, name.problem};
    if (file.problem.empty()) {
      const fs::path path = fs::path(location) / name.relative;
      const auto size = fs::file_size(path, code);
      std::ifstream stream(path, std::ios::binary);
      if (code || !stream) {
        file.problem = fmt::format("cannot be opened: {}", code ? code.message() : std::strerror(errno));
      } else if (size > kLargestFile) {
        file.problem = fmt::format("larger than {} MiB", kLargestFile >> 20);
      } else {
        file.content.resize(size);
        stream.read(file.content.data(), static_cast<std::streamsize>(size));
        if (stream.bad() || static_cast<std::uint64_t>(stream.gcount()) != size) {
          file.content.clear();
          file.problem = "cannot be read to its end";
        }
      }
    }
    each(std::move(file));
  }
}

}  // namespace

void for_each_file(const std::string& location, const std::function<void(ArchiveFile&&)>& each) {
  std::error_code code;
  const auto status = fs::status(location, code);
  if (!fs::exists(status)) throw Error(fmt::format("there is nothing at {}", location), "check the path");
  if (fs::is_directory(status)) return for_each_in_folder(location, each);
  for_each_in_tar(location, each);
}

bool is_archive(const std::string& location) {
  constexpr std::array<std::string_view, 10> kEndings{".tar",     ".tar.gz",  ".tgz",     ".tar.xz", ".txz",
                                                      ".tar.bz2", ".tar.zst", ".tar.lz4", ".tbz2",   ".zip"};
  const std::string lower = to_lower(fs::path(location).filename().string());
  if (std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view end) { return lower.ends_with(end); }))
    return true;
  // A pipe gives its bytes once.
  if (std::error_code code; !fs::is_regular_file(location, code)) return false;
  constexpr std::size_t kTarMarkAt = 257;
  std::string first(kTarMarkAt + 5, '\0');
  std::ifstream(location, std::ios::binary).read(first.data(), static_cast<std::streamsize>(first.size()));
  return first.starts_with("PK\x03\x04") || first.ends_with("ustar");
}

void for_each_line(const std::string& file,
                   const std::function<void(std::uint64_t, std::string_view, std::string_view)>& each) {
  if (fs::is_directory(file)) throw Error(fmt::format("{} is a folder, not a file", file));
  const ArchivePointer handle = open_archive(file, true);
  archive_entry* entry = nullptr;
  const int code = archive_read_next_header(handle.get(), &entry);
  if (code == ARCHIVE_EOF) return;
  if (code < ARCHIVE_WARN) throw Error(fmt::format("cannot read {}: {}", file, message_of(handle.get())));
  std::string line;
  std::uint64_t number = 0;
  bool too_long = false;
  const auto give = [&] {
    ++number;
    if (too_long) {
      each(number, {}, "the line is longer than 512 MiB");
    } else {
      each(number, line, {});
    }
    line.clear();
    too_long = false;
  };
  std::vector<char> buffer(1 << 18);
  for (;;) {
    const la_ssize_t size = archive_read_data(handle.get(), buffer.data(), buffer.size());
    if (size < 0) {
      each(number + 1, {}, fmt::format("the file is damaged after this line: {}", message_of(handle.get())));
      return;
    }
    if (size == 0) break;
    std::string_view rest(buffer.data(), static_cast<std::size_t>(size));
    for (std::size_t newline; (newline = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(newline + 1)) {
      line += rest.substr(0, newline);
      give();
    }
    if (line.size() + rest.size() > kLargestFile) {
      too_long = true;
    } else {
      line += rest;
    }
  }
  if (!line.empty() || too_long) give();
}

std::string read_whole_file(const std::string& file) {
  if (fs::is_directory(file)) throw Error(fmt::format("{} is a folder, not a file", file));
  if (!fs::exists(file)) throw Error(fmt::format("there is nothing at {}", file), "check the path");
  const ArchivePointer handle = open_archive(file, true);
  archive_entry* entry = nullptr;
  const int code = archive_read_next_header(handle.get(), &entry);
  if (code == ARCHIVE_EOF) return {};
  if (code < ARCHIVE_WARN) throw Error(fmt::format("cannot read {}: {}", file, message_of(handle.get())));
  std::string problem;
  std::error_code no_size;  // a pipe has none
  const auto size = fs::file_size(file, no_size);
  std::string content = read_entry(handle.get(), problem, no_size ? 0 : size);
  if (!problem.empty()) throw Error(fmt::format("cannot read {}: {}", file, problem));
  return content;
}

}  // namespace resident
