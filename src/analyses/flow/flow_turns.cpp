#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/flow_turns.hpp>
#include <base/text.hpp>
#include <cmath>
#include <model/queues/turn_times.hpp>

namespace resident {

namespace {

constexpr std::size_t kFewest = 10;            // of a group, or no figure is given
constexpr Timestamp kFirst = 180 * kDay;       // of the wait that is told apart
constexpr Timestamp kRecent = 3 * 365 * kDay;  // opened so long before the moment at most

struct Sums {
  double author = 0, reviewer = 0, ci = 0, returns = 0;
  std::int64_t count = 0, checked = 0;
  struct Part {
    double author = 0, reviewer = 0, waited = 0;
  };
  std::unordered_map<std::int64_t, Part> by_author;

  double waited() const { return author + reviewer + ci; }
  void add(const FlowItem& item, const TurnTimes& times) {
    const auto seconds = [](Timestamp time) { return static_cast<double>(time); };
    author += seconds(times.author);
    reviewer += seconds(times.reviewer);
    ci += seconds(times.ci);
    returns += times.returns;
    ++count;
    checked += times.has_checks;
    Part& part = by_author[item.author == 0 ? -item.id : item.author];
    part.author += seconds(times.author);
    part.reviewer += seconds(times.reviewer);
    part.waited += seconds(times.author + times.reviewer + times.ci);
  }

  // Standard error of a ratio of sums, what one author opened taken together (W. G. Cochran, Sampling Techniques,
  // 3rd edition 1977, 2.11).
  double error_of(double share, double Part::*of) const {
    const double n = static_cast<double>(by_author.size());
    if (n < 2 || waited() <= 0) return 0;
    double squares = 0;
    for (const auto& [person, part] : by_author) squares += std::pow(part.*of - share * part.waited, 2);
    return std::sqrt(squares * n / (n - 1)) / waited();
  }
};

Cell bound(double share, double error, double z) {
  return std::min(1.0, std::max(0.0, share + z * error));
}

void add_row(Result& result, const std::string& group, const Sums& sums) {
  const double n = static_cast<double>(sums.count), waited = sums.waited(), z = 1.96;
  const double reviewer = sums.reviewer / waited, author = sums.author / waited;
  const double reviewer_error = sums.error_of(reviewer, &Sums::Part::reviewer),
               author_error = sums.error_of(author, &Sums::Part::author);
  result.rows.push_back({group, sums.count, waited / n, sums.reviewer / n, sums.author / n,
                         sums.checked > 0 ? Cell(sums.ci / static_cast<double>(sums.checked)) : Cell(), reviewer,
                         bound(reviewer, reviewer_error, -z), bound(reviewer, reviewer_error, z), author,
                         bound(author, author_error, -z), bound(author, author_error, z), sums.returns / n,
                         static_cast<double>(sums.checked) / n});
}

}  // namespace

Result flow_turns(const Context& context, const People& people, const std::vector<FlowItem>& items,
                  const FlowGroups& groups) {
  Result result = context.result("flow_turns", "Whose turn it was while they waited",
                                 "Do pull requests wait for reviewers, for their authors or for CI?");
  result.columns = {
      {"group", "Group", ColumnType::text},
      {"n", "Pull requests", ColumnType::integer},
      {"waited", "Open", ColumnType::duration, "", "mean, of the first 180 days"},
      {"reviewer", "Reviewers'", ColumnType::duration, "", "of that: a reviewer's turn, or that of who merges"},
      {"author", "Author's", ColumnType::duration, "", "of that: the author's turn, or a draft"},
      {"ci", "CI's", ColumnType::duration, "",
       "checks ran while a reviewer was to look; mean of those with known checks"},
      {"reviewer_share", "Reviewers' share", ColumnType::share},
      {"reviewer_low", "Low", ColumnType::share, "", "95 %"},
      {"reviewer_high", "High", ColumnType::share, "", "95 %"},
      {"author_share", "Author's share", ColumnType::share},
      {"author_low", "Low", ColumnType::share, "", "95 %"},
      {"author_high", "High", ColumnType::share, "", "95 %"},
      {"returns", "Sent back", ColumnType::number, "", "how often it became the author's turn again, mean"},
      {"checked", "With checks", ColumnType::share, "", "of these pull requests some check is known"}};
  result.chart = {Chart::Kind::bar, "group", {"reviewer", "author", "ci"}, "", "", "", "time open, mean"};
  result.definition =
      "Pull requests opened 180 days to three years before the moment, so that of each the whole first 180 days are "
      "known: the time they were open in these, split by whose turn it was. A reviewer's from the opening; the "
      "author's from a review, a remark or a comment by somebody else, a failed check, or while it is a draft; a "
      "reviewer's again from a push, an answer, a request for a review, or an approval (then who merges is waited "
      "for); a request for changes stands until a push, a new request or an approval by who made it. CI's: checks ran "
      "while it would be a reviewer's turn. " +
      groups.definition();
  result.method =
      "What was done is replayed, not what was said in words (but approvals in comments, where the project approves "
      "so); `resident accuracy turn` tells how often that agrees with the queue's reading of the texts. Means over "
      "pull requests; shares are sums over sums.";
  result.uncertainty = "95 % intervals of the shares, what one author opened taken together.";
  std::vector<FlowItem> known;
  for (const auto& item : items)
    if (item.is_pull && item.created <= context.as_of - kFirst && item.created > context.as_of - kRecent)
      known.push_back(item);
  result.sample_size = static_cast<std::int64_t>(known.size());
  if (known.size() < kFewest) {
    result.claim = fmt::format(
        "Too few to tell whose turn it was: {} pull requests were opened 180 days to three years before, and {} are "
        "needed.",
        known.size(), kFewest);
    return result;
  }
  const auto times = load_turn_times(context, people, known, kFirst);
  for (const auto& group : groups.with_all()) {
    Sums sums;
    for (std::size_t i = 0; i < known.size(); ++i)
      if (groups.has(known[i], group)) sums.add(known[i], times[i]);
    if (static_cast<std::size_t>(sums.count) < kFewest || sums.waited() <= 0) continue;
    add_row(result, group, sums);
    if (group != "all") continue;
    const double n = static_cast<double>(sums.count), share = sums.reviewer / sums.waited();
    result.claim = fmt::format(
        "Of the {} that a pull request is open in its first 180 days, on average, {} are its reviewers' ({:.0f} %) and "
        "{} its author's ({:.0f} %){}.",
        format_duration(sums.waited() / n), format_duration(sums.reviewer / n), 100 * share,
        format_duration(sums.author / n), 100 * sums.author / sums.waited(),
        sums.checked > 0 ? fmt::format("; where checks are known, CI's are {}",
                                       format_duration(sums.ci / static_cast<double>(sums.checked)))
                         : "");
    result.coverage = result.coverage.empty() ? "" : result.coverage + " ";
    result.coverage +=
        sums.checked == 0 ? "No check of these pull requests is in the store, so CI's time is in the reviewers'."
        : sums.checked < sums.count
            ? fmt::format("Of {} of {} some check is known; of the others CI's time is in the reviewers'.",
                          sums.checked, sums.count)
            : "";
  }
  return result;
}

}  // namespace resident
