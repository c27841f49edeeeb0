#include <fmt/format.h>

#include <base/text.hpp>
#include <cli/report_places.hpp>
#include <filesystem>
#include <sources/files/files.hpp>

namespace resident {

void each_placed_file(const std::string& place, const std::function<void(PlacedFile&& file)>& take) {
  namespace fs = std::filesystem;
  if (place != "-" && !fs::exists(place))
    throw Error(ErrorKind::usage, fmt::format("there is nothing at {}", one_line(place)), "");
  if (place == "-" || !(fs::is_directory(place) || is_archive(place))) {
    take({place, read_whole_file(place == "-" ? "/dev/stdin" : place), {}, true});
    return;
  }
  for_each_file(place, [&](ArchiveFile&& file) {
    take({place + "/" + file.name, std::move(file.content), std::move(file.problem), false});
  });
}

std::string reason_of(const Error& error) {
  return error.hint().empty() ? error.what() : fmt::format("{} ({})", error.what(), error.hint());
}

}  // namespace resident
