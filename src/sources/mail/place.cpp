#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/files/files.hpp>
#include <sources/mail/place.hpp>
#include <sources/mail/splitter.hpp>
#include <vector>

namespace resident::mail {

namespace {

namespace fs = std::filesystem;

// The mails of one file, whose lines are given by each_line.
template <class EachLine>
void read_one(const std::string& name, const MailPlace& place, const EachLine& each_line) {
  if (place.begin) place.begin(name);
  Splitter splitter([&](std::uint64_t line, std::string_view separator, std::string_view text, bool is_cut) {
    const std::string where = fmt::format("{}:{}", name, line);
    try {
      place.mail(text, separator, where, is_cut);
    } catch (const Error& error) {
      place.problem(where, error.what());
    }
  });
  try {
    each_line(splitter);
  } catch (const Error&) {
    // What stood before the damage is there.
    if (place.end) place.end(name);
    throw;
  }
  splitter.finish();
  if (place.end) place.end(name);
}

void read_file(const std::string& file, const std::string& name, const MailPlace& place) {
  read_one(name, place, [&](Splitter& splitter) {
    for_each_line(file, [&](std::uint64_t number, std::string_view line, std::string_view problem) {
      if (problem.empty()) return splitter.line(line);
      place.damaged_file(fmt::format("{}:{}", name, number), std::string(problem));
    });
  });
}

std::vector<std::string> files_of(const std::string& folder) {
  std::error_code code;
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, code), end;
       !code && walk != end; walk.increment(code))
    if (walk->is_regular_file(code) && !walk->path().filename().string().starts_with("."))
      files.push_back(walk->path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void read_mails(const std::string& location, const MailPlace& place) {
  Progress progress("reading " + location, 0);
  std::error_code code;
  if (fs::is_directory(location, code)) {
    for (const std::string& file : files_of(location)) {
      const std::string relative = fs::path(file).lexically_relative(location).generic_string();
      try {
        read_file(file, relative, place);
      } catch (const Error& error) {
        place.damaged_file(relative, error.what());
      }
      progress.advance();
    }
  } else if (is_archive(location)) {
    for_each_file(location, [&](ArchiveFile&& file) {
      progress.advance();
      if (!file.problem.empty()) return place.damaged_file(file.name, file.problem);
      read_one(file.name, place, [&](Splitter& splitter) {
        std::string_view rest = file.content;
        while (!rest.empty()) {
          const std::size_t end = rest.find('\n');
          splitter.line(rest.substr(0, end));
          rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        }
      });
    });
  } else {
    read_file(location, fs::path(location).filename().string(), place);
  }
}

}  // namespace resident::mail
