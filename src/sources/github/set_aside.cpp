#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <sources/github/set_aside.hpp>

namespace resident::github {

namespace {

constexpr const char* kStream = "set-aside";

std::string record_of(std::int64_t number) {
  return fmt::format("item/{}", number);
}

}  // namespace

SetAside::SetAside(Writer& writer) : writer_(writer) {
  const std::string cursor = writer.stream_cursor(kStream).value_or("");
  for (const auto part : split(cursor, ','))
    if (!part.empty()) waiting_.insert(std::strtoll(std::string(part).c_str(), nullptr, 10));
}

void SetAside::add(std::int64_t number, const std::string& reason) {
  if (!now_.insert(number).second) return;
  writer_.quarantine(record_of(number),
                     "the forge fails whenever it is asked for it; the next sync tries again: " + reason);
  keep();
}

void SetAside::read(std::int64_t number) {
  writer_.readmit(record_of(number));
}

void SetAside::tried() {
  if (waiting_.empty()) return;
  waiting_.clear();
  keep();
}

void SetAside::keep() {
  std::set<std::int64_t> all = waiting_;
  all.insert(now_.begin(), now_.end());
  writer_.set_stream(kStream, fmt::format("{}", fmt::join(all, ",")), "current");
}

void SetAside::places(const std::string& list, const std::vector<Gap>& gaps) {
  for (std::size_t i = 0; i < std::max(gaps.size(), kMostPlaces); ++i) {
    const std::string record = fmt::format("list/{}/{}", list, i + 1);
    if (i >= gaps.size()) {
      writer_.readmit(record);
      places_.erase(record);
      continue;
    }
    writer_.quarantine(record,
                       fmt::format("the forge fails at {} {} of its list of {}, even when it is asked for nothing "
                                   "else; the next sync tries again: {}",
                                   gaps[i].is_rest ? "all from place" : "place", gaps[i].place, list, gaps[i].reason));
    places_.insert(record);
  }
}

std::string SetAside::sentence() const {
  const std::size_t count = now_.size() + places_.size();
  if (count == 0) return {};
  std::vector<std::string> what;
  if (!now_.empty()) what.push_back(plural(static_cast<long long>(now_.size()), "item"));
  if (!places_.empty()) what.push_back(plural(static_cast<long long>(places_.size()), "place") + " of its lists");
  return fmt::format("the forge fails at {} (`resident doctor` lists {}); the next sync tries again",
                     fmt::join(what, " and "), count == 1 ? "it" : "them");
}

}  // namespace resident::github
