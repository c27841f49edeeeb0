#include <algorithm>
#include <base/spoken.hpp>
#include <base/text.hpp>
#include <iterator>
#include <map>
#include <optional>
#include <vector>

namespace resident {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

bool begins_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && to_lower(text.substr(0, lower.size())) == lower;
}

// What runs from a mark to another over any lines: comments of HTML, and elements whose text is no speech.
struct Region {
  std::string_view open, close;
  bool is_inline;  // stands for a word, as a span of code does
};
constexpr Region kRegions[] = {{"<!--", "-->", false},
                               {"<pre", "</pre>", false},
                               {"<blockquote", "</blockquote>", false},
                               {"<code", "</code>", true},
                               {"[quote", "[/quote]", false}};

// Where the runs of backticks in a stretch of text stand, by length: a run closes the span that one as long opened.
class CodeRuns {
 public:
  CodeRuns(std::string_view text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end;) {
      if (text[i] != '`') {
        ++i;
        continue;
      }
      const std::size_t from = i;
      while (i < end && text[i] == '`') ++i;
      places_[i - from].push_back(from);
    }
  }
  bool empty() const { return places_.empty(); }

  // Behind the next run of this length, or kNone.
  std::size_t behind_next(std::size_t length, std::size_t from) const {
    const auto same = places_.find(length);
    if (same == places_.end()) return kNone;
    const auto next = std::lower_bound(same->second.begin(), same->second.end(), from);
    return next == same->second.end() ? kNone : *next + length;
  }

 private:
  std::map<std::size_t, std::vector<std::size_t>> places_;
};

// Spans of code and links within one paragraph.
class Inline {
 public:
  Inline(std::string& text, std::size_t begin, std::size_t end) : text_(text), begin_(begin), end_(end) {}

  void run() {
    hide_code();
    hide_link_texts();
  }

 private:
  void put(std::size_t from, std::size_t to, char with) {
    for (std::size_t i = from; i < to; ++i)
      if (text_[i] != '\n') text_[i] = with;
  }

  bool is_escaped(std::size_t at) const {
    std::size_t slashes = 0;
    while (at > begin_ + slashes && text_[at - slashes - 1] == '\\') ++slashes;
    return slashes % 2 == 1;
  }

  void hide_code() {
    const CodeRuns runs(text_, begin_, end_);
    if (runs.empty()) return;
    for (std::size_t i = begin_; i < end_;) {
      if (text_[i] != '`') {
        ++i;
        continue;
      }
      const std::size_t from = i;
      while (i < end_ && text_[i] == '`') ++i;
      const std::size_t opens = from + (is_escaped(from) ? 1 : 0);
      const std::size_t behind = runs.behind_next(i - opens, i);
      if (behind == kNone) continue;
      put(opens, behind, kUnspoken);
      i = behind;
    }
  }

  // "[#12](https://…)": the address tells what it names.
  void hide_link_texts() {
    std::vector<std::size_t> open;
    for (std::size_t i = begin_; i < end_; ++i) {
      if (text_[i] == '[') open.push_back(i);
      if (text_[i] != ']' || open.empty()) continue;
      const std::size_t from = open.back();
      open.pop_back();
      const std::string_view behind = std::string_view(text_).substr(i + 1, std::min<std::size_t>(10, end_ - i - 1));
      if (!behind.starts_with('(')) continue;
      const std::string_view address = behind.substr(behind.starts_with("(<") ? 2 : 1);
      if (!begins_ignoring_case(address, "http://") && !begins_ignoring_case(address, "https://")) continue;
      put(from, i + 1 + (behind.size() - address.size()), kTransparent);
      open.clear();  // a link holds no link
    }
  }

  std::string& text_;
  std::size_t begin_, end_;
};

class Speech {
 public:
  Speech(std::string_view text, Markup markup) : text_(text), out_(text), markup_(markup) {}

  std::string run() {
    pair_quote_fences();
    for (std::size_t begin = 0; begin < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      line(begin, end);
      begin = end + 1;
    }
    end_paragraph();
    return std::move(out_);
  }

 private:
  void hide(std::size_t from, std::size_t to, char with = ' ') {
    for (std::size_t i = from; i < to; ++i)
      if (out_[i] != '\n') out_[i] = with;
  }

