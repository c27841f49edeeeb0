#include <git2.h>
#include <xxhash.h>

#include <algorithm>
#include <base/error.hpp>
#include <cstring>
#include <sources/git/line_count.hpp>
#include <sources/git/objects.hpp>

namespace resident::git {

namespace {

constexpr std::uint8_t kUnmatched = 0, kMatched = 1, kFrequent = 2;
constexpr std::uint32_t kNone = 0xFFFFFFFF;
// Below this many edits git's search is exact: it gives up at 256 from each end.
constexpr std::int64_t kExactEdits = 500;
constexpr std::ptrdiff_t kWindow = 100;  // xdiff looks that far around a frequent line

std::string_view take_line(std::string_view& text) {
  const void* end = std::memchr(text.data(), '\n', text.size());
  const std::size_t length =
      end ? static_cast<std::size_t>(static_cast<const char*>(end) - text.data()) + 1 : text.size();
  const std::string_view line = text.substr(0, length);
  text.remove_prefix(length);
  return line;
}

std::size_t count_of_lines(std::string_view text) {
  std::size_t lines = 0;
  while (!text.empty()) {
    take_line(text);
    ++lines;
  }
  return lines;
}

// xdiff's rough square root, a power of two.
std::size_t rough_root(std::size_t number) {
  std::size_t root = 1;
  for (; number > 0; number >>= 2) root <<= 1;
  return root;
}

// Length of the equal lines at the start.
std::size_t equal_prefix(std::string_view a, std::string_view b) {
  const std::size_t limit = std::min(a.size(), b.size());
  std::size_t at = 0;
  while (at + 64 <= limit && std::memcmp(a.data() + at, b.data() + at, 64) == 0) at += 64;
  while (at < limit && a[at] == b[at]) ++at;
  if (at == a.size() && at == b.size()) return at;
  while (at > 0 && a[at - 1] != '\n') --at;
  return at;
}

// Length of the equal lines at the end; both begin at the start of a line.
std::size_t equal_suffix(std::string_view a, std::string_view b) {
  const std::size_t limit = std::min(a.size(), b.size());
  std::size_t length = 0;
  while (length + 64 <= limit &&
         std::memcmp(a.data() + a.size() - length - 64, b.data() + b.size() - length - 64, 64) == 0)
    length += 64;
  while (length < limit && a[a.size() - length - 1] == b[b.size() - length - 1]) ++length;
  const auto begins_line = [](std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == '\n'; };
  if (begins_line(a, a.size() - length) && begins_line(b, b.size() - length)) return length;
  const std::size_t newline = a.find('\n', a.size() - length);
  return newline == std::string_view::npos ? 0 : a.size() - newline - 1;
}

}  // namespace

bool is_binary(std::string_view content) {
  return std::memchr(content.data(), 0, std::min<std::size_t>(content.size(), 8000)) != nullptr;
}

LineCount LineCounter::count_by_xdiff(std::string_view before, std::string_view after) {
  git_diff_options options;
  git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.flags = GIT_DIFF_FORCE_TEXT;
  options.context_lines = 0;
  options.interhunk_lines = 0;
  options.max_size = -1;
  LineCount result;
  const auto on_hunk = [](const git_diff_delta*, const git_diff_hunk* hunk, void* payload) {
    auto* count = static_cast<LineCount*>(payload);
    count->additions += hunk->new_lines;
    count->deletions += hunk->old_lines;
    return 0;
  };
  start_libgit2();
  if (git_diff_buffers(before.data(), before.size(), nullptr, after.data(), after.size(), nullptr, &options, nullptr,
                       nullptr, on_hunk, nullptr, &result) < 0)
    throw Error("cannot compare two files: " + libgit2_message());
  return result;
}

void LineCounter::grow() {
  const std::size_t size = std::max<std::size_t>(64, slots_.size() * 2);
  slots_.assign(size, kNone);
  for (std::uint32_t i = 0; i < classes_.size(); ++i) {
    std::size_t slot = classes_[i].hash & (size - 1);
    while (slots_[slot] != kNone) slot = (slot + 1) & (size - 1);
    slots_[slot] = i;
  }
}

std::uint32_t LineCounter::find(std::uint64_t hash, std::string_view line, bool insert) {
  if (insert && (classes_.size() + 1) * 2 > slots_.size()) grow();
  std::size_t slot = hash & (slots_.size() - 1);
  for (; slots_[slot] != kNone; slot = (slot + 1) & (slots_.size() - 1)) {
    const LineClass& known = classes_[slots_[slot]];
    if (known.hash == hash && known.text == line) return slots_[slot];
  }
  if (!insert) return kNone;
  slots_[slot] = static_cast<std::uint32_t>(classes_.size());
  classes_.push_back({hash, line});
  return slots_[slot];
}

void LineCounter::classify(std::string_view middle, Side& side, bool is_before) {
  side.lines.clear();
  while (!middle.empty()) {
    const std::string_view line = take_line(middle);
    const std::uint32_t line_class = find(XXH3_64bits(line.data(), line.size()), line, true);
    ++(is_before ? classes_[line_class].before : classes_[line_class].after);
    side.lines.push_back(line_class);
  }
}

void LineCounter::count_outside(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const std::uint32_t line_class = find(XXH3_64bits(line.data(), line.size()), line, false);
    if (line_class != kNone) ++classes_[line_class].outside;
  }
}

