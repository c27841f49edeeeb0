// Two files and a delta from any bytes: the hunks turn one file into the other, the
// counts agree with them where few lines differ, and a delta gives what plain bytes
// give or nothing.
#include <cstdint>
#include <cstdlib>
#include <git/line_diff.hpp>

using namespace resident::git;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::string plain_delta(std::string_view base, std::string_view delta, bool& ok) {
  DeltaReader reader(delta);
  std::string result;
  ok = reader.ok() && reader.base_size() == base.size() && reader.result_size() <= 1 << 20;
  for (DeltaReader::Step step; ok && reader.next(step) && result.size() <= reader.result_size();)
    result += step.is_copy ? base.substr(step.offset, step.length) : step.bytes;
  ok = ok && reader.ok() && result.size() == reader.result_size();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Problems problems;
  ObjectFolders folders("/nonexistent", kSha1Bytes, problems);
  LineStore store(folders, 1 << 20, 1 << 22);
  LineDiff diff(store.table());
  const auto before = store.from_text(text.substr(0, size / 2)), after = store.from_text(text.substr(size / 2));
  require(store.text(*before) == text.substr(0, size / 2));
  if (!before->is_binary() && !after->is_binary()) {
    const LineCount count = diff.count(*before, *after);
    std::vector<Hunk> hunks;
    diff.hunks(*before, *after, hunks);
    std::vector<LineNumber> made;
    std::size_t at = 0;
    std::int64_t added = 0, removed = 0;
    for (const Hunk& hunk : hunks) {
      require(hunk.old_start >= at && hunk.old_start + hunk.old_count <= before->size());
      made.insert(made.end(), before->lines() + at, before->lines() + hunk.old_start);
      require(made.size() == hunk.new_start && hunk.new_start + hunk.new_count <= after->size());
      made.insert(made.end(), after->lines() + hunk.new_start, after->lines() + hunk.new_start + hunk.new_count);
      at = hunk.old_start + hunk.old_count;
      added += hunk.new_count;
      removed += hunk.old_count;
    }
    made.insert(made.end(), before->lines() + at, before->lines() + before->size());
    require(made == std::vector<LineNumber>(after->lines(), after->lines() + after->size()));
    require(count.additions - count.deletions == added - removed);
  }
  const std::string base(text.substr(0, size / 3));
  bool ok = false;
  const std::string expected = plain_delta(base, text.substr(size / 3), ok);
  const auto made = store.apply(*store.from_text(base), text.substr(size / 3));
  require(ok == static_cast<bool>(made));
  if (made) require(store.text(*made) == expected && made->is_binary() == is_binary(expected));
  return 0;
}