  // Lines that are ">>>" alone, two by two.
  void pair_quote_fences() {
    std::size_t last = kNone;
    for (std::size_t begin = 0; begin < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      if (trim(text_.substr(begin, end - begin)) == ">>>") {
        if (last != kNone) quote_ends_[last] = end;
        last = last == kNone ? begin : kNone;
      }
      begin = end + 1;
    }
  }

  void end_paragraph() {
    if (paragraph_begin_ != kNone) {
      if (markup_ == Markup::markdown) {
        Inline(out_, paragraph_begin_, paragraph_end_).run();
      } else {
        for (std::size_t begin = paragraph_begin_; begin < paragraph_end_;) {
          const std::size_t end = std::min(out_.find('\n', begin), paragraph_end_);
          Inline(out_, begin, end).run();
          begin = end + 1;
        }
      }
    }
    paragraph_begin_ = kNone;
  }

  void line(std::size_t begin, std::size_t end) {
    if (hidden_until_ > begin) {  // a comment, an element or a quote that began before
      const std::size_t until = std::min(hidden_until_, end);
      hide(begin, until, hidden_with_);
      if (hidden_until_ >= end) return;
      begin = until;
    }
    std::size_t at = begin, indent = 0;
    for (; at < end && is_blank(text_[at]); ++at) indent = text_[at] == '\t' ? (indent / 4 + 1) * 4 : indent + 1;
    if (fence_length_ > 0 && !(at < end && indent < fence_container_)) {
      if (closes_fence(at, end)) fence_length_ = 0;
      return hide(begin, end);
    }
    fence_length_ = 0;
    if (at == end) {
      end_paragraph();
      return;
    }
    while (!containers_.empty() && indent < containers_.back()) containers_.pop_back();
    block(begin, at, end, indent);
  }

  // What begins at `at`, in column `column`: markers of lists are taken off one after the other.
  void block(std::size_t begin, std::size_t at, std::size_t end, std::size_t column) {
    for (int depth = 0; depth < kDeepest; ++depth) {
      const std::size_t base = containers_.empty() ? 0 : containers_.back();
      const std::size_t indent = column >= base ? column - base : 0;
      if (markup_ == Markup::markdown && indent >= 4 && paragraph_begin_ == kNone) return hide(at, end);
      if (const auto quote = quote_ends_.find(begin); depth == 0 && quote != quote_ends_.end()) {
        end_paragraph();
        hidden_until_ = quote->second;
        hidden_with_ = ' ';
        return hide(begin, end);
      }
      if (text_[at] == '>') {
        end_paragraph();
        return hide(at, end);
      }
      if (opens_fence(at, end, indent)) {
        end_paragraph();
        fence_container_ = base;
        return hide(at, end);
      }
      const std::size_t marker = list_marker(at, end);
      if (marker == 0) break;
      end_paragraph();
      at += marker;
      column += marker;
      std::size_t blanks = 0;
      for (; at < end && is_blank(text_[at]); ++at) ++blanks;
      // Five blanks and more: one of them belongs to the marker, the rest indents code.
      containers_.push_back(column + (blanks > 4 || at == end ? 1 : blanks));
      column += blanks;
      if (at == end) return;
    }
    words(at, end);
  }

  void words(std::size_t at, std::size_t end) {
    if (paragraph_begin_ == kNone) paragraph_begin_ = at;
    paragraph_end_ = end;
    std::optional<CodeRuns> runs;
    for (std::size_t i = at; i < end; ++i) {
      const char c = text_[i];
      if (c == '`') {
        if (!runs) runs.emplace(text_, i, end);
        std::size_t behind = i;
        while (behind < end && text_[behind] == '`') ++behind;
        const std::size_t closed = runs->behind_next(behind - i, behind);
        i = (closed == kNone ? behind : closed) - 1;
      } else if (c == '<' || c == '[') {
        const std::size_t until = region(i, i == at);
        if (until == kNone) continue;
        if (until > end) return;
        i = until - 1;
      }
    }
  }

