#include <algorithm>
#include <cstring>
#include <git/line_diff.hpp>
#include <limits>

namespace resident::git {

namespace {

// The constants of git's diff (xdiff).
constexpr std::uint8_t kNone = 0, kSome = 1, kMany = 2;
constexpr std::size_t kMaxMany = 1024;
constexpr std::ptrdiff_t kWindow = 100;
constexpr std::int64_t kLeastPatience = 256, kHeuristicFrom = 256, kSnake = 20, kGoodEnough = 4;
constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
constexpr int kMaxIndentation = 200, kMaxBlanks = 20;
constexpr std::ptrdiff_t kMaxSlide = 100;
constexpr std::size_t kTailBlock = 1024;
// With fewer lines than this the search never grows expensive enough to settle.
constexpr std::size_t kSmall = 400;

// A rough square root: a power of two.
std::size_t rough_root(std::size_t number) {
  std::size_t root = 1;
  for (; number > 0; number >>= 2) root <<= 1;
  return root;
}

std::size_t equal_at_start(const LineNumber* a, const LineNumber* b, std::size_t limit) {
  std::size_t at = 0;
  while (at + 16 <= limit && std::memcmp(a + at, b + at, 16 * sizeof(LineNumber)) == 0) at += 16;
  while (at < limit && a[at] == b[at]) ++at;
  return at;
}

// The pointers stand behind the ends.
std::size_t equal_at_end(const LineNumber* a, const LineNumber* b, std::size_t limit) {
  std::size_t length = 0;
  while (length + 16 <= limit && std::memcmp(a - length - 16, b - length - 16, 16 * sizeof(LineNumber)) == 0)
    length += 16;
  while (length < limit && a[-1 - static_cast<std::ptrdiff_t>(length)] == b[-1 - static_cast<std::ptrdiff_t>(length)])
    ++length;
  return length;
}

}  // namespace

void LineDiff::load(const LineFile& before, const LineFile& after, std::size_t cut_before, std::size_t cut_after) {
  old_.lines = before.lines();
  old_.size = before.size() - cut_before;
  new_.lines = after.lines();
  new_.size = after.size() - cut_after;
  const std::size_t limit = std::min(old_.size, new_.size);
  old_.begin = new_.begin = equal_at_start(old_.lines, new_.lines, limit);
  const std::size_t tail = equal_at_end(old_.lines + old_.size, new_.lines + new_.size, limit - old_.begin);
  old_.end = old_.size - tail;
  new_.end = new_.size - tail;
}

LineCount LineDiff::count(const LineFile& before, const LineFile& after) {
  load(before, after, 0, 0);
  const std::size_t old_lines = old_.end - old_.begin, new_lines = new_.end - new_.begin;
  LineCount result{static_cast<std::int64_t>(new_lines), static_cast<std::int64_t>(old_lines)};
  // One line against one: they differ.
  if (!old_lines || !new_lines || (old_lines == 1 && new_lines == 1)) return result;
  if (old_lines + new_lines <= kSmall)
    if (const auto small = count_small()) return *small;
  compare();
  const auto changed = [](const Side& side) {
    return std::count(side.changed.begin() + static_cast<std::ptrdiff_t>(side.begin) + 1,
                      side.changed.begin() + static_cast<std::ptrdiff_t>(side.end) + 1, 1);
  };
  return {changed(new_), changed(old_)};
}

std::optional<LineCount> LineDiff::hunks(const LineFile& before, const LineFile& after, std::vector<Hunk>& result) {
  result.clear();
  // The equal end, in blocks of 1024 bytes, less what is needed to begin at a line.
  const std::size_t limit = std::min(before.size(), after.size());
  std::size_t tail = equal_at_end(before.lines() + before.size(), after.lines() + after.size(), limit);
  std::uint64_t bytes = before.starts()[before.size()] - before.starts()[before.size() - tail];
  if (tail < before.size() && tail < after.size()) {
    const std::string_view a = table_.text(before.lines()[before.size() - tail - 1]),
                           b = table_.text(after.lines()[after.size() - tail - 1]);
    for (std::size_t i = 1; i <= std::min(a.size(), b.size()) && a[a.size() - i] == b[b.size() - i]; ++i) ++bytes;
  }
  const std::uint64_t trimmed = bytes / kTailBlock * kTailBlock;
  std::size_t cut = 0;
  if (trimmed) {
    // Lines that begin behind the first line feed in what was trimmed.
    const std::uint64_t begin = before.bytes() - trimmed;
    const std::uint32_t* starts = before.starts();
    const std::size_t line = static_cast<std::size_t>(std::upper_bound(starts, starts + before.size(), begin) - starts);
    // A line that begins exactly there is kept to its end.
    cut = before.size() - std::min(line, before.size());
  }
  load(before, after, cut, cut);
  const std::size_t old_lines = old_.end - old_.begin, new_lines = new_.end - new_.begin;
  if (!old_lines && !new_lines) return LineCount{};
  compare();
  // Few lines, or lines on one side only: the search found the fewest edits.
  const bool is_smallest =
      !old_lines || !new_lines ||
      (old_lines + new_lines <= kSmall && !may_set_aside(old_, true) && !may_set_aside(new_, false));
  compact(old_, new_);
  compact(new_, old_);
  std::ptrdiff_t a = 0, b = 0;
  const auto old_size = static_cast<std::ptrdiff_t>(old_.size), new_size = static_cast<std::ptrdiff_t>(new_.size);
  while (a < old_size || b < new_size) {
    if (!old_.is_changed(a) && !new_.is_changed(b)) {
      ++a, ++b;
      continue;
    }
    const std::ptrdiff_t from_a = a, from_b = b;
    while (old_.is_changed(a)) ++a;
    while (new_.is_changed(b)) ++b;
    result.push_back({static_cast<std::uint32_t>(from_a), static_cast<std::uint32_t>(a - from_a),
                      static_cast<std::uint32_t>(from_b), static_cast<std::uint32_t>(b - from_b)});
  }
  if (!is_smallest) return std::nullopt;
  LineCount count;
  for (const Hunk& hunk : result) count.additions += hunk.new_count, count.deletions += hunk.old_count;
  return count;
}

// Few lines differ, so the search is exact, and which lines git sets aside matters
// only if there is a line with a like between lines without. Then the smallest
// number of edits is the answer and the rest of the files need not be looked at.
std::optional<LineCount> LineDiff::count_small() {
  count_likes(false);
  if (may_set_aside(old_, true) || may_set_aside(new_, false)) return std::nullopt;
  const auto reduce = [&](Side& side, bool is_old) {
    side.compared.clear();
    side.position.clear();
    for (std::size_t i = side.begin; i < side.end; ++i) {
      const Likes& likes = likes_[side.lines[i]];
      if ((is_old ? likes.in_new : likes.in_old) == 0) continue;
      side.compared.push_back(side.lines[i]);
      side.position.push_back(static_cast<std::uint32_t>(side.compared.size() - 1));
    }
    side.changed.assign(side.compared.size() + 2, 0);
  };
  reduce(old_, true);
  reduce(new_, false);
  search_all();
  const auto equal = static_cast<std::int64_t>(
      old_.compared.size() - static_cast<std::size_t>(std::count(old_.changed.begin(), old_.changed.end(), 1)));
  return LineCount{static_cast<std::int64_t>(new_.end - new_.begin) - equal,
                   static_cast<std::int64_t>(old_.end - old_.begin) - equal};
}

// Whether a line that has a like stands between lines that have none.
bool LineDiff::may_set_aside(const Side& side, bool is_old) const {
  int state = 0;
  for (std::size_t i = side.begin; i < side.end; ++i) {
    const Likes& likes = likes_[side.lines[i]];
    const bool has_like = (is_old ? likes.in_new : likes.in_old) > 0;
    if (has_like ? state == 1 : state != 1) ++state;
    if (state == 3) return true;
  }
  return false;
}

// How often each line between the ends stands there, or in the whole of the files.
void LineDiff::count_likes(bool whole_files) {
  if (likes_.size() < table_.size()) likes_.resize(table_.size() + table_.size() / 4);
  ++round_;
  const auto mark = [&](const Side& side, std::uint32_t Likes::*which) {
    for (std::size_t i = side.begin; i < side.end; ++i) {
      Likes& likes = likes_[side.lines[i]];
      if (likes.round != round_) likes = {0, 0, round_};
      ++(likes.*which);
    }
  };
  mark(old_, &Likes::in_old);
  mark(new_, &Likes::in_new);
  if (!whole_files) return;
  const auto outside = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      Likes& likes = likes_[old_.lines[i]];
      if (likes.round == round_) ++likes.in_old, ++likes.in_new;
    }
  };
  outside(0, old_.begin);
  outside(old_.end, old_.size);
}

