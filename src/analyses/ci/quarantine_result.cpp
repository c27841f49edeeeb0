#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/ci/quarantine_result.hpp>
#include <base/text.hpp>
#include <map>
#include <set>

namespace resident {

namespace {

constexpr const char* kRules =
    "In it belongs what is flaky on a configuration of the main branch, there alone, and never what fails for good. It "
    "excuses until review-by, and gates again from the day after. A test leaves a configuration when the upper 95 % "
    "bound (Clopper–Pearson, one-sided) of its rate of failing at first try is below 1 %, of its runs on the main "
    "branch since it came in and since that rate changed last; when it fails for good; and when it is not run there "
    "any "
    "more.";

Cell issue_of(const QuarantineEntry& entry) {
  return entry.issue.empty() ? Cell() : Cell(one_line(entry.issue));
}

}  // namespace

Result quarantine_result(const Context& context, const std::vector<QuarantineEntry>& entries,
                         const std::vector<QuarantinedTest>& reviewed, const std::string& file) {
  Result result =
      context.result("quarantine", "Quarantine", "How do the tests in quarantine stand, and what is hidden?");
  result.columns = {{"test", "Test"},
                    {"configuration", "On"},
                    {"state", "State"},
                    {"owner", "Owner"},
                    {"issue", "Issue"},
                    {"since", "Since", ColumnType::date},
                    {"review_by", "Review by", ColumnType::date},
                    {"hides_on_main", "Hid on main", ColumnType::integer, "runs", "in which it failed, since then"},
                    {"hides_of_pulls", "Of changes", ColumnType::integer, "runs"},
                    {"first_tries", "First tries", ColumnType::integer},
                    {"failed", "Failed", ColumnType::integer},
                    {"upper", "At most", ColumnType::share, "", "upper 95 % bound of its rate of failing"},
                    {"words", "History"}};
  std::int64_t overdue = 0, leave = 0, hidden = 0;
  for (const auto& one : reviewed) {
    const QuarantineEntry& entry = entries[one.entry];
    overdue += one.state == QuarantineState::overdue;
    leave += one.should_leave();
    hidden += one.hides_on_main + one.hides_of_pulls;
    result.rows.push_back({one_line(entry.name()), one_line(one.configuration_name),
                           std::string(quarantine_state_name(one.state)), one_line(entry.owner), issue_of(entry),
                           entry.since, entry.review_by, one.hides_on_main, one.hides_of_pulls, one.first_tries,
                           one.failed, one.first_tries ? Cell(one.upper) : Cell(), one.words});
  }
  const auto tests = static_cast<long long>(entries.size());
  result.claim =
      entries.empty()
          ? fmt::format("Nothing is in quarantine in {}.", one_line(file))
          : fmt::format(
                "{} in quarantine ({} with their configurations), {} overdue, {} should leave; in {} "
                "it hid a failure.",
                plural(tests, "test is", "tests are"), reviewed.size(), overdue, leave, plural(hidden, "run"));
  result.definition = kRules;
  result.sample_size = static_cast<std::int64_t>(reviewed.size());
  return result;
}

Result quarantine_proposals_result(const Context& context, const std::vector<QuarantineEntry>& entries,
                                   const std::vector<QuarantinedTest>& reviewed,
                                   const std::vector<QuarantineProposal>& proposed, const std::string& file) {
  Result result =
      context.result("quarantine_proposals", "Quarantine: what should come and go", "What should be in quarantine?");
  result.columns = {{"change", "Change"}, {"test", "Test"},   {"configurations", "On"},
                    {"owner", "Owner"},   {"issue", "Issue"}, {"review_by", "Review by", ColumnType::date},
                    {"reason", "Why"}};
  std::int64_t leave = 0;
  for (const auto& each : proposed)
    result.rows.push_back({std::string("in"), one_line(each.entry.name()),
                           one_line(fmt::format("{}", fmt::join(each.entry.configurations, ", "))), each.entry.owner,
                           issue_of(each.entry), each.entry.review_by, each.entry.reason});
  for (const auto& one : reviewed) {
    const QuarantineEntry& entry = entries[one.entry];
    if (!one.should_leave() && one.state != QuarantineState::overdue) continue;
    const bool is_overdue = !one.should_leave();
    leave += !is_overdue;
    result.rows.push_back({std::string(is_overdue ? "overdue" : "out"), one_line(entry.name()),
                           one_line(one.configuration_name), one_line(entry.owner), issue_of(entry), entry.review_by,
                           one.state == QuarantineState::better
                               ? fmt::format("{} of {} first tries failed: at most {:.1f} %", one.failed,
                                             one.first_tries, 100 * one.upper)
                           : is_overdue ? "it gates again: mend it, or write a new review-by"
                                        : one.words});
  }
  result.claim = fmt::format("{} should come into {}, {} should leave.",
                             plural(static_cast<long long>(proposed.size()), "flaky test"), one_line(file), leave);
  result.definition = kRules;
  result.sample_size = static_cast<std::int64_t>(proposed.size() + reviewed.size());
  return result;
}

Result quarantine_card_result(const Context& context, const std::vector<QuarantineEntry>& entries,
                              const std::string& file) {
  Result result =
      context.result("quarantine_card", "Quarantines overdue", "Does what is in quarantine come out of it in time?");
  result.columns = {{"month", "Month", ColumnType::date},
                    {"came", "Came in", ColumnType::integer, "tests", "of those that are in it now"},
                    {"due", "To be reviewed", ColumnType::integer, "tests", "by a day of that month"},
                    {"overdue", "Overdue", ColumnType::integer, "tests", "that day is over, and they are in it still"},
                    {"owners", "Of"}};
  struct Month {
    std::int64_t came = 0, due = 0, overdue = 0;
    std::set<std::string> owners;
  };
  std::map<Timestamp, Month> months;
  std::int64_t overdue = 0, longest = 0;  // days since the last one on which it was excused
  for (const auto& entry : entries) {
    ++months[start_of_month(entry.since)].came;
    Month& month = months[start_of_month(entry.review_by)];
    ++month.due;
    if (!entry.is_over(context.as_of)) continue;
    ++month.overdue, ++overdue;
    if (!entry.owner.empty()) month.owners.insert(one_line(entry.owner));
    longest = std::max<std::int64_t>(longest, (context.as_of - entry.review_by) / kDay);
  }
  for (const auto& [at, month] : months)
    result.rows.push_back({at, month.came, month.due, month.overdue, fmt::format("{}", fmt::join(month.owners, ", "))});
  result.claim =
      entries.empty() ? fmt::format("Nothing is in quarantine in {}.", one_line(file))
      : overdue == 0
          ? fmt::format("{} in {}, none overdue.", plural(static_cast<long long>(entries.size()), "quarantine"),
                        one_line(file))
          : fmt::format("{} of {} in {} overdue, the longest since {} days: what is overdue gates again.", overdue,
                        plural(static_cast<long long>(entries.size()), "quarantine"), one_line(file), longest);
  result.definition =
      "Entries of the file as it is: those that left it are not seen. Overdue: the day after review-by has begun; such "
      "a test gates again (`resident quarantine` shows each).";
  result.sample_size = static_cast<std::int64_t>(entries.size());
  return result;
}

}  // namespace resident
