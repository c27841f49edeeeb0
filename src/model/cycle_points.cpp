#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <map>
#include <model/cycle_points.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestBranch = 50'000;  // commits

// "v3.15.0" and "3.15" are one release.
std::string release_key(std::string_view name) {
  static const Pattern numbers(R"((\d+(?:[._]\d+)*))");
  std::string key;
  if (!numbers.found_in(name, &key)) return std::string(name);
  std::replace(key.begin(), key.end(), '_', '.');
  while (key.ends_with(".0") && std::count(key.begin(), key.end(), '.') > 1) key.resize(key.size() - 2);
  return key;
}

// The first moment of each release, and where it was found.
class Marks {
 public:
  Marks(const Context& context, CyclePoint point)
      : context_(context), point_(point), tags_(context.config.release_tags) {}

  void take(std::string_view name, Timestamp at, std::string_view from) {
    if (const auto stage = stage_of(name, tags_); stage && stage->point == point_) add(stage->release, at, from);
  }
  void add(const std::string& release, Timestamp at, std::string_view from) {
    const auto [found, is_new] = first_.try_emplace(release, Mark{at, from});
    if (!is_new && found->second.from == from) found->second.at = std::min(found->second.at, at);
  }
  // Whatever the configuration calls a release is one.
  void take_configured(std::string_view name, Timestamp at) {
    constexpr std::string_view kFrom = "the configuration";
    const auto stage = stage_of(name, tags_);
    if (stage ? stage->point == point_ : point_ == CyclePoint::release)
      add(stage ? stage->release : std::string(name), at, kFrom);
  }
  bool is_release(std::string_view name) const { return tags_.found_in(name); }

  CycleMarks result() const {
    CycleMarks marks;
    std::vector<std::string> origins;
    for (const auto& [release, mark] : first_) {
      (mark.at <= context_.as_of ? marks.past : marks.ahead).push_back({release, mark.at});
      if (std::find(origins.begin(), origins.end(), mark.from) == origins.end()) origins.emplace_back(mark.from);
    }
    const auto earlier = [](const CycleMark& a, const CycleMark& b) { return a.at < b.at; };
    std::stable_sort(marks.past.begin(), marks.past.end(), earlier);
    std::stable_sort(marks.ahead.begin(), marks.ahead.end(), earlier);
    marks.origin = fmt::format("{}", fmt::join(origins, ", "));
    return marks;
  }

 private:
  struct Mark {
    Timestamp at = 0;
    std::string_view from;
  };
  const Context& context_;
  CyclePoint point_;
  Pattern tags_;
  std::map<std::string, Mark> first_;
};

// Where a branch leaves the default one: the first commit of its first parents that is on both.
std::optional<Timestamp> leaving_of(const Context& context, std::string sha) {
  for (std::size_t step = 0; step < kLongestBranch; ++step) {
    const auto rows = context.database.query(
        "SELECT c.on_default, c.committed_at, p.parent_sha FROM git_commit c LEFT JOIN commit_parent p ON p.project_id "
        "= c.project_id AND p.commit_id = c.commit_id AND p.position = 0 WHERE c.project_id = :project AND c.sha = "
        ":sha",
        {{"project", context.project_id}, {"sha", sha}});
    if (!rows->next()) return std::nullopt;
    if (rows->integer(0) == 1) return rows->integer(1);
    if (rows->is_null(2)) return std::nullopt;
    sha = rows->string(2);
  }
  return std::nullopt;
}

void take_branches(const Context& context, Marks& marks) {
  static const Pattern branch(
      R"(^refs/(?:heads|remotes/[^/]+)/(?:.*[/_-])?(v?\d+\.\d+)(?:[._-](?:x|0|branch|stable|maint|maintenance))?$)",
      Pattern::Letters::any_case);
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto rows =
           context.database.query("SELECT name, min(sha) FROM git_ref WHERE project_id = :project AND (name LIKE "
                                  "'refs/heads/%' OR name LIKE 'refs/remotes/%') GROUP BY name ORDER BY name",
                                  {{"project", context.project_id}});
       rows->next();) {
    std::string series;
    if (branch.found_in(rows->text(0), &series) && marks.is_release(series))
      found.emplace_back(release_key(series), rows->string(1));
  }
  for (const auto& [release, sha] : found)
    if (const auto at = leaving_of(context, sha); at && *at <= context.as_of) marks.add(release, *at, "branches");
}

}  // namespace

const char* name_of(CyclePoint point) {
  constexpr const char* kNames[] = {"branch", "beta", "candidate", "release"};
  return kNames[static_cast<std::size_t>(point)];
}

std::vector<ReleaseStage> read_stages(std::string_view text) {
  std::vector<ReleaseStage> stages;
  for (const auto part : split(text, ',')) {
    const auto line = trim(part);
    if (line.empty()) continue;
    const std::size_t equals = line.rfind('=');
    const auto at = equals == std::string_view::npos ? std::nullopt : parse_time(trim(line.substr(equals + 1)));
    if (!at)
      throw Error(ErrorKind::usage, fmt::format("no stage with its date: {}", one_line(line)),
                  "write 3.15 beta 1=2026-05-05, 3.15=2026-10-01");
    stages.push_back({std::string(trim(line.substr(0, equals))), *at});
  }
  return stages;
}

std::optional<StageName> stage_of(std::string_view name, const Pattern& releases) {
  static const Pattern form(
      R"(^(.*?\d)(?:[ ._-]*(alpha|beta|release candidate|candidate|feature freeze|freeze|branch|final|pre|rc|cr|a|b|c)[ ._-]*\d*)?$)",
      Pattern::Letters::any_case);
  std::string release, stage;
  if (!form.found_in(name.substr(0, 200), &release, &stage)) return std::nullopt;
  if (!releases.found_in(release)) return std::nullopt;
  StageName found{release_key(release), CyclePoint::release};
  stage = to_lower(stage);
  if (stage == "beta" || stage == "b")
    found.point = CyclePoint::beta;
  else if (stage.ends_with("candidate") || stage == "rc" || stage == "cr" || stage == "c")
    found.point = CyclePoint::candidate;
  else if (stage.ends_with("freeze") || stage == "branch")
    found.point = CyclePoint::branch;
  else if (!stage.empty() && stage != "final")
    return std::nullopt;
  return found;
}

CycleMarks cycle_marks(const Context& context, CyclePoint point, const std::vector<ReleaseStage>& schedule) {
  Marks marks(context, point);
  for (const auto& each : context.config.releases) marks.take_configured(each.name, each.at);
  if (context.config.releases.empty())
    for (const auto rows = context.database.query(
             "SELECT name, min(tagged_at) FROM git_ref WHERE project_id = :project AND name LIKE 'refs/tags/%' AND "
             "tagged_at IS NOT NULL GROUP BY name ORDER BY name",
             {{"project", context.project_id}});
         rows->next();)
      if (rows->integer(1) <= context.as_of) marks.take(rows->string(0).substr(10), rows->integer(1), "tags");
  if (point == CyclePoint::branch) take_branches(context, marks);
  for (const auto& each : schedule) marks.take(each.name, each.at, "the schedule");
  return marks.result();
}

}  // namespace resident