void LineDiff::set_aside(Side& side, bool is_old) {
  const std::size_t limit = std::min(rough_root(side.size), kMaxMany);
  const std::size_t count = side.end - side.begin;
  side.likes.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Likes& likes = likes_[side.lines[side.begin + i]];
    const std::uint32_t number = is_old ? likes.in_new : likes.in_old;
    side.likes[i] = number == 0 ? kNone : number >= limit ? kMany : kSome;
  }
  const auto size = static_cast<std::ptrdiff_t>(count);
  const std::uint8_t* likes = side.likes.data();
  // A frequent line between lines that mostly have no like at all.
  const auto is_amid_changes = [&](std::ptrdiff_t at) {
    const std::ptrdiff_t first = std::max<std::ptrdiff_t>(0, at - kWindow), last = std::min(size - 1, at + kWindow);
    std::ptrdiff_t none_before = 0, none_after = 0, many = 2;
    for (std::ptrdiff_t i = at - 1; i >= first && likes[i] != kSome; --i) ++(likes[i] == kNone ? none_before : many);
    if (!none_before) return false;
    for (std::ptrdiff_t i = at + 1; i <= last && likes[i] != kSome; ++i) ++(likes[i] == kNone ? none_after : many);
    if (!none_after) return false;
    return many * 4 < many + none_before + none_after;
  };
  side.compared.clear();
  side.position.clear();
  side.changed.assign(side.size + 2, 0);
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    const std::size_t line = side.begin + static_cast<std::size_t>(i);
    if (likes[i] == kSome || (likes[i] == kMany && !is_amid_changes(i))) {
      side.compared.push_back(side.lines[line]);
      side.position.push_back(static_cast<std::uint32_t>(line));
    } else {
      side.changed[line + 1] = 1;
    }
  }
}

