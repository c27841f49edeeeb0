#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <model/benchmarks/measured_commit.hpp>
#include <store/benchmark_units.hpp>
#include <unordered_set>

namespace resident {

namespace {

constexpr std::size_t kFarthest = 10'000, kShortestHash = 4;

bool is_hash(std::string_view text) {
  return text.size() >= kShortestHash && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

class Finder {
 public:
  explicit Finder(const Context& context) : context_(context) {}

  std::string commit(const std::string& name) const {
    if (const auto sha = of_ref(name)) return *sha;
    if (is_hash(name)) return of_hash(name);
    std::vector<std::string> names;
    for (const auto rows = context_.database.query("SELECT DISTINCT name FROM git_ref WHERE project_id = :project",
                                                   context_.parameters());
         rows->next();)
      names.push_back(short_name(rows->string(0)));
    const std::string nearest = near_miss(name, names);
    throw Error(ErrorKind::usage, fmt::format("there is no branch, tag or commit called {}", one_line(name)),
                nearest.empty() ? "the names are those of the project's clones when they were last read"
                                : fmt::format("did you mean {}?", nearest));
  }

  bool is_measured(const std::string& sha) const {
    if (!measured_) {
      measured_.emplace();
      for (const auto rows = context_.database.query("SELECT DISTINCT sha FROM benchmark_run WHERE project_id = "
                                                     ":project AND measured_at <= :as_of AND sha IS "
                                                     "NOT NULL",
                                                     context_.parameters());
           rows->next();)
        measured_->insert(rows->string(0));
    }
    return measured_->contains(sha);
  }

  // Goes from the commit to the nearest that was measured; false where none is so near.
  bool go_back(MeasuredCommit& commit, std::size_t farthest) const {
    while (!is_measured(commit.sha)) {
      const auto before = commit.steps < farthest ? parent(commit.sha) : std::nullopt;
      if (!before) return false;
      commit.sha = *before;
      ++commit.steps;
    }
    return true;
  }

  std::optional<std::string> parent(const std::string& sha) const {
    return context_.database.text(
        "SELECT p.parent_sha FROM git_commit c JOIN commit_parent p ON p.project_id = c.project_id AND p.commit_id = "
        "c.commit_id WHERE c.project_id = :project AND c.sha = :sha ORDER BY p.position LIMIT 1",
        with(sha));
  }

  void load(MeasuredCommit& commit) const {
    for (const auto rows = context_.database.query(
             "SELECT s.series_id, s.name, s.machine, s.configuration, s.unit, coalesce(s.better, ''), v.value, "
             "v.samples, s.benchmark, s.tags FROM benchmark_run r JOIN benchmark_value v ON v.project_id = "
             "r.project_id AND v.run_key = "
             "r.run_key JOIN benchmark_series s ON s.project_id = v.project_id AND s.series_id = v.series_id WHERE "
             "r.project_id = :project AND r.sha = :sha AND r.measured_at <= :as_of ORDER BY s.series_id, "
             "r.measured_at, r.run_key",
             with(commit.sha));
         rows->next();) {
      std::string name = rows->string(1);
      for (const std::size_t column : {2u, 3u})
        if (!rows->text(column).empty()) name += " · " + rows->string(column);
      if (commit.series.empty() || commit.series.back().name != name || commit.series.back().unit != rows->text(4)) {
        MeasuredSeries series{std::move(name),
                              rows->string(4),
                              benchmarks::direction_of(rows->text(5), rows->text(4)),
                              rows->string(8),
                              {},
                              {}};
        for (const auto tag : split(rows->text(9), '\n'))
          if (!tag.empty()) series.tags.emplace_back(tag);
        commit.series.push_back(std::move(series));
      }
      take_values(rows->text(7), rows->number(6), commit.series.back().values);
    }
    const auto environment = context_.database.text(
        "SELECT environment FROM benchmark_run WHERE project_id = :project AND sha = :sha AND measured_at <= :as_of "
        "ORDER BY measured_at DESC, run_key LIMIT 1",
        with(commit.sha));
    for (const auto line : split(environment ? std::string_view(*environment) : std::string_view(), '\n'))
      if (const std::size_t equals = line.find('='); equals != std::string_view::npos)
        commit.environment.emplace(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)));
  }

 private:
  Parameters with(const std::string& sha) const {
    return {{"project", context_.project_id}, {"as_of", context_.as_of}, {"sha", sha}};
  }

  static std::string short_name(const std::string& ref) {
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/remotes/"})
      if (ref.starts_with(prefix)) return ref.substr(prefix.size());
    return ref;
  }

  // In git's order (gitrevisions): as it is, a tag, a branch, a branch of a remote.
  std::optional<std::string> of_ref(const std::string& name) const {
    for (const std::string_view form :
         {"{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/origin/{}"})
      if (const auto sha = context_.database.text(
              "SELECT sha FROM git_ref WHERE project_id = :project AND name = :name ORDER BY source_id LIMIT 1",
              {{"project", context_.project_id}, {"name", fmt::format(fmt::runtime(form), name)}}))
        return sha;
    return std::nullopt;
  }

  std::string of_hash(const std::string& digits) const {
    std::vector<std::string> found;
    for (const auto rows = context_.database.query(
             "SELECT sha FROM git_commit WHERE project_id = :project AND sha >= :low AND sha < :high UNION SELECT sha "
             "FROM benchmark_run WHERE project_id = :project AND sha >= :low AND sha < :high ORDER BY sha LIMIT 2",
             {{"project", context_.project_id}, {"low", digits}, {"high", digits + "g"}});
         rows->next();)
      found.push_back(rows->string(0));
    if (found.empty())
      throw Error(ErrorKind::usage, fmt::format("no commit is known that begins with {}", digits),
                  "resident sync reads what is new in the project's clones");
    if (found.size() > 1)
      throw Error(ErrorKind::usage, fmt::format("several commits begin with {}", digits),
                  fmt::format("{} and {} are two of them", found[0], found[1]));
    return found.front();
  }

  static void take_values(std::string_view samples, double value, std::vector<double>& values) {
    const std::size_t before = values.size();
    for (const auto word : split(samples, ' ')) {
      double each = 0;
      const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), each);
      if (problem == std::errc() && end == word.data() + word.size()) values.push_back(each);
    }
    if (values.size() == before) values.push_back(value);
  }

  const Context& context_;
  mutable std::optional<std::unordered_set<std::string>> measured_;
};

}  // namespace

MeasuredCommit measured_commit(const Context& context, const std::string& name) {
  const Finder finder(context);
  MeasuredCommit commit;
  commit.asked = commit.sha = finder.commit(name);
  if (!finder.go_back(commit, kFarthest))
    throw Error(fmt::format("nothing was measured at {} or before it", one_line(name)),
                "resident add benchmarks PLACE --sha COMMIT takes results in");
  finder.load(commit);
  return commit;
}

std::optional<MeasuredCommit> measured_near(const Context& context, const std::string& sha, std::size_t farthest) {
  const Finder finder(context);
  MeasuredCommit commit;
  commit.asked = commit.sha = sha;
  if (!finder.go_back(commit, farthest)) return std::nullopt;
  finder.load(commit);
  return commit;
}

std::vector<std::string> unmeasured_before(const Context& context, const std::string& sha) {
  constexpr std::size_t kMost = 2000;
  const Finder finder(context);
  std::vector<std::string> commits;
  for (auto parent = finder.parent(sha); parent && commits.size() < kMost; parent = finder.parent(*parent)) {
    if (finder.is_measured(*parent)) return commits;
    commits.push_back(*parent);
  }
  return {};
}

}  // namespace resident
