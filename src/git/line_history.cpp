#include <algorithm>
#include <git/line_history.hpp>

namespace resident::git {

namespace {

void append(LineRuns& runs, std::uint32_t origin, std::uint64_t lines) {
  if (!lines) return;
  if (!runs.empty() && runs.back().origin == origin)
    runs.back().lines += static_cast<std::uint32_t>(lines);
  else
    runs.push_back({origin, static_cast<std::uint32_t>(lines)});
}

bool is_submodule(const Entry& entry) {
  return (entry.mode & kModeKind) == kModeSubmodule;
}

std::int64_t total(const LineRuns& runs) {
  std::int64_t lines = 0;
  for (const LineRun& run : runs) lines += run.lines;
  return lines;
}

// The origins of the replaced lines over as many new ones, in order: a line that was cut in two is twice there, of two
// that were joined one. What is not there any more comes back.
LineRuns spread(const LineRuns& replaced, std::uint32_t count, LineRuns& after) {
  std::vector<std::uint32_t> origins;
  for (const LineRun& run : replaced) origins.insert(origins.end(), run.lines, run.origin);
  LineRuns dead;
  if (origins.empty()) return dead;
  std::size_t next = 0;  // the first of the old lines that none has taken over
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t from = i * origins.size() / count;
    for (; next < from; ++next) append(dead, origins[next], 1);
    next = std::max(next, from + 1);
    append(after, origins[from], 1);
  }
  for (; next < origins.size(); ++next) append(dead, origins[next], 1);
  return dead;
}

}  // namespace

LineRuns LineHistory::take(const std::string& path) {
  auto found = files_.find(path);
  if (found == files_.end()) {
    File file;
    if (load_) file.runs = load_(path).value_or(LineRuns{});
    found = files_.emplace(path, std::move(file)).first;
  }
  if (!found->second.is_changed) {
    found->second.is_changed = true;
    changed_.push_back(path);
  }
  return std::move(found->second.runs);
}

void LineHistory::put(const std::string& path, LineRuns&& runs) {
  take(path);
  files_[path].runs = std::move(runs);
}

void LineHistory::bury(const std::string& path, const LineRuns& runs) {
  for (const LineRun& run : runs) on_death_(path, run);
}

// What is left of the runs after the hunks of a change.
LineRuns LineHistory::edit(const std::string& path, const LineRuns& before, const TreeChange& change,
                           std::uint32_t origin, bool is_ignored) {
  LineRuns after;
  std::size_t at = 0;
  std::uint32_t used = 0;  // of the run in hand
  std::uint64_t line = 0;  // of the old file
  const auto move = [&](std::uint64_t upto, bool keep) {
    while (line < upto && at < before.size()) {
      const std::uint64_t step = std::min<std::uint64_t>(upto - line, before[at].lines - used);
      if (keep)
        append(after, before[at].origin, step);
      else
        on_death_(path, {before[at].origin, static_cast<std::uint32_t>(step)});
      line += step;
      used += static_cast<std::uint32_t>(step);
      if (used == before[at].lines) ++at, used = 0;
    }
  };
  for (const Hunk& hunk : change.hunks) {
    move(hunk.old_start, true);
    if (is_ignored && hunk.old_count > 0 && hunk.new_count > 0) {
      LineRuns replaced;
      std::swap(after, replaced);
      move(std::uint64_t{hunk.old_start} + hunk.old_count, true);
      std::swap(after, replaced);
      for (const LineRun& dead : spread(replaced, hunk.new_count, after)) on_death_(path, dead);
      continue;
    }
    move(std::uint64_t{hunk.old_start} + hunk.old_count, false);
    append(after, origin, hunk.new_count);
  }
  move(UINT64_MAX, true);
  return after;
}

void LineHistory::apply(const LineStep& step, const std::function<std::uint32_t(const std::string& path)>& origin_of,
                        bool is_ignored) {
  // Sources first, so that a file may take the name of one that left it.
  std::vector<LineRuns> before(step.changes.size());
  std::vector<std::string> paths(step.changes.size());
  for (std::size_t i = 0; i < step.changes.size(); ++i) {
    const TreeChange& change = step.changes[i];
    paths[i] = path_text(change.path);
    if (change.before.exists()) before[i] = take(change.old_path.empty() ? paths[i] : path_text(change.old_path));
  }
  for (std::size_t i = 0; i < step.changes.size(); ++i) {
    const TreeChange& change = step.changes[i];
    LineRuns& runs = before[i];
    // Gone, binary now, or unreadable.
    if (change.lines < 0 || is_submodule(change.after)) {
      bury(paths[i], runs);
      if (change.after.exists()) put(paths[i], {});
      continue;
    }
    const auto lines = static_cast<std::uint64_t>(change.lines);
    const std::uint32_t origin = step.is_edge ? 0 : origin_of(paths[i]);
    LineRuns after;
    if (!change.before.exists() || is_submodule(change.before)) {
      append(after, origin, lines);
    } else if (change.additions >= 0) {
      std::int64_t old_lines = change.lines;
      for (const Hunk& hunk : change.hunks) old_lines += std::int64_t{hunk.old_count} - std::int64_t{hunk.new_count};
      if (total(runs) != old_lines) {
        // Somewhere on the way a version could not be read.
        lost_ += old_lines;
        runs.clear();
        append(runs, 0, static_cast<std::uint64_t>(std::max<std::int64_t>(0, old_lines)));
      }
      after = edit(paths[i], runs, change, origin, is_ignored && !step.is_edge);
    } else {
      // The old side was binary, or cannot be read: then nobody knows.
      bury(paths[i], runs);
      if (!change.is_binary) lost_ += change.lines;
      append(after, change.is_binary ? origin : 0, lines);
    }
    put(paths[i], std::move(after));
  }
}

void LineHistory::take_changed(const std::function<void(const std::string& path, const LineRuns& runs)>& each) {
  std::sort(changed_.begin(), changed_.end());
  for (const std::string& path : changed_) {
    File& file = files_[path];
    each(path, file.runs);
    file.is_changed = false;
  }
  changed_.clear();
}

}  // namespace resident::git