void LineDiff::compare() {
  if (old_.begin == old_.end || new_.begin == new_.end) {
    for (Side* side : {&old_, &new_}) {
      side->changed.assign(side->size + 2, 0);
      std::fill_n(side->changed.begin() + static_cast<std::ptrdiff_t>(side->begin) + 1, side->end - side->begin, 1);
    }
    return;
  }
  count_likes(true);
  set_aside(old_, true);
  set_aside(new_, false);
  search_all();
}

void LineDiff::search_all() {
  const std::size_t a = old_.compared.size(), b = new_.compared.size(), diagonals = a + b + 3;
  if (frontiers_.size() < 2 * diagonals + 2) frontiers_.resize(2 * diagonals + 2);
  forward_ = frontiers_.data() + b + 1;
  backward_ = forward_ + diagonals;
  patience_ = std::max(static_cast<std::int64_t>(rough_root(diagonals)), kLeastPatience);
  search(0, static_cast<std::int64_t>(a), 0, static_cast<std::int64_t>(b), false);
}

void LineDiff::search(std::int64_t a_begin, std::int64_t a_end, std::int64_t b_begin, std::int64_t b_end,
                      bool minimal) {
  const LineNumber *a = old_.compared.data(), *b = new_.compared.data();
  for (;;) {
    while (a_begin < a_end && b_begin < b_end && a[a_begin] == b[b_begin]) ++a_begin, ++b_begin;
    while (a_begin < a_end && b_begin < b_end && a[a_end - 1] == b[b_end - 1]) --a_end, --b_end;
    if (a_begin == a_end) {
      for (; b_begin < b_end; ++b_begin) new_.set(new_.position[static_cast<std::size_t>(b_begin)], true);
      return;
    }
    if (b_begin == b_end) {
      for (; a_begin < a_end; ++a_begin) old_.set(old_.position[static_cast<std::size_t>(a_begin)], true);
      return;
    }
    const Split at = split(a_begin, a_end, b_begin, b_end, minimal);
    search(a_begin, at.a, b_begin, at.b, at.minimal_low);
    a_begin = at.a;
    b_begin = at.b;
    minimal = at.minimal_high;
  }
}

