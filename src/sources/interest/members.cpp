#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cstdint>
#include <git/repository.hpp>
#include <memory>
#include <sources/interest/corpus.hpp>
#include <sources/interest/members.hpp>

namespace resident::interest {

namespace {

constexpr int kDeepest = 3;  // a wheel in a tar in a .deb
constexpr std::uint64_t kMostUnpacked = std::uint64_t{8} << 30;
constexpr std::size_t kLargestInner = std::size_t{512} << 20;

struct ArchiveDeleter {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using ArchivePointer = std::unique_ptr<archive, ArchiveDeleter>;

std::string message_of(archive* handle) {
  const char* message = archive_error_string(handle);
  return message ? one_line(clean_text(message, 300)) : "no reason is known";
}

class MemberReader {
 public:
  explicit MemberReader(const MemberVisitor& visitor) : visitor_(visitor) {}

  void read_path(const std::string& path) {
    const ArchivePointer handle = made();
    if (archive_read_open_filename(handle.get(), path.c_str(), 1 << 18) != ARCHIVE_OK)
      return visitor_.problem("", message_of(handle.get()));
    read(handle.get(), "", 0);
  }

 private:
  static ArchivePointer made() {
    ArchivePointer handle(archive_read_new());
    archive_read_support_filter_all(handle.get());
    archive_read_support_format_tar(handle.get());
    archive_read_support_format_zip(handle.get());
    archive_read_support_format_ar(handle.get());
    archive_read_support_format_empty(handle.get());
    return handle;
  }

  void read(archive* handle, const std::string& prefix, int depth) {
    for (;;) {
      archive_entry* entry = nullptr;
      const int code = archive_read_next_header(handle, &entry);
      if (code == ARCHIVE_EOF) return;
      if (code < ARCHIVE_WARN) {
        const bool any = archive_file_count(handle) > 0;
        return visitor_.problem(prefix, fmt::format("{}: {}", any ? "damaged" : "cannot be read", message_of(handle)));
      }
      const char* path = archive_entry_pathname(entry);
      // Members of ar may be without a kind.
      const auto kind = archive_entry_filetype(entry);
      if ((kind != AE_IFREG && kind != 0) || !path) continue;
      std::string name = prefix + path;
      if (name.compare(prefix.size(), 2, "./") == 0) name.erase(prefix.size(), 2);
      if (visitor_.wanted(name)) {
        if (!read_content(handle, name, kLargestSource)) return;
        if (is_whole_) visitor_.visit(name, content_);
      } else if (is_archive_name(name)) {
        // What is packed into the archive of a package: its data, or a release within a release.
        if (depth == kDeepest) {
          visitor_.problem(name, fmt::format("archives within archives, more than {} deep", kDeepest));
          continue;
        }
        if (!read_content(handle, name, kLargestInner)) return;
        if (is_whole_) read_inner(name, depth);
      }
    }
  }

  void read_inner(const std::string& name, int depth) {
    const std::string content = std::move(content_);
    const ArchivePointer handle = made();
    if (archive_read_open_memory(handle.get(), content.data(), content.size()) != ARCHIVE_OK)
      return visitor_.problem(name, message_of(handle.get()));
    read(handle.get(), name + "/", depth + 1);
  }

  // False: nothing more can be had of this archive. The content counts only where is_whole_ says so.
  bool read_content(archive* handle, const std::string& name, std::size_t most) {
    content_.clear();
    is_whole_ = false;
    for (;;) {
      const void* block;
      std::size_t size;
      la_int64_t offset;
      const int code = archive_read_data_block(handle, &block, &size, &offset);
      if (code == ARCHIVE_EOF) break;
      if (code < ARCHIVE_WARN) {
        visitor_.problem(name, fmt::format("damaged: {}", message_of(handle)));
        return code != ARCHIVE_FATAL;
      }
      if ((unpacked_ += size) > kMostUnpacked) {
        visitor_.problem(name,
                         fmt::format("more than {} GiB in one archive; what follows is left out", kMostUnpacked >> 30));
        return false;
      }
      // A sparse file's block may stand anywhere behind the last.
      if (offset < 0 || static_cast<std::uint64_t>(offset) < content_.size() ||
          static_cast<std::uint64_t>(offset) > most || size > most - static_cast<std::size_t>(offset)) {
        visitor_.problem(name, fmt::format("larger than {} MiB", most >> 20));
        return true;
      }
      content_.resize(static_cast<std::size_t>(offset));
      content_.append(static_cast<const char*>(block), size);
    }
    is_whole_ = true;
    return true;
  }

  const MemberVisitor& visitor_;
  std::string content_;
  bool is_whole_ = false;
  std::uint64_t unpacked_ = 0;
};

}  // namespace

void for_each_member(const std::string& archive_file, const MemberVisitor& visitor) {
  MemberReader(visitor).read_path(archive_file);
}

void for_each_tree_file(const std::string& repository, const MemberVisitor& visitor) {
  try {
    git::RepositoryOptions options;
    options.threads = 1;
    git::Repository clone(repository, options);
    for (const auto& file : clone.head_files()) {
      if (file.is_submodule || file.is_link || !visitor.wanted(file.path)) continue;
      const auto text = clone.read_text(file, kLargestSource);
      if (text.text) {
        visitor.visit(file.path, *text.text);
      } else {
        visitor.problem(file.path, text.state == git::Repository::TextState::absent      ? "not in the object store"
                                   : text.state == git::Repository::TextState::too_large ? "larger than 16 MB"
                                                                                         : "not text");
      }
    }
    for (const auto& problem : clone.problems()) visitor.problem(one_line(problem.record), one_line(problem.reason));
  } catch (const Error& error) {
    visitor.problem("", one_line(error.what()));
  }
}

}  // namespace resident::interest
