#include <fmt/format.h>

#include <algorithm>
#include <analyses/review/effort.hpp>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <cmath>
#include <framework/learnt.hpp>
#include <map>
#include <stats/quantile.hpp>
#include <tuple>

namespace resident {

namespace {

constexpr Timestamp kSessionGap = kHour;
constexpr double kShortest = 0.5;  // minutes; less is a click
// Without history, by size: none known, to 10, 50, 200, 1,000 lines, more.
constexpr std::array<double, 6> kBuiltIn{15, 5, 10, 20, 35, 60};
// So many stretches are imagined at the middle of all, and so many at the built-in figure.
constexpr double kDrawnToAll = 15, kDrawnToBuiltIn = 5;
constexpr std::size_t kBacktestStart = 50, kBacktestStep = 25;

double middle(std::vector<double>& values, double share) {
  return stats::quantile(values, share).value_or(0);
}

}  // namespace

std::size_t ReviewEffort::class_of(std::optional<std::int64_t> lines) {
  if (!lines) return 0;
  return *lines <= 10 ? 1 : *lines <= 50 ? 2 : *lines <= 200 ? 3 : *lines <= 1000 ? 4 : 5;
}

ReviewEffort::ReviewEffort(const Context& context, const People& people) {
  const auto count = [&](std::string_view rows) { return count_when_learning(context, rows); };
  const std::string basis = fmt::format("1: {}; {} pulls, {} reviews, {} comments by {}", people_basis(context),
                                        count("item WHERE project_id = :project AND kind = 'pull' AND created_at"),
                                        count("review WHERE project_id = :project AND submitted_at"),
                                        count("comment WHERE project_id = :project AND created_at"),
                                        format_date(learning_moment(context.as_of)));
  stretches_ = kept_or_made(
      context, "review_effort", basis, unpack, [&] { return read(when_learning(context), people); }, pack);
  std::vector<double> all;
  std::array<std::vector<double>, kClasses> own;
  for (const Stretch& each : stretches_) {
    all.push_back(each.minutes);
    own[each.size_class].push_back(each.minutes);
  }
  for (std::size_t size = 0; size < kClasses; ++size) by_size_[size] = guess(all, own[size], size);
}

std::string ReviewEffort::pack(const Stretches& stretches) {
  Packer packer;
  packer.whole(stretches.size());
  Timestamp last = 0;
  for (const Stretch& each : stretches) {
    packer.signed_whole(each.at - last);
    last = each.at;
    packer.number(each.minutes);
    packer.whole(each.size_class);
  }
  return packer.take();
}

ReviewEffort::Stretches ReviewEffort::unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  Stretches stretches(unpacker.count(10));
  Timestamp last = 0;
  for (Stretch& each : stretches) {
    each.at = last += unpacker.signed_whole();
    each.minutes = unpacker.number();
    each.size_class = unpacker.whole();
    if (each.size_class >= kClasses) throw Error("a kept stretch is of no size");
  }
  unpacker.finish();
  return stretches;
}