  // Hides the region that begins here; where it ends, or kNone. A comment that begins a line and is never closed
  // goes on to the end; anything else that is not closed is text.
  std::size_t region(std::size_t at, bool begins_line) {
    for (std::size_t i = 0; i < std::size(kRegions); ++i) {
      const Region& region = kRegions[i];
      if (!begins_ignoring_case(text_.substr(at, region.open.size()), region.open)) continue;
      const std::size_t next = at + region.open.size();
      // "<preface>" is another element.
      if (i > 0 && (next >= text_.size() ||
                    !(text_[next] == '>' || text_[next] == ']' || text_[next] == '=' || is_blank(text_[next]))))
        continue;
      std::size_t until = close_of(i, next);
      if (until == kNone && !(i == 0 && begins_line)) return kNone;
      until = std::min(until, text_.size());
      hidden_until_ = until;
      hidden_with_ = region.is_inline ? kUnspoken : ' ';
      const std::size_t line_end = std::min(text_.find('\n', at), text_.size());
      hide(at, std::min(until, line_end), hidden_with_);
      return until;
    }
    return kNone;
  }

  // Behind the mark that closes the region. Each mark is looked for once where there is none.
  std::size_t close_of(std::size_t region, std::size_t from) {
    if (from >= no_close_[region]) return kNone;
    const std::string_view mark = kRegions[region].close;
    for (std::size_t i = text_.find(mark[0], from); i != kNone; i = text_.find(mark[0], i + 1))
      if (begins_ignoring_case(text_.substr(i, mark.size()), mark)) return i + mark.size();
    no_close_[region] = from;
    return kNone;
  }

  bool opens_fence(std::size_t at, std::size_t end, std::size_t indent) {
    const char mark = text_[at];
    if ((mark != '`' && mark != '~') || (indent >= 4 && markup_ == Markup::markdown)) return false;
    std::size_t behind = at;
    while (behind < end && text_[behind] == mark) ++behind;
    if (behind - at < 3) return false;
    if (mark == '`' && text_.substr(behind, end - behind).find('`') != kNone) return false;
    fence_mark_ = mark;
    fence_length_ = behind - at;
    return true;
  }

  bool closes_fence(std::size_t at, std::size_t end) const {
    std::size_t behind = at;
    while (behind < end && text_[behind] == fence_mark_) ++behind;
    return behind - at >= fence_length_ && std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(behind),
                                                       text_.begin() + static_cast<std::ptrdiff_t>(end), is_blank);
  }

  // Length of "-", "*", "+", "1." or "1)" before a blank or the end of the line; 0: none.
  std::size_t list_marker(std::size_t at, std::size_t end) const {
    std::size_t length = 0;
    if (text_[at] == '-' || text_[at] == '*' || text_[at] == '+') {
      length = 1;
    } else {
      while (at + length < end && length < 9 && text_[at + length] >= '0' && text_[at + length] <= '9') ++length;
      if (length == 0 || at + length >= end || (text_[at + length] != '.' && text_[at + length] != ')')) return 0;
      ++length;
    }
    return at + length == end || is_blank(text_[at + length]) ? length : 0;
  }

  static constexpr int kDeepest = 50;  // lists within lists on one line

  std::string_view text_;
  std::string out_;
  Markup markup_;
  std::map<std::size_t, std::size_t> quote_ends_;  // of ">>>", by where their line begins
  std::vector<std::size_t> containers_;            // columns at which the items of lists go on
  std::size_t paragraph_begin_ = kNone, paragraph_end_ = 0;
  std::size_t hidden_until_ = 0;
  char hidden_with_ = ' ';
  std::size_t fence_length_ = 0, fence_container_ = 0;  // length 0: in no fence
  char fence_mark_ = '`';
  std::size_t no_close_[std::size(kRegions)] = {kNone, kNone, kNone, kNone, kNone};
};

}  // namespace

std::string spoken_text(std::string_view text, Markup markup) {
  return Speech(text, markup).run();
}

void leave_out_struck(std::string& text) {
  constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {"~~", "~~"}, {"<s>", "</s>"}, {"<del>", "</del>"}, {"<strike>", "</strike>"}};
  for (const auto& [open, close] : kMarks)
    for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
      const std::size_t from = at + open.size(), paragraph = std::min(text.find("\n\n", at), text.size());
      // "~~~" begins a block of code.
      const bool is_fence = open == "~~" && text.compare(at, 3, "~~~") == 0;
      const std::size_t end = std::string_view(text).substr(0, paragraph).find(close, from);
      if (is_fence || end == from) {
        at = std::min(text.find_first_not_of('~', from), text.size());
      } else if (end == std::string::npos) {
        at = paragraph;
      } else {
        for (; at < end + close.size(); ++at)
          if (text[at] != '\n') text[at] = ' ';
      }
    }
}

}  // namespace resident
