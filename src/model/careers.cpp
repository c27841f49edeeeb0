#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <framework/page_memo.hpp>
#include <map>
#include <model/acts.hpp>
#include <model/careers.hpp>

namespace resident {

namespace {

constexpr int kWindow = 12;  // months
constexpr Timestamp kYear = 365 * kDay;

enum Group { kCode, kTracker, kChannels, kGroups };
constexpr std::string_view kGroupNames[] = {"code", "the tracker", "channels"};

Group group_of(ActKind kind) {
  if (kind == ActKind::commit || kind == ActKind::merge) return kCode;
  return kind == ActKind::post ? kChannels : kTracker;
}

bool is_work(ActKind kind) {
  return kind == ActKind::commit || kind == ActKind::merge || kind == ActKind::review;
}

}  // namespace

std::string_view name_of(Layer layer) {
  constexpr std::string_view names[] = {"away", "drive-by", "occasional", "regular", "core"};
  return names[static_cast<std::size_t>(layer)];
}

int month_of(Timestamp at) {
  const CivilDate date = date_of(at);
  return 12 * date.year + date.month - 1;
}

Timestamp start_of(int month) {
  return days_from_civil({month / 12, month % 12 + 1, 1}) * kDay;
}

std::string quarter_name(int month) {
  return fmt::format("{}Q{}", month / 12, month % 12 / 3 + 1);
}

Careers::Careers(const Context& context, const People& people, LayerRule rule) : rule_(rule) {
  load(context, people);
  if (careers_.empty()) return;
  first_month_ = month_of(careers_.front().first);
  for (const Career& career : careers_) first_month_ = std::min(first_month_, month_of(career.first));
  last_month_ = month_of(context.as_of) - 1;
  find_stages();
}

std::shared_ptr<const Careers> shared_careers(const Context& context, const People& people, LayerRule rule) {
  const std::string what = fmt::format("careers {} {} {}", rule.core_share, rule.regular_months, rule.drive_by_days);
  return PageMemo::shared<Careers>(context, what,
                                   [&] { return std::make_shared<const Careers>(context, people, rule); });
}

void Careers::load(const Context& context, const People& people) {
  const std::unordered_set<std::int64_t> spam = spam_items(context);
  const auto all = shared_acts(context, people);
  const auto counts = [&](const Act& act) { return act.kind != ActKind::item || !spam.contains(act.subject); };
  std::vector<Timestamp> by_group[kGroups];
  for (const Act& act : *all) {
    if (!counts(act)) continue;
    ++acts_;
    has_work_ = has_work_ || is_work(act.kind);
    by_group[group_of(act.kind)].push_back(act.at);
  }
  for (const Act& act : *all) {
    if (!counts(act)) continue;
    if (careers_.empty() || careers_.back().person != act.person) {
      careers_.emplace_back();
      careers_.back().person = act.person;
      careers_.back().first = act.at;
    }
    Career& career = careers_.back();
    career.last = act.at;
    const std::int64_t day = start_of_day(act.at) / kDay;
    if (career.days.empty() || career.days.back() != day) {
      career.days.push_back(day);
      const int month = month_of(act.at);
      if (career.months.empty() || career.months.back().first != month) career.months.emplace_back(month, 0);
    }
    career.months.back().second += !has_work_ || is_work(act.kind);
    if (!career.came_again && act.at > career.first + rule_.drive_by_days * kDay) career.came_again = act.at;
  }
  for (int group = 0; group < kGroups; ++group) {
    std::vector<Timestamp>& times = by_group[group];
    if (times.size() * 10 < static_cast<std::size_t>(acts_) || times.empty()) continue;
    // One in a thousand may carry a wrong clock.
    const auto start = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 1000);
    std::nth_element(times.begin(), start, times.end());
    starts_.push_back({std::string(kGroupNames[group]), *start});
  }
}

void Careers::find_stages() {
  const auto needed = static_cast<std::size_t>(rule_.regular_months);
  for (Career& career : careers_)
    for (std::size_t i = needed - 1; i < career.months.size(); ++i)
      if (career.months[i].first - career.months[i + 1 - needed].first < kWindow) {
        const std::int64_t begin = start_of(career.months[i].first) / kDay;
        career.became_regular =
            std::max(career.first, *std::lower_bound(career.days.begin(), career.days.end(), begin) * kDay);
        break;
      }
  replay([&](int month, const std::vector<LayerStanding>& standings) {
    for (const LayerStanding& each : standings) {
      if (each.layer < Layer::regular) continue;
      Career& career = careers_[each.career];
      career.carried.emplace_back(month, each.layer);
      if (each.layer == Layer::core && !career.became_core) career.became_core = start_of(month + 1);
    }
  });
}

