#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cmath>
#include <sources/chat/formats.hpp>
#include <unordered_map>

namespace resident::chat {

std::pair<std::string, std::string> folder_and_file(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  const std::size_t before = slash == 0 ? std::string::npos : path.rfind('/', slash - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  return {path.substr(begin, slash - begin), path.substr(slash + 1)};
}

void ExportReader::each_record(const json::Array& list, std::string_view what,
                               const std::function<void(const json::Object&)>& take) {
  constexpr std::size_t kMostBad = 1000;  // of a file; else it is none of these
  std::size_t number = 0;
  for (const json::Element each : list) {
    ++number;
    try {
      take(json::Object(each, std::string(what)));
    } catch (const Error& error) {
      if (bad_.size() == kMostBad) throw Error(fmt::format("more than {} records cannot be read", kMostBad));
      bad_.push_back({fmt::format("{} {}", what, number), error.what()});
    }
  }
}

Timestamp seconds_of(const std::string& text, std::string_view what) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(fmt::format("{}: {} is no number of seconds", what, one_line(text.substr(0, 40))),
                "a time is a number of seconds since 1970");
  return whole_seconds(seconds, what);
}

Timestamp whole_seconds(double seconds, std::string_view what) {
  constexpr double kYear10000 = 253402300800;
  if (!(seconds >= 0 && seconds < kYear10000))
    throw Error(fmt::format("{}: {} is no time between the years 1970 and 9999", what, seconds),
                "a time is a number of seconds since 1970");
  return static_cast<Timestamp>(std::floor(seconds));
}

void once_each(std::vector<Message>& messages) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<Message> kept;
  kept.reserve(messages.size());
  for (Message& message : messages) {
    const auto [found, is_new] = places.emplace(message.id, kept.size());
    if (is_new) {
      kept.push_back(std::move(message));
    } else if (message.edited_at.value_or(0) > kept[found->second].edited_at.value_or(0)) {
      kept[found->second] = std::move(message);
    }
  }
  messages = std::move(kept);
}

}  // namespace resident::chat
