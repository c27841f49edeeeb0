#include <algorithm>
#include <cmath>
#include <learn/reviewers/signals.hpp>

namespace resident::reviewers {

std::string_view signal_name(Signal signal) {
  static constexpr std::array<std::string_view, kSignals> names{
      "rate_5",        "rate_20",   "rate_60",   "rate_180",      "rate_720",        "reviews_made", "responses_60",
      "responses_365", "active_1",  "active_5",  "active_30",     "absence",         "author_lift",  "file_lift",
      "folder_lift",   "kind_lift", "word_lift", "files_changed", "folders_changed", "lines_owned",  "author_back",
      "linked",        "together",  "merges",    "load",          "owner",           "issues",       "authors",
      "asked",         "involved"};
  return names[static_cast<std::size_t>(signal)];
}

void Fading::add(Timestamp now, double amount, double half_life) {
  value_ = at(now, half_life) + amount;
  at_ = std::max(at_, now);
}

double Fading::at(Timestamp now, double half_life) const {
  if (value_ == 0 || now <= at_) return value_;
  return value_ * std::exp2(-static_cast<double>(now - at_) / half_life);
}

}  // namespace resident::reviewers