// Where a shortest way through the box meets itself, coming from both corners; or,
// where that takes too long, a point on a way that is good.
LineDiff::Split LineDiff::split(std::int64_t a_begin, std::int64_t a_end, std::int64_t b_begin, std::int64_t b_end,
                                bool minimal) {
  const LineNumber *a = old_.compared.data(), *b = new_.compared.data();
  std::int64_t *forward = forward_, *backward = backward_;
  const std::int64_t least = a_begin - b_end, most = a_end - b_begin;
  const std::int64_t first = a_begin - b_begin, last = a_end - b_end;
  const bool is_odd = (first - last) & 1;
  std::int64_t forward_low = first, forward_high = first, backward_low = last, backward_high = last;
  forward[first] = a_begin;
  backward[last] = a_end;
  for (std::int64_t cost = 1;; ++cost) {
    bool has_snake = false;
    if (forward_low > least)
      forward[--forward_low - 1] = -1;
    else
      ++forward_low;
    if (forward_high < most)
      forward[++forward_high + 1] = -1;
    else
      --forward_high;
    for (std::int64_t d = forward_high; d >= forward_low; d -= 2) {
      std::int64_t x = forward[d - 1] >= forward[d + 1] ? forward[d - 1] + 1 : forward[d + 1];
      const std::int64_t start = x;
      for (std::int64_t y = x - d; x < a_end && y < b_end && a[x] == b[y]; ++x, ++y) {
      }
      if (x - start > kSnake) has_snake = true;
      forward[d] = x;
      if (is_odd && backward_low <= d && d <= backward_high && backward[d] <= x) return {x, x - d, true, true};
    }
    if (backward_low > least)
      backward[--backward_low - 1] = kFar;
    else
      ++backward_low;
    if (backward_high < most)
      backward[++backward_high + 1] = kFar;
    else
      --backward_high;
    for (std::int64_t d = backward_high; d >= backward_low; d -= 2) {
      std::int64_t x = backward[d - 1] < backward[d + 1] ? backward[d - 1] : backward[d + 1] - 1;
      const std::int64_t start = x;
      for (std::int64_t y = x - d; x > a_begin && y > b_begin && a[x - 1] == b[y - 1]; --x, --y) {
      }
      if (start - x > kSnake) has_snake = true;
      backward[d] = x;
      if (!is_odd && forward_low <= d && d <= forward_high && x <= forward[d]) return {x, x - d, true, true};
    }
    if (minimal) continue;
    if (has_snake && cost > kHeuristicFrom) {
      // A diagonal that has come far and ends in a long run of equal lines.
      std::int64_t best = 0;
      Split found;
      for (std::int64_t d = forward_high; d >= forward_low; d -= 2) {
        const std::int64_t x = forward[d], y = x - d, off = d > first ? d - first : first - d;
        const std::int64_t way = (x - a_begin) + (y - b_begin) - off;
        if (way <= kGoodEnough * cost || way <= best || x < a_begin + kSnake || x >= a_end || y < b_begin + kSnake ||
            y >= b_end)
          continue;
        for (std::int64_t k = 1; a[x - k] == b[y - k]; ++k) {
          if (k < kSnake) continue;
          best = way;
          found = {x, y, true, false};
          break;
        }
      }
      if (best > 0) return found;
      for (std::int64_t d = backward_high; d >= backward_low; d -= 2) {
        const std::int64_t x = backward[d], y = x - d, off = d > last ? d - last : last - d;
        const std::int64_t way = (a_end - x) + (b_end - y) - off;
        if (way <= kGoodEnough * cost || way <= best || x <= a_begin || x > a_end - kSnake || y <= b_begin ||
            y > b_end - kSnake)
          continue;
        for (std::int64_t k = 0; a[x + k] == b[y + k]; ++k) {
          if (k < kSnake - 1) continue;
          best = way;
          found = {x, y, false, true};
          break;
        }
      }
      if (best > 0) return found;
    }
    if (cost < patience_) continue;
    std::int64_t forward_best = -1, forward_x = -1, backward_best = kFar, backward_x = kFar;
    for (std::int64_t d = forward_high; d >= forward_low; d -= 2) {
      std::int64_t x = std::min(forward[d], a_end), y = x - d;
      if (b_end < y) x = b_end + d, y = b_end;
      if (forward_best < x + y) forward_best = x + y, forward_x = x;
    }
    for (std::int64_t d = backward_high; d >= backward_low; d -= 2) {
      std::int64_t x = std::max(a_begin, backward[d]), y = x - d;
      if (y < b_begin) x = b_begin + d, y = b_begin;
      if (x + y < backward_best) backward_best = x + y, backward_x = x;
    }
    if ((a_end + b_end) - backward_best < forward_best - (a_begin + b_begin))
      return {forward_x, forward_best - forward_x, true, false};
    return {backward_x, backward_best - backward_x, false, true};
  }
}

// Columns before the first character that is no space; -1 for a blank line.
int LineDiff::indentation(const Side& side, std::ptrdiff_t line) const {
  int columns = 0;
  for (const char c : table_.text(side.lines[line])) {
    if (c == ' ')
      ++columns;
    else if (c == '\t')
      columns += 8 - columns % 8;
    else if (c != '\n' && c != '\r')  // for git a form feed is no space
      return columns;
    if (columns >= kMaxIndentation) return kMaxIndentation;
  }
  return -1;
}

