#include <fmt/format.h>

#include <base/error.hpp>
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