// Whether git could set a line aside: one that has its like on the other side,
// between lines that have none there.
bool LineCounter::needs_weights(const Side& side, bool is_before) const {
  int state = 0;
  for (const std::uint32_t line : side.lines) {
    const bool matched = (is_before ? classes_[line].after : classes_[line].before) > 0;
    if (matched ? state == 1 : state != 1) ++state;
    if (state == 3) return true;
  }
  return false;
}

void LineCounter::weigh(Side& side, bool is_before) {
  const std::size_t limit = std::min<std::size_t>(rough_root(side.total_lines), 1024);
  side.weight.clear();
  for (const std::uint32_t line : side.lines) {
    const std::size_t likes =
        (is_before ? classes_[line].after : classes_[line].before) + std::size_t{classes_[line].outside};
    side.weight.push_back(likes == 0 ? kUnmatched : likes >= limit ? kFrequent : kMatched);
  }
}

// The lines that take part in the comparison. Without weights: those that have
// their like between the ends of the other side. With them: as xdiff, not the
// frequent ones amid mostly unmatched ones.
void LineCounter::reduce(Side& side, bool is_before, bool weighed) {
  side.remaining.clear();
  side.forced = 0;
  const auto size = static_cast<std::ptrdiff_t>(side.lines.size());
  const auto is_set_aside = [&](std::ptrdiff_t at) {
    const std::ptrdiff_t first = std::max<std::ptrdiff_t>(0, at - kWindow), last = std::min(size - 1, at + kWindow);
    std::ptrdiff_t unmatched_before = 0, unmatched_after = 0, frequent = 2;
    for (std::ptrdiff_t i = at - 1; i >= first && side.weight[i] != kMatched; --i)
      ++(side.weight[i] == kUnmatched ? unmatched_before : frequent);
    if (!unmatched_before) return false;
    for (std::ptrdiff_t i = at + 1; i <= last && side.weight[i] != kMatched; ++i)
      ++(side.weight[i] == kUnmatched ? unmatched_after : frequent);
    if (!unmatched_after) return false;
    return frequent * 4 < frequent + unmatched_before + unmatched_after;
  };
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    const LineClass& line = classes_[side.lines[i]];
    if (weighed && side.weight[i] == kFrequent && is_set_aside(i)) continue;
    if ((is_before ? line.after : line.before) == 0) {
      ++side.forced;
      continue;
    }
    side.remaining.push_back(side.lines[i]);
  }
}

