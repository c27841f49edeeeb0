#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <sources/git/documents.hpp>
#include <store/document_book.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostFiles = 20'000;
constexpr std::int64_t kMostBytes = 500'000'000;   // of texts, together
constexpr std::size_t kBytesBetween = 32'000'000;  // two checkpoints

const char* name_of(git::Repository::TextState state) {
  switch (state) {
    case git::Repository::TextState::whole:
      return "whole";
    case git::Repository::TextState::cut:
      return "cut";
    case git::Repository::TextState::binary:
      return "binary";
    case git::Repository::TextState::too_large:
      return "too_large";
    case git::Repository::TextState::absent:
      break;
  }
  return "absent";
}

void count(DocumentCounts& counts, const std::string& state) {
  if (state == "cut") ++counts.cut;
  if (state == "binary") ++counts.binary;
  if (state == "too_large") ++counts.too_large;
  if (state == "absent") ++counts.absent;
  if (state == "cut" || state == "whole") ++counts.kept;
}

// In the order of their paths, within the bounds.
std::vector<git::Repository::HeadFile> documents_of(git::Repository& repository, const std::string& doc_paths,
                                                    DocumentCounts& counts) {
  std::vector<git::Repository::HeadFile> files;
  if (doc_paths.empty()) return files;
  const Pattern pattern(doc_paths);
  for (auto& file : repository.head_files())
    if (!file.is_submodule && !file.is_link && pattern.found_in(file.path)) files.push_back(std::move(file));
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  if (files.size() > kMostFiles) {
    counts.beyond = files.size() - kMostFiles;
    files.resize(kMostFiles);
  }
  return files;
}

}  // namespace

std::string DocumentCounts::sentence() const {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t number, const char* what) {
    if (number) parts.push_back(fmt::format("{} {}", with_thousands(static_cast<long long>(number)), what));
  };
  add(cut, "cut at 400 kB");
  add(too_large, "over 16 MB and not read");
  add(binary, "no text");
  add(absent, "absent from the clone");
  add(beyond, "beyond 20,000 files or 500 MB and left out");
  return parts.empty()
             ? std::string()
             : fmt::format(
                   "of the documentation {} in full for the search: {}",
                   kept - cut == 1 ? "1 file is" : with_thousands(static_cast<long long>(kept - cut)) + " files are",
                   fmt::join(parts, ", "));
}

DocumentCounts keep_documents(git::Repository& repository, Writer& writer, const std::string& doc_paths, bool anew) {
  DocumentCounts counts;
  DocumentBook book(writer);
  const std::string tip = repository.default_branch_sha();
  const bool goes_on = !anew && !book.tip().empty() && repository.is_on_first_parent_line(book.tip());
  const auto files = documents_of(repository, doc_paths, counts);

  std::unordered_set<std::string> paths, undated;
  for (const auto& file : files) {
    paths.insert(file.path);
    const auto known = book.stored().find(file.path);
    if (!goes_on || known == book.stored().end() || known->second.blob != file.blob) undated.insert(file.path);
  }
  for (const auto& [path, record] : book.stored())
    if (!paths.contains(path)) book.remove(path);
  const auto changes = repository.last_changes(paths, undated, goes_on ? book.tip() : std::string());

  Progress progress("documentation", files.size());
  std::int64_t total = 0;
  std::size_t waiting = 0;
  for (const auto& file : files) {
    progress.advance();
    const auto known = book.stored().find(file.path);
    const bool is_known = known != book.stored().end();
    if (total >= kMostBytes) {
      ++counts.beyond;
      if (is_known) book.remove(file.path);
      continue;
    }
    const auto change = changes.find(file.path);
    DocumentRecord record{file.path, file.blob};
    if (is_known) record.sha = known->second.sha, record.changed_at = known->second.changed_at;
    if (change != changes.end()) record.sha = change->second.sha, record.changed_at = change->second.at;
    bool is_same = is_known && known->second.blob == file.blob;
    record.state = is_same ? known->second.state : "";
    if (is_same) record.bytes = known->second.bytes;
    if (!is_same || record.state == "absent") {
      auto text = repository.read_text(file, DocumentBook::kLongest);
      is_same = is_same && text.state == git::Repository::TextState::absent;
      record.state = name_of(text.state);
      record.bytes = text.bytes;
      record.body = std::move(text.text);
    }
    if (!is_same) {
      book.put(record);
      waiting += record.body ? record.body->size() : 0;
    } else if (record.sha != known->second.sha) {
      book.date(file.path, record.sha, record.changed_at);
    }
    count(counts, record.state);
    if (record.state == "whole" || record.state == "cut")
      total += std::min(record.bytes.value_or(0), static_cast<std::int64_t>(DocumentBook::kLongest));
    if (waiting > kBytesBetween) {
      writer.checkpoint("");
      waiting = 0;
    }
  }
  if (tip != book.tip()) book.finish(tip);
  return counts;
}

}  // namespace resident
