// Whose lines stand, whose stood, and when they went: line_owner and line_death as of
// a moment. The newest state is exact to the second. Deaths are kept by month, so an
// earlier moment is answered as of the beginning of its month: exact again, and
// nothing later than the moment is told. Paths are those of the newest tree, or of
// the removal. Identities are people (merges and splits count); ignored paths don't.
#pragma once

#include <functional>
#include <limits>
#include <model/modules.hpp>
#include <model/presence.hpp>
#include <optional>
#include <string>

namespace resident {

// 12 × year + month - 1 (UTC), as the store counts months.
int month_number(Timestamp time);
Timestamp start_of_month_number(int month);

// The moment the lines are told of.
struct LineMoment {
  Timestamp at = 0;        // as_of, or the beginning of its month
  int month = 0;           // of at
  bool is_newest = false;  // nothing on the default branch is later than as_of
  std::string text() const { return format_date(at); }
};
// whole_months: the beginning of as_of's month in any case.
LineMoment line_moment(const Context& context, bool whole_months = false);

inline constexpr int kStanding = std::numeric_limits<int>::max();

struct Lines {
  std::int64_t path_id = 0;
  std::int64_t person = 0;  // 0: cannot be known
  int born_month = 0, died_month = kStanding;
  Timestamp born_at = 0;  // to the second for what stands in the newest tree, else the month's beginning
  std::int64_t count = 0;
  bool has_origin = true;  // false: who wrote them, and when, cannot be known
};

// Each group of lines that stand at the moment; with `dead`, also those gone before it.
void each_lines(const Context& context, const People& people, const LineMoment& moment, bool dead,
                const std::function<void(const Lines&)>& each);

// Why there is nothing to say and what to do, as a sentence; "" where lines are known.
std::string why_no_lines(const Context& context);

// --module and --path: which files are asked for. Throws Error{usage} with the nearest
// name for a module or a path that the history does not know.
class PathFilter {
 public:
  PathFilter(const Context& context, ModuleMap& map);
  // False for ignored paths, too.
  bool counts(std::int64_t path_id) const;
  bool is_ignored(std::int64_t path_id) const { return map_.module_of(path_id).empty(); }
  std::string text() const;  // " of src/a" for claims; "" if all files are asked for

 private:
  bool is_below(std::int64_t path_id) const;
  ModuleMap& map_;
  std::string module_, path_;
};

// How the lines were counted, for `method` and `definition`.
extern const char* const kLineDefinition;
std::string line_method(const LineMoment& moment);

}  // namespace resident