std::int64_t LineCounter::edits(std::int64_t limit) {
  const auto& a = before_.remaining;
  const auto& b = after_.remaining;
  const auto a_size = static_cast<std::int64_t>(a.size()), b_size = static_cast<std::int64_t>(b.size());
  limit = std::min(limit, a_size + b_size);
  // frontier_[d]: how far along a the edits so far reach on diagonal d = x - y.
  constexpr std::int64_t kUnreached = -1;
  const std::int64_t offset = limit + 1;
  frontier_.assign(static_cast<std::size_t>(2 * limit + 3), kUnreached);
  for (std::int64_t cost = 0; cost <= limit; ++cost) {
    for (std::int64_t diagonal = std::max(-cost, -b_size - (cost + b_size) % 2); diagonal <= std::min(cost, a_size);
         diagonal += 2) {
      std::int64_t x = cost == 0 ? 0 : kUnreached;
      const std::int64_t left = frontier_[offset + diagonal - 1], below = frontier_[offset + diagonal + 1];
      if (left != kUnreached && left < a_size) x = left + 1;
      if (below != kUnreached && below - diagonal <= b_size) x = std::max(x, below);
      if (x == kUnreached) continue;
      for (std::int64_t y = x - diagonal; x < a_size && y < b_size && a[x] == b[y]; ++y) ++x;
      frontier_[offset + diagonal] = x;
      if (x == a_size && x - diagonal == b_size) return cost;
    }
  }
  return -1;
}

// Lines that match nothing in between but something in the trimmed ends: xdiff
// carries them along, so they bring it nearer to giving up.
std::int64_t LineCounter::carried_along(std::string_view before, std::size_t prefix, std::size_t suffix, bool counted) {
  if (!counted) {
    count_outside(before.substr(0, prefix));
    count_outside(before.substr(before.size() - suffix));
  }
  std::int64_t carried = 0;
  for (const std::uint32_t line : before_.lines) carried += classes_[line].after == 0 && classes_[line].outside;
  for (const std::uint32_t line : after_.lines) carried += classes_[line].before == 0 && classes_[line].outside;
  return carried;
}

LineCount LineCounter::count(std::string_view before, std::string_view after) {
  const std::size_t prefix = equal_prefix(before, after);
  std::string_view old_middle = before.substr(prefix), new_middle = after.substr(prefix);
  const std::size_t suffix = equal_suffix(old_middle, new_middle);
  old_middle.remove_suffix(suffix);
  new_middle.remove_suffix(suffix);
  if (old_middle.empty() || new_middle.empty())
    return {static_cast<std::int64_t>(count_of_lines(new_middle)),
            static_cast<std::int64_t>(count_of_lines(old_middle))};
  classes_.clear();
  std::fill(slots_.begin(), slots_.end(), kNone);
  classify(old_middle, before_, true);
  classify(new_middle, after_, false);
  const bool weighed = needs_weights(before_, true) || needs_weights(after_, false);
  if (weighed) {
    const std::string_view head = before.substr(0, prefix), tail = before.substr(before.size() - suffix);
    count_outside(head);
    count_outside(tail);
    const std::size_t outside = count_of_lines(head) + count_of_lines(tail);
    before_.total_lines = outside + before_.lines.size();
    after_.total_lines = outside + after_.lines.size();
    weigh(before_, true);
    weigh(after_, false);
  }
  reduce(before_, true, weighed);
  reduce(after_, false, weighed);
  const std::int64_t forced = static_cast<std::int64_t>(before_.forced + after_.forced);
  const auto remaining = static_cast<std::int64_t>(before_.remaining.size() + after_.remaining.size());
  std::int64_t cost = 0;
  if (!before_.remaining.empty() && !after_.remaining.empty()) {
    cost = edits(kExactEdits);
    if (cost < 0) return count_by_xdiff(before, after);
    if (cost + forced > kExactEdits && cost + carried_along(before, prefix, suffix, weighed) > kExactEdits)
      return count_by_xdiff(before, after);
  } else {
    cost = remaining;
  }
  const std::int64_t equal = (remaining - cost) / 2;
  return {static_cast<std::int64_t>(after_.lines.size()) - equal,
          static_cast<std::int64_t>(before_.lines.size()) - equal};
}

}  // namespace resident::git
