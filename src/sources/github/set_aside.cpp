#include <fmt/format.h>
#include <fmt/ranges.h>

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

std::string SetAside::sentence() const {
  if (now_.empty()) return {};
  return fmt::format("the forge fails at {} (`resident doctor` lists {}); the next sync tries again",
                     plural(static_cast<long long>(now_.size()), "item"), now_.size() == 1 ? "it" : "them");
}

}  // namespace resident::github
