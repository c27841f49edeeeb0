#include <algorithm>
#include <model/rhythm.hpp>

namespace resident {

namespace {

constexpr std::int64_t kRemembered = 730;  // days before the last act

}  // namespace

Silence silence_of(const Career& career, Timestamp moment) {
  const std::int64_t today = start_of_day(moment) / kDay;
  const auto end = std::upper_bound(career.days.begin(), career.days.end(), today);
  Silence silence;
  if (end == career.days.begin()) return silence;
  const std::int64_t last = *(end - 1);
  silence.days = today - last;
  const auto begin = std::lower_bound(career.days.begin(), end, last - kRemembered);
  if (static_cast<std::size_t>(end - begin) >= kLeastActiveDays) {
    std::int64_t longer = 0;
    for (auto day = begin + 1; day != end; ++day) longer += std::max<std::int64_t>(0, *day - *(day - 1) - silence.days);
    silence.share = static_cast<double>(longer) / static_cast<double>(last - *begin);
    silence.rhythm = silence.share < kBrokenBelow && silence.days >= kLeastSilence ? Rhythm::quieter : Rhythm::usual;
  }
  if (silence.days >= kGone) silence.rhythm = Rhythm::away;
  return silence;
}

}  // namespace resident
