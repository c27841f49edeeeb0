#include "simulate/calendar.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace resident::simulation {

namespace {

// Share of activity per UTC hour: Europe's day, then America's.
constexpr std::array<double, 24> kHours = {0.7, 0.5, 0.45, 0.4, 0.4, 0.5, 0.7, 1.0, 1.3, 1.4, 1.4,  1.3,
                                           1.2, 1.4, 1.6,  1.6, 1.5, 1.4, 1.2, 1.1, 1.1, 1.0, 0.95, 0.9};

constexpr double hours_total() {
  double total = 0;
  for (double hour : kHours) total += hour;
  return total;
}

// The moment at which a fraction of the activity of the 24 hours from start has passed.
Timestamp within_day(Timestamp start, double fraction) {
  double left = fraction * hours_total();
  for (int i = 0; i < 24; ++i) {
    const Timestamp hour_start = start + i * kHour;
    const double weight = kHours[static_cast<std::size_t>((hour_start / kHour) % 24)];
    if (left < weight) return hour_start + static_cast<Timestamp>(left / weight * kHour);
    left -= weight;
  }
  return start + kDay - 1;
}

int weekday(Timestamp time) {
  return static_cast<int>((time / kDay + 3) % 7);
}  // 0: Monday

bool sprint(Timestamp time) {
  const CivilDate date = date_of(time);
  return (date.month == 5 && date.day >= 18 && date.day <= 24) || (date.month == 9 && date.day >= 8 && date.day <= 14);
}

double season(Timestamp time) {
  const CivilDate date = date_of(time);
  double factor = weekday(time) >= 5 ? 0.45 : 1.22;
  if (date.month == 8) factor *= 0.75;
  if ((date.month == 12 && date.day >= 20) || (date.month == 1 && date.day <= 2)) factor *= 0.4;
  if (sprint(time)) factor *= 1.6;
  return factor;
}

}  // namespace

Timestamp working_hour(Timestamp day_start, double fraction) {
  return within_day(day_start, fraction);
}

Calendar::Calendar(Timestamp start, Timestamp end, std::optional<Timestamp> resident_start)
    : start_(start_of_day(start)),
      end_(end),
      resident_start_(end - static_cast<Timestamp>(std::min(548.0 * kDay, 0.3 * static_cast<double>(end - start)))) {
  resident_start_ = resident_start ? *resident_start + 9 * kHour : start_of_week(resident_start_) + 9 * kHour;
  for (Timestamp day = start_; day < end_; day += kDay) attention_.push_back(season(day));

  Timestamp age = 0;
  while (age <= end_ - start_ + 2 * kDay) {
    boundaries_.push_back(age);
    cumulative_.push_back(std::pow(static_cast<double>(age) / kDay, kWaitShape));
    age += age < 2 * kDay ? kHour : kDay;
  }

  releases_.push_back({"1.0", start_, start_});
  int minor = 1;
  for (int year = date_of(start_).year; year <= date_of(end_).year; ++year) {
    const Timestamp june = days_from_civil({year, 6, 1}) * kDay;
    const Timestamp at = june + ((8 - weekday(june)) % 7) * kDay + 14 * kHour;  // its first Tuesday
    if (at < start_ + 60 * kDay || at >= end_) continue;
    releases_.push_back({"1." + std::to_string(minor++), at - 8 * kWeek, at});
  }
}

std::size_t Calendar::day_of(Timestamp time) const {
  const auto day = std::max<Timestamp>(0, (time - start_) / kDay);
  return std::min(static_cast<std::size_t>(day), attention_.size() - 1);
}

double Calendar::attention(Timestamp time) const {
  return attention_[day_of(time)];
}

bool Calendar::frozen(Timestamp time) const {
  return std::any_of(releases_.begin(), releases_.end(),
                     [&](const Release& release) { return time >= release.freeze && time < release.at; });
}

const Release& Calendar::released(Timestamp time) const {
  const Release* found = &releases_.front();
  for (const Release& release : releases_)
    if (release.at <= time) found = &release;
  return *found;
}

std::string Calendar::next_version(Timestamp time) const {
  return "1." + std::to_string(std::stoi(released(time).version.substr(2)) + 1);
}

std::vector<Timestamp> Calendar::arrivals(Random& random, std::int64_t count, bool issues) const {
  std::vector<double> sums;
  double total = 0;
  for (std::size_t day = 0; day < attention_.size(); ++day) {
    const Timestamp time = start_ + static_cast<Timestamp>(day) * kDay;
    double rate = attention_[day];
    rate *= 0.8 + 0.4 * static_cast<double>(day) / static_cast<double>(attention_.size());  // slow growth
    const double since_release = static_cast<double>(time - released(time).at) / kDay;
    if (issues && released(time).version != "1.0") rate *= 1 + 0.9 * std::exp(-since_release / 20);
    if (issues) rate = 0.35 + 0.65 * rate;  // users have no weekends off
    const CivilDate date = date_of(time);
    if (date.month == 10) rate *= issues ? 1.05 : 1.25;  // a month of many first contributions
    sums.push_back(total += rate);
  }
  std::vector<Timestamp> moments;
  moments.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    const auto found = std::upper_bound(sums.begin(), sums.end(), random.uniform() * total);
    const auto day = static_cast<Timestamp>(std::min<std::ptrdiff_t>(found - sums.begin(), std::ssize(sums) - 1));
    const Timestamp moment = within_day(start_ + day * kDay, random.uniform());
    moments.push_back(std::clamp(moment, start_ + kHour, end_ - kHour));
  }
  std::sort(moments.begin(), moments.end());
  return moments;
}

std::optional<Timestamp> Calendar::wait(Timestamp from, double median_days, double factor, double ratio,
                                        Random& random) const {
  // Hazard needed, in units of age^shape: survival is exp(-ln 2 · factor · (age / median)^shape).
  double needed = random.exponential() / (std::log(2.0) * factor * std::pow(median_days, -kWaitShape));
  for (std::size_t i = 0; i + 1 < boundaries_.size(); ++i) {
    const Timestamp begin = from + boundaries_[i], length = boundaries_[i + 1] - boundaries_[i];
    if (begin >= end_) return std::nullopt;
    double rate = attention(begin);
    if (length == kHour) rate *= kHours[static_cast<std::size_t>((begin / kHour) % 24)] * 24 / hours_total();
    if (begin >= resident_start_) rate *= ratio;
    const double step = (cumulative_[i + 1] - cumulative_[i]) * rate;
    if (needed >= step) {
      needed -= step;
      continue;
    }
    const double fraction = needed / step;
    const Timestamp at =
        length == kHour ? begin + static_cast<Timestamp>(fraction * kHour) : within_day(begin, fraction);
    if (at >= end_) return std::nullopt;
    return std::max(at, from + 40);
  }
  return std::nullopt;
}

}  // namespace resident::simulation