std::optional<int> Careers::last_quarter() const {
  for (int month = last_month_; month >= first_month_; --month)
    if (ends_quarter(month)) return month;
  return std::nullopt;
}

void Careers::replay(const Visit& visit, const LayerRule& rule) const {
  if (last_month_ < first_month_) return;
  struct Sum {
    int months = 0;
    std::int64_t work = 0;
  };
  const auto span = static_cast<std::size_t>(last_month_ - first_month_ + 1);
  std::vector<std::vector<std::pair<std::size_t, std::int64_t>>> by_month(span);
  for (std::size_t i = 0; i < careers_.size(); ++i)
    for (const auto& [month, work] : careers_[i].months)
      if (month <= last_month_) by_month[static_cast<std::size_t>(month - first_month_)].emplace_back(i, work);
  std::vector<Sum> sums(careers_.size());
  std::vector<LayerStanding> standings;
  std::vector<std::int64_t> works;
  for (std::size_t at = 0; at < span; ++at) {
    for (const auto& [career, work] : by_month[at]) ++sums[career].months, sums[career].work += work;
    if (at >= kWindow)
      for (const auto& [career, work] : by_month[at - kWindow]) --sums[career].months, sums[career].work -= work;
    const int month = first_month_ + static_cast<int>(at);
    const Timestamp end = start_of(month + 1);
    standings.clear();
    works.clear();
    std::int64_t all = 0;
    for (std::size_t i = 0; i < careers_.size(); ++i) {
      if (sums[i].months == 0) continue;
      const bool is_back = careers_[i].came_again && *careers_[i].came_again < end;
      const Layer layer = sums[i].months >= rule.regular_months ? Layer::regular
                          : is_back                             ? Layer::occasional
                                                                : Layer::drive_by;
      standings.push_back({i, layer, sums[i].work});
      if (sums[i].work > 0) works.push_back(sums[i].work), all += sums[i].work;
    }
    std::sort(works.begin(), works.end(), std::greater<>());
    std::int64_t together = 0, least = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t work : works) {
      if (static_cast<double>(together) >= rule.core_share * static_cast<double>(all)) break;
      together += work;
      least = work;
    }
    for (LayerStanding& each : standings)
      if (each.layer == Layer::regular && each.work >= least) each.layer = Layer::core;
    visit(month, standings);
  }
}

bool Careers::are_newcomers(Timestamp quarter) const {
  const Timestamp end = add_months(quarter, 3);
  Timestamp earliest = std::numeric_limits<Timestamp>::max();
  for (const Start& start : starts_) {
    earliest = std::min(earliest, start.at);
    if (end > start.at && quarter < start.at + kYear) return false;
  }
  return quarter >= earliest;
}

std::string Careers::starts_text() const {
  std::vector<std::string> parts;
  for (const Start& start : starts_) parts.push_back(fmt::format("{} from {}", start.what, format_date(start.at)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string Careers::rule_text() const {
  return fmt::format(
      "Of the twelve months before the end of a month. Core: the fewest people who did {:.0f} % of the work ({}), with "
      "all who tie with the last of them, and active in {} months or more. Regular: active in {} months or more. "
      "Drive-by: all they ever did lies within {} days. Occasional: the others who did anything.",
      100 * rule_.core_share,
      has_work_ ? "commits, merge commits and reviews" : "all acts: no commit or review is known", rule_.regular_months,
      rule_.regular_months, rule_.drive_by_days);
}

std::int64_t LayerMoves::of(Layer then) const {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts[static_cast<std::size_t>(then)]) sum += count;
  return sum;
}

LayerMoves yearly_moves(const Careers& careers) {
  LayerMoves moves;
  std::vector<Layer> before(careers.all().size()), now(careers.all().size());
  bool has_before = false;
  careers.replay([&](int month, const std::vector<LayerStanding>& standings) {
    // The first twelve months are no whole window.
    if ((careers.last_month() - month) % kWindow != 0 || month - careers.first_month() < kWindow - 1) return;
    std::fill(now.begin(), now.end(), Layer::away);
    for (const LayerStanding& each : standings) now[each.career] = each.layer;
    if (has_before) {
      ++moves.years;
      for (std::size_t i = 0; i < now.size(); ++i)
        if (before[i] != Layer::away)
          ++moves.counts[static_cast<std::size_t>(before[i])][static_cast<std::size_t>(now[i])];
    }
    has_before = true;
    before.swap(now);
  });
  return moves;
}

LayerRule layer_rule(const Context& context) {
  LayerRule rule;
  rule.regular_months = static_cast<int>(context.whole_number("regular-months", rule.regular_months, 2, kWindow));
  rule.core_share = static_cast<double>(context.whole_number("core-share", 80, 50, 99)) / 100;
  return rule;
}

}  // namespace resident
