// A person's own rhythm: whether a silence is long for them. Somebody who comes every spring is not missed in autumn;
// somebody who came every day is, after a month. Nobody is measured against others.
//
// Of the two years before the last act, the share of days on which the silence so far had lasted as long as this one:
// with gaps g between days with an act, Σ max(0, g − s) / Σ g, the chance of finding an age of s or more when one looks
// on a random day (the age of a renewal process: D. R. Cox, "Renewal Theory", 1962, section 5.2). A plain share of gaps
// would call long silences too rare, since long gaps cover more days.
#pragma once

#include <model/careers.hpp>

namespace resident {

inline constexpr double kBrokenBelow = 0.05;         // of the days
inline constexpr std::int64_t kLeastSilence = 30;    // days: nobody is missed sooner
inline constexpr std::size_t kLeastActiveDays = 10;  // for a rhythm to be known
inline constexpr std::int64_t kGone = 365;           // days

enum class Rhythm { unknown, usual, quieter, away };

struct Silence {
  Rhythm rhythm = Rhythm::unknown;
  std::int64_t days = 0;  // since the last act
  double share = 1;       // of their days on which a silence had lasted so long; 1 where no rhythm is known
};

// As of a moment: later days are not looked at. away: no act in the last 365 days.
Silence silence_of(const Career& career, Timestamp moment);

}  // namespace resident
