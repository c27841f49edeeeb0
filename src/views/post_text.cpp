// What people wrote in a post, as HTML: paragraphs line by line, what is quoted marked as such, code as it stands. All
// else (links, emphasis, HTML that somebody typed) is shown as the text it is, so nothing of it is lost and nothing
// runs.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <optional>
#include <utility>
#include <vector>
#include <views/page.hpp>

namespace resident {

namespace {

constexpr std::size_t kShownPost = 2500, kLongestPost = 30000;  // bytes
constexpr int kDeepestQuote = 6;                                // beyond, marks of quoting are text
constexpr std::size_t kCode = 4;                                // spaces before a line of code

struct Block {
  std::string html;
  std::size_t size = 0;  // bytes of what was written
};

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_blank(std::string_view line) {
  return indent_of(line) == line.size();
}

// "```" or "~~~" at its beginning; 0: no fence.
char fence_of(std::string_view line) {
  line.remove_prefix(indent_of(line));
  if (line.starts_with("```")) return '`';
  return line.starts_with("~~~") ? '~' : 0;
}

bool is_quoted(std::string_view line) {
  const std::size_t at = indent_of(line);
  return at < kCode && at < line.size() && line[at] == '>';
}

std::string_view unquoted(std::string_view line) {
  line.remove_prefix(indent_of(line) + 1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

// A forum's "[quote="ada, post:3, topic:12"]": whom it quotes, or no value.
std::optional<std::string_view> forum_quote(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("[quote") || !line.ends_with(']')) return std::nullopt;
  line.remove_prefix(std::string_view("[quote").size());
  line.remove_suffix(1);
  if (line.empty()) return line;
  if (!line.starts_with('=')) return std::nullopt;
  line.remove_prefix(1);
  if (line.starts_with('"')) line.remove_prefix(1);
  return line.substr(0, line.find_first_of(",\""));
}

bool is_listed(std::string_view line) {
  line.remove_prefix(indent_of(line));
  const std::size_t digits = line.find_first_not_of("0123456789");
  if (digits != std::string_view::npos && digits > 0) return line.substr(digits).starts_with(". ");
  return line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ");
}

class Reader {
 public:
  Reader(std::vector<std::string_view> lines, int depth) : lines_(std::move(lines)), depth_(depth) {}

  std::vector<Block> read() {
    while (at_ < lines_.size()) {
      const std::string_view line = lines_[at_];
      if (is_blank(line)) {
        ++at_;
      } else if (fence_of(line)) {
        fenced();
      } else if (is_quoted(line) && depth_ < kDeepestQuote) {
        quoted();
      } else if (forum_quote(line) && depth_ < kDeepestQuote) {
        quoted_in_forum();
      } else if (indent_of(line) >= kCode && !in_list_) {
        indented();
      } else {
        paragraph();
      }
    }
    return std::move(blocks_);
  }

 private:
  static std::string joined(const std::vector<std::string_view>& lines) {
    std::string text;
    for (const auto line : lines) text += std::string(line) + "\n";
    if (!text.empty()) text.pop_back();
    return text;
  }

  // Long ones in pieces, so that the rest of a post can be put away.
  void add_text(const char* element, const std::vector<std::string_view>& lines) {
    for (std::string text = joined(lines); !text.empty();) {
      std::size_t cut = text.size();
      if (cut > kShownPost + kShownPost / 4) {
        cut = text.rfind('\n', kShownPost);
        if (cut == std::string::npos || cut < kShownPost / 2) cut = clean_text(text, kShownPost).size() - 3;  // its "…"
      }
      blocks_.push_back({fmt::format("<{0}>{1}</{0}>\n", element, written_text(text.substr(0, cut))), cut});
      text.erase(0, cut < text.size() && text[cut] == '\n' ? cut + 1 : cut);
    }
  }

  void add_quote(const std::string& whom, std::vector<std::string_view> lines) {
    std::size_t size = 0;
    std::string html = "<blockquote>";
    if (!whom.empty()) html += fmt::format("<p class=\"cited\">{} wrote:</p>\n", html_text(whom));
    for (auto& block : Reader(std::move(lines), depth_ + 1).read()) html += block.html, size += block.size;
    blocks_.push_back({html + "</blockquote>\n", size});
  }

  void fenced() {
    const char fence = fence_of(lines_[at_++]);
    std::vector<std::string_view> code;
    while (at_ < lines_.size() && !(fence_of(lines_[at_]) == fence && is_only(lines_[at_], fence)))
      code.push_back(lines_[at_++]);
    ++at_;
    in_list_ = false;
    add_text("pre", code);
  }

  // What closes a fence has nothing behind it.
  static bool is_only(std::string_view line, char fence) {
    const std::string_view marks = trim(line);
    return marks.find_first_not_of(fence) == std::string_view::npos;
  }

  void quoted() {
    std::vector<std::string_view> lines;
    while (at_ < lines_.size() && is_quoted(lines_[at_])) lines.push_back(unquoted(lines_[at_++]));
    in_list_ = false;
    add_quote({}, std::move(lines));
  }

  void quoted_in_forum() {
    const std::string whom(*forum_quote(lines_[at_++]));
    std::vector<std::string_view> lines;
    for (int open = 1; at_ < lines_.size(); ++at_) {
      if (forum_quote(lines_[at_])) ++open;
      if (trim(lines_[at_]) == "[/quote]" && --open == 0) break;
      lines.push_back(lines_[at_]);
    }
    ++at_;
    in_list_ = false;
    add_quote(whom, std::move(lines));
  }

  void indented() {
    std::vector<std::string_view> code;
    while (at_ < lines_.size() && (is_blank(lines_[at_]) || indent_of(lines_[at_]) >= kCode))
      code.push_back(lines_[at_++]);
    while (!code.empty() && is_blank(code.back())) code.pop_back();
    std::size_t margin = std::string_view::npos;
    for (const auto line : code)
      if (!is_blank(line)) margin = std::min(margin, indent_of(line));
    for (auto& line : code) line.remove_prefix(std::min(margin, line.size()));
    add_text("pre", code);
  }

  void paragraph() {
    std::vector<std::string_view> lines;
    while (at_ < lines_.size() && !is_blank(lines_[at_]) && !fence_of(lines_[at_]) &&
           !(depth_ < kDeepestQuote && !lines.empty() && (is_quoted(lines_[at_]) || forum_quote(lines_[at_])))) {
      if (indent_of(lines_[at_]) < kCode) in_list_ = is_listed(lines_[at_]) || (in_list_ && indent_of(lines_[at_]) > 0);
      lines.push_back(lines_[at_++]);
    }
    add_text("p", lines);
  }

  std::vector<std::string_view> lines_;
  int depth_;
  std::size_t at_ = 0;
  bool in_list_ = false;  // what is indented belongs to a list's entry
  std::vector<Block> blocks_;
};

}  // namespace

std::string render_post(std::string_view text) {
  std::string clean;
  for (const char c : clean_text(text, kLongestPost)) {
    if (c == '\t') clean += "    ";
    if (c != '\t' && c != '\r') clean += c;
  }
  std::string shown, rest;
  std::size_t size = 0;
  for (const auto& block : Reader(split(clean, '\n'), 0).read()) {
    const bool fits = rest.empty() && (size == 0 || size + block.size <= kShownPost + kShownPost / 4);
    (fits ? shown : rest) += block.html;
    size += block.size;
  }
  std::string out = "<div class=\"said\">\n" + shown + "</div>";
  if (!rest.empty())
    out += fmt::format("<details><summary>The rest of it</summary><div class=\"said\">\n{}</div></details>", rest);
  return out;
}

}  // namespace resident
