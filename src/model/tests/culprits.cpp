#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <model/commit_links.hpp>
#include <model/tests/culprits.hpp>

namespace resident {

namespace {

constexpr std::size_t kPasses = 5, kFailures = 3;

// Of the main branch, and all of its run.
bool counts(const TestRun& run) {
  return run.on_main && run.incomplete.empty() && !run.sha.empty();
}

// The breaks in one history: runs in order.
template <class Found>
void each_break(const TestRuns& runs, const std::vector<TestPoint>& points, const Found& found) {
  std::size_t passes = 0, failures = 0;
  MendedBreak open;
  for (const auto& point : points) {
    if (!counts(runs.runs()[point.run])) continue;
    const ci::Outcome outcome = point.state.outcome();
    if (ci::is_failure(outcome)) {
      if (failures++ == 0) open.first_failure = point.run;
      open.last_failure = point.run;
    } else if (outcome == ci::Outcome::pass) {
      if (failures >= kFailures && passes >= kPasses) {
        open.mended = point.run;
        found(open);
      }
      if (failures > 0) passes = 0;
      failures = 0;
      ++passes;
      open.last_pass = point.run;
    } else if (outcome == ci::Outcome::flaky) {
      passes = failures = 0;  // neither broken nor well
    }
  }
}

class Namer {
 public:
  explicit Namer(const TestRuns& runs) : runs_(runs), index_(runs.context()), reverts_(index_.marks("reverts")) {
    for (const auto rows = runs.context().database.query(
             "SELECT commit_id, value FROM trailer WHERE project_id = :project AND token = 'fixes'",
             {{"project", runs.context().project_id}});
         rows->next();)
      fixes_[rows->integer(0)].push_back(rows->string(1));
  }

  void fill(MendedBreak& found) const {
    for (const auto* each : between(found.last_pass, found.first_failure)) found.suspected.push_back(each->sha);
    for (const auto* each : between(found.last_failure, found.mended)) named_by(*each, found.named);
    std::sort(found.named.begin(), found.named.end());
    found.named.erase(std::unique(found.named.begin(), found.named.end()), found.named.end());
  }

 private:
  // Commits of the default branch after that of one run, up to that of the other; none where one is not stored.
  std::vector<const HistoryCommit*> between(std::size_t after, std::size_t up_to) const {
    std::vector<const HistoryCommit*> found;
    const HistoryCommit *low = index_.by_sha(runs_.runs()[after].sha), *high = index_.by_sha(runs_.runs()[up_to].sha);
    if (low == nullptr || high == nullptr) return found;
    const auto commits = index_.commits();
    for (auto each = std::upper_bound(commits.begin(), commits.end(), low->at,
                                      [](Timestamp at, const HistoryCommit&commit) { return at < commit.at; });
         each != commits.end() && each->at <= high->at; ++each)
      if (each->on_default) found.push_back(&*each);
    return found;
  }

  void named_by(const HistoryCommit& repair, std::vector<std::string>& named) const {
    const auto take = [&](const HistoryCommit* commit) {
      if (commit != nullptr && commit->sha != repair.sha) named.push_back(commit->sha);
    };
    for (const auto* values : {&reverts_, &fixes_})
      if (const auto found = values->find(repair.commit_id); found != values->end())
        for (const auto& value : found->second) take(index_.by_sha(value.substr(0, value.find_first_of(" (,."))));
    const RevertSubject revert = parse_revert(repair.subject);
    for (const auto& sha : revert.shas) take(index_.by_sha(sha));
    for (const auto number : revert.numbers) take(index_.by_number(number, repair, CommitIndex::Where::on_default));
    if (!revert.title.empty()) take(index_.by_subject(revert.title, repair, CommitIndex::Where::on_default));
    static const Pattern since(
        R"(\b(?:broken?|regress\w*|introduced|caused) (?:by|in|since|with|from|after) (?:the )?(?:#|gh-|pr #?)([0-9]+))",
        Pattern::Letters::any_case);
    std::int64_t number = 0;
    if (since.found_in(repair.subject, &number)) take(index_.by_number(number, repair, CommitIndex::Where::on_default));
  }

  const TestRuns& runs_;
  CommitIndex index_;
  std::unordered_map<std::int64_t, std::vector<std::string>> reverts_, fixes_;
};

}  // namespace

bool MendedBreak::is_confirmed() const {
  return std::any_of(named.begin(), named.end(), [&](const std::string& sha) {
    return std::find(suspected.begin(), suspected.end(), sha) != suspected.end();
  });
}

std::vector<MendedBreak> mended_breaks(const TestRuns& runs) {
  std::map<std::int64_t, std::vector<std::int64_t>> by_configuration;
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations) by_configuration[configuration].push_back(test);
  using Place = std::array<std::string, 4>;
  std::map<Place, MendedBreak> breaks;
  const auto sha = [&](std::size_t run) { return runs.runs()[run].sha; };
  for (const auto& [configuration, tests] : by_configuration)
    for (const auto& history : runs.histories(tests, configuration))
      each_break(runs, history.second, [&](MendedBreak found) {
        const Place place{sha(found.last_pass), sha(found.first_failure), sha(found.last_failure), sha(found.mended)};
        found.test = history.first;
        ++breaks.emplace(place, found).first->second.tests;
      });
  std::vector<MendedBreak> sorted;
  for (auto& each : breaks) sorted.push_back(std::move(each.second));
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first_failure < b.first_failure; });
  if (sorted.empty()) return sorted;
  const Namer namer(runs);
  for (auto& each : sorted) namer.fill(each);
  return sorted;
}

}  // namespace resident
