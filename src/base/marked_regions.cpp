#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/marked_regions.hpp>
#include <base/text.hpp>
#include <optional>

namespace resident {

namespace {

constexpr std::string_view kBegin = "<!-- resident:begin ", kEnd = "<!-- resident:end ", kClose = "-->";

// The words of a mark after what begins it; nothing for other lines.
std::optional<std::vector<std::string>> words_of_mark(std::string_view line, std::string_view begin) {
  line = trim(line);
  if (!line.starts_with(begin) || !line.ends_with(kClose) || line.size() < begin.size() + kClose.size())
    return std::nullopt;
  std::vector<std::string> words;
  for (const auto word : split(line.substr(begin.size(), line.size() - begin.size() - kClose.size()), ' '))
    if (!trim(word).empty()) words.emplace_back(trim(word));
  return words;
}

bool is_mark(std::string_view line) {
  return trim(line).starts_with(kBegin) || trim(line).starts_with(kEnd);
}

// Line ends are no edit.
std::string print_of(std::string_view body) {
  std::string plain(body);
  std::erase(plain, '\r');
  return fingerprint(plain).substr(0, 16);
}

std::string clean_body(const std::string& body) {
  std::string result;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string line = body.substr(at, end - at);
    if (!is_mark(line)) result += line + "\n";
    at = end + 1;
  }
  return result;
}

std::string with_line_ends(const std::string& text, bool are_windows) {
  if (!are_windows) return text;
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

[[noreturn]] void refuse(std::size_t line, const std::string& what) {
  throw Error(ErrorKind::usage, fmt::format("line {}: {}", line, what),
              "each part stands between <!-- resident:begin NAME … --> and <!-- resident:end NAME -->, none within "
              "another; mend the marks, or take both away to keep the text as your own");
}

// Goes through the lines once, and copies or writes.
class Refresher {
 public:
  Refresher(std::string_view text, const std::vector<MarkedRegion>& regions, bool force)
      : text_(text), regions_(regions), force_(force), are_windows_(text.find("\r\n") != std::string_view::npos) {}

  RefreshedText run() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size() - 1) + 1;
      ++line_;
      take(text_.substr(at, end - at));
      at = end;
    }
    if (open_) refuse(opened_at_, fmt::format("{} has no end", *open_));
    for (const MarkedRegion& region : regions_) {
      if (std::find(seen_.begin(), seen_.end(), region.name) != seen_.end()) continue;
      result_.missing.push_back(region.name);
      if (!force_) continue;
      if (!result_.text.empty() && !result_.text.ends_with('\n')) result_.text += '\n';
      result_.text += with_line_ends("\n" + marked_text(region), are_windows_);
    }
    return std::move(result_);
  }

 private:
  void take(std::string_view line) {
    if (const auto begin = words_of_mark(line, kBegin)) return open(*begin, line);
    if (const auto end = words_of_mark(line, kEnd)) return close(*end, line);
    (open_ ? body_ : result_.text) += line;
  }

  void open(const std::vector<std::string>& words, std::string_view line) {
    if (words.empty()) refuse(line_, "a part without a name");
    const std::string name = one_line(clean_text(words[0], 60));
    if (open_) refuse(line_, fmt::format("{} begins within {}", name, *open_));
    if (std::find(seen_.begin(), seen_.end(), words[0]) != seen_.end())
      refuse(line_, fmt::format("{} begins a second time", name));
    seen_.push_back(words[0]);
    open_ = words[0];
    print_ = words.size() > 1 ? words[1] : "";
    mark_ = std::string(line);
    opened_at_ = line_;
    body_.clear();
  }

  void close(const std::vector<std::string>& words, std::string_view line) {
    if (!open_ || words.empty() || words[0] != *open_) refuse(line_, "an end without its begin");
    const auto region =
        std::find_if(regions_.begin(), regions_.end(), [&](const MarkedRegion& each) { return each.name == *open_; });
    const bool is_edited = print_of(body_) != print_;
    const bool is_written =
        region != regions_.end() && (!is_edited || force_ || print_of(clean_body(region->body)) == print_of(body_));
    if (region == regions_.end())
      result_.others.push_back(*open_);
    else if (!is_written)
      result_.edited.push_back(*open_);
    else if (print_of(clean_body(region->body)) == print_of(body_))
      result_.same.push_back(*open_);
    else
      result_.changed.push_back(*open_);
    std::string written = mark_ + body_ + std::string(line);
    if (is_written) {
      written = with_line_ends(marked_text(*region), are_windows_);
      // The file may end without a line end.
      if (!line.ends_with('\n')) written.resize(written.size() - (are_windows_ ? 2 : 1));
    }
    result_.text += written;
    open_.reset();
  }

  std::string_view text_;
  const std::vector<MarkedRegion>& regions_;
  bool force_, are_windows_;
  std::size_t line_ = 0, opened_at_ = 0;
  std::optional<std::string> open_;
  std::string print_, mark_, body_;
  std::vector<std::string> seen_;
  RefreshedText result_;
};

}  // namespace

std::string marked_text(const MarkedRegion& region) {
  const std::string body = clean_body(region.body);
  return fmt::format("{}{} {} {}\n{}{}{} {}\n", kBegin, region.name, print_of(body), kClose, body, kEnd, region.name,
                     kClose);
}

RefreshedText refresh_regions(std::string_view text, const std::vector<MarkedRegion>& regions, bool force) {
  return Refresher(text, regions, force).run();
}

}  // namespace resident