// Where a group of `size` lines that can slide up to earliest_end reads best: git's
// scores, smaller is better, for the places above and below it.
std::ptrdiff_t LineDiff::best_end(const Side& side, const Group& group, std::ptrdiff_t earliest_end,
                                  std::ptrdiff_t size) const {
  const auto lines = static_cast<std::ptrdiff_t>(side.size);
  struct Score {
    int indentation = 0, penalty = 0;
  };
  const auto add = [&](std::ptrdiff_t place, Score& score) {
    const int own = place >= lines ? -1 : indentation(side, place);
    int blank_before = 0, before = -1, blank_after = 0, after = -1;
    for (std::ptrdiff_t i = place - 1; i >= 0; --i) {
      before = indentation(side, i);
      if (before != -1) break;
      if (++blank_before == kMaxBlanks) {
        before = 0;
        break;
      }
    }
    for (std::ptrdiff_t i = place + 1; i < lines; ++i) {
      after = indentation(side, i);
      if (after != -1) break;
      if (++blank_after == kMaxBlanks) {
        after = 0;
        break;
      }
    }
    if (before == -1 && blank_before == 0) score.penalty += 1;
    if (place >= lines) score.penalty += 21;
    const int blank_here = own == -1 ? 1 + blank_after : 0, blanks = blank_before + blank_here;
    score.penalty += -30 * blanks + 6 * blank_here;
    const int effective = own != -1 ? own : after;
    score.indentation += effective;
    if (effective == -1 || before == -1 || effective == before) return;
    if (effective > before)
      score.penalty += blanks ? 10 : -4;
    else if (after != -1 && after > effective)
      score.penalty += blanks ? 17 : 24;
    else
      score.penalty += blanks ? 17 : 23;
  };
  std::ptrdiff_t best = -1;
  Score best_score;
  for (std::ptrdiff_t end = std::max({earliest_end, group.end - size - 1, group.end - kMaxSlide}); end <= group.end;
       ++end) {
    Score score;
    add(end, score);
    add(end - size, score);
    const int order = (score.indentation > best_score.indentation) - (score.indentation < best_score.indentation);
    if (best != -1 && 60 * order + (score.penalty - best_score.penalty) > 0) continue;
    best = end;
    best_score = score;
  }
  return best;
}

// Slides each group of changed lines up and down as far as equal lines allow,
// joining those it meets; leaves it beside a group of the other file if it can,
// else where it reads best.
void LineDiff::compact(Side& side, Side& other) {
  const auto lines = static_cast<std::ptrdiff_t>(side.size), other_lines = static_cast<std::ptrdiff_t>(other.size);
  // Before the first difference both files have only empty groups, in step.
  const auto begin = static_cast<std::ptrdiff_t>(side.begin);
  Group group{begin, begin}, beside{begin, begin};
  while (side.is_changed(group.end)) ++group.end;
  while (other.is_changed(beside.end)) ++beside.end;
  const auto next = [](const Side& in, Group& at, std::ptrdiff_t size) {
    if (at.end == size) return false;
    at.start = ++at.end;
    while (in.is_changed(at.end)) ++at.end;
    return true;
  };
  const auto previous = [](const Side& in, Group& at) {
    if (at.start == 0) return;
    at.end = --at.start;
    while (in.is_changed(at.start - 1)) --at.start;
  };
  const auto slide_up = [&] {
    if (group.start == 0 || side.lines[group.start - 1] != side.lines[group.end - 1]) return false;
    side.set(--group.start, true);
    side.set(--group.end, false);
    while (side.is_changed(group.start - 1)) --group.start;
    return true;
  };
  const auto slide_down = [&] {
    if (group.end >= lines || side.lines[group.start] != side.lines[group.end]) return false;
    side.set(group.start++, false);
    side.set(group.end++, true);
    while (side.is_changed(group.end)) ++group.end;
    return true;
  };
  const auto last = static_cast<std::ptrdiff_t>(side.end);
  do {
    if (group.end == group.start) {
      if (group.start > last) return;  // only equal lines from here on
      continue;
    }
    std::ptrdiff_t size, earliest_end, end_beside;
    do {
      size = group.end - group.start;
      end_beside = -1;
      while (slide_up()) previous(other, beside);
      earliest_end = group.end;
      if (beside.end > beside.start) end_beside = group.end;
      while (slide_down()) {
        next(other, beside, other_lines);
        if (beside.end > beside.start) end_beside = group.end;
      }
    } while (size != group.end - group.start);
    if (group.end == earliest_end) continue;
    if (end_beside != -1) {
      while (beside.end == beside.start && slide_up()) previous(other, beside);
    } else {
      const std::ptrdiff_t end = best_end(side, group, earliest_end, size);
      while (group.end > end && slide_up()) previous(other, beside);
    }
  } while (next(side, group, lines) && next(other, beside, other_lines));
}

}  // namespace resident::git