ReviewEffort::Stretches ReviewEffort::read(const Context& context, const People& people) {
  Stretches stretches;
  struct Act {
    std::int64_t person;
    Timestamp at;
    std::int64_t item;
  };
  std::vector<Act> acts;
  std::unordered_map<std::int64_t, std::pair<std::int64_t, std::optional<std::int64_t>>> pulls;  // author, lines
  for (const auto rows = context.database.query(
           "SELECT i.item_id, i.author_id, i.additions, i.deletions, f.additions, f.deletions FROM item i LEFT JOIN "
           "(SELECT item_id, sum(additions) AS additions, sum(deletions) AS deletions FROM item_file WHERE project_id "
           "= :project GROUP BY item_id) f ON f.item_id = i.item_id WHERE i.project_id = :project AND i.kind = 'pull' "
           "AND i.created_at <= :as_of",
           context.parameters());
       rows->next();) {
    std::optional<std::int64_t> lines;
    for (const std::size_t column : {std::size_t{2}, std::size_t{4}})
      if (!lines && !rows->is_null(column)) lines = rows->integer(column) + rows->integer(column + 1);
    pulls[rows->integer(0)] = {people.person(rows->optional_integer(1)), lines};
  }
  for (const std::string_view sql :
       {"SELECT author_id, submitted_at, item_id FROM review WHERE project_id = :project AND submitted_at <= :as_of",
        "SELECT author_id, created_at, item_id FROM comment WHERE project_id = :project AND created_at <= :as_of"})
    for (const auto rows = context.database.query(sql, context.parameters()); rows->next();) {
      const std::int64_t person = people.person(rows->optional_integer(0));
      if (person && !people.bots.contains(person)) acts.push_back({person, rows->integer(1), rows->integer(2)});
    }
  std::sort(acts.begin(), acts.end(), [](const Act& a, const Act& b) {
    return std::tie(a.person, a.at, a.item) < std::tie(b.person, b.at, b.item);
  });
  std::map<std::tuple<std::int64_t, std::int64_t, Timestamp>, std::size_t> sittings;  // person, item, day
  for (std::size_t i = 0; i < acts.size();) {
    // All acts in a row of one person on one item.
    std::size_t end = i + 1;
    while (end < acts.size() && acts[end].person == acts[i].person && acts[end].item == acts[i].item &&
           acts[end].at - acts[end - 1].at <= kSessionGap)
      ++end;
    const bool follows = i > 0 && acts[i - 1].person == acts[i].person && acts[i].at - acts[i - 1].at <= kSessionGap &&
                         acts[i - 1].item != acts[i].item;
    const auto pull = pulls.find(acts[i].item);
    if (follows && pull != pulls.end() && pull->second.first != acts[i].person) {
      const double minutes = static_cast<double>(acts[end - 1].at - acts[i - 1].at) / kMinute;
      // What one person spends on one item in a day is one sitting, in however many stretches.
      const auto [sitting, is_new] =
          sittings.try_emplace({acts[i].person, acts[i].item, acts[end - 1].at / kDay}, stretches.size());
      if (!is_new) {
        stretches[sitting->second].minutes += minutes;
      } else if (minutes >= kShortest) {
        stretches.push_back({acts[end - 1].at, minutes, class_of(pull->second.second)});
      } else {
        sittings.erase(sitting);
      }
    }
    i = end;
  }
  std::stable_sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) { return a.at < b.at; });
  return stretches;
}

Effort ReviewEffort::guess(std::vector<double> all, std::vector<double> own, std::size_t size_class) const {
  Effort effort;
  effort.seen = static_cast<std::int64_t>(own.size());
  const auto drawn = [](double value, double weight, double towards, double strength) {
    return std::exp((weight * std::log(value) + strength * std::log(towards)) / (weight + strength));
  };
  double low = kBuiltIn[size_class] / 2, mid = kBuiltIn[size_class], high = 2 * kBuiltIn[size_class];
  if (!all.empty()) {
    // The ratio of this size to all is drawn from what is built in to what was seen.
    const auto weight = static_cast<double>(all.size());
    low = drawn(middle(all, 0.25), weight, low, kDrawnToBuiltIn);
    mid = drawn(middle(all, 0.5), weight, mid, kDrawnToBuiltIn);
    high = drawn(middle(all, 0.75), weight, high, kDrawnToBuiltIn);
  }
  if (!own.empty()) {
    const auto weight = static_cast<double>(own.size());
    low = drawn(middle(own, 0.25), weight, low, kDrawnToAll);
    mid = drawn(middle(own, 0.5), weight, mid, kDrawnToAll);
    high = drawn(middle(own, 0.75), weight, high, kDrawnToAll);
  }
  effort.low = low;
  effort.minutes = mid;
  effort.high = high;
  return effort;
}

Effort ReviewEffort::of(std::optional<std::int64_t> lines) const {
  return by_size_[class_of(lines)];
}

ReviewEffort::Backtest ReviewEffort::backtest() const {
  Backtest result;
  std::vector<double> all;
  std::array<std::vector<double>, kClasses> own;
  std::array<Effort, kClasses> guesses{};
  double constant = 0;
  for (std::size_t i = 0; i < stretches_.size(); ++i) {
    const Stretch& each = stretches_[i];
    if (i >= kBacktestStart) {
      if (i % kBacktestStep == 0 || constant == 0) {
        for (std::size_t k = 0; k < kClasses; ++k) guesses[k] = guess(all, own[k], k);
        auto copy = all;
        constant = middle(copy, 0.5);
      }
      const auto near = [&](double value) { return std::fabs(std::log2(value / each.minutes)) <= 1 ? 1.0 : 0.0; };
      result.within_two += near(guesses[each.size_class].minutes);
      result.constant_within_two += near(constant);
      ++result.n;
    }
    all.push_back(each.minutes);
    own[each.size_class].push_back(each.minutes);
  }
  if (result.n > 0) {
    result.within_two /= static_cast<double>(result.n);
    result.constant_within_two /= static_cast<double>(result.n);
  }
  return result;
}

}  // namespace resident
