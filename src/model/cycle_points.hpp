// Moments at which the cycles of a project can be laid one over the other: where the branch of a release leaves the
// default branch, its first beta, its first release candidate, the release itself. From the configuration's releases
// (their names may say a stage: "3.15 beta 1"), tags (v3.15.0b1), branches (3.15, release/3.15, 3.15.x) and a schedule
// that the caller hands over. A moment that lies ahead comes from the configuration or a schedule alone.
#pragma once

#include <base/pattern.hpp>
#include <framework/analysis.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

enum class CyclePoint { branch, beta, candidate, release };
// "branch", "beta", "candidate", "release".
const char* name_of(CyclePoint point);

// One line of a schedule: "3.15.0 beta 1" and its day.
struct ReleaseStage {
  std::string name;
  Timestamp at = 0;
};
// "3.15 beta 1=2026-05-05, 3.15=2026-10-01". Throws Error{usage} for what is not that.
std::vector<ReleaseStage> read_stages(std::string_view text);

// Which release a name is of, and which point of its cycle; nothing for an alpha, or where what stands before the stage
// is no release by the pattern (release_tags): "3.15" and beta of "v3.15.0b1", of "3.15.0 beta 1" too.
struct StageName {
  std::string release;  // without a v in front and .0 behind
  CyclePoint point = CyclePoint::release;
};
std::optional<StageName> stage_of(std::string_view name, const Pattern& releases);

struct CycleMark {
  std::string release;
  Timestamp at = 0;
};
struct CycleMarks {
  std::vector<CycleMark> past, ahead;  // in order of time; of one release its first beta, and so on
  std::string origin;                  // where they come from, in words
};
CycleMarks cycle_marks(const Context& context, CyclePoint point, const std::vector<ReleaseStage>& schedule);

}  // namespace resident
