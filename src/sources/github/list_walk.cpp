#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <sources/github/list_walk.hpp>
#include <utility>

namespace resident::github {

namespace {

constexpr int kMostInARow = 5;  // places that fail one after the other; then it is the rest of the list
constexpr std::size_t kMostGaps = kMostPlaces - 1;  // of one list; then the rest

// 100, 50, 25, 5, 1; 0: cannot be smaller.
std::int64_t smaller(std::int64_t size) {
  if (size <= 1) return 0;
  if (size % 2 == 0) return size / 2;
  return size % 5 == 0 ? size / 5 : 1;
}

}  // namespace

ListWalk::ListWalk(Reader& reader, std::string url, bool strict)
    : reader_(reader), first_(std::move(url)), url_(first_), strict_(strict) {
  static const Pattern size_pattern(R"([?&]per_page=(\d+))"), page_pattern(R"([?&]page=(\d+))");
  std::int64_t number = 1;
  if (!size_pattern.found_in(first_, &size_) || size_ < 1) size_ = 1;
  if (page_pattern.found_in(first_, &number) && number > 1) place_ = (number - 1) * size_;
  largest_ = size_;
  done_ = first_.empty();
}

// By the number of the page: the forge's own addresses of next pages hold for pages of one size alone.
std::string ListWalk::address() const {
  static const Pattern size_field(R"(per_page=\d+)"), page_field(R"(([?&])page=\d+)");
  std::string url = first_;
  size_field.replace_first(url, fmt::format("per_page={}", size_));
  const std::string page = fmt::format("page={}", place_ / size_ + 1);
  if (!page_field.replace_first(url, "\\1" + page)) url += "&" + page;
  return url;
}

// Behind `length` entries: pages that failed and are now read to their end in smaller ones without any gap were too
// large; else they may grow again, as far as their numbers fit the place.
void ListWalk::pass(std::int64_t length) {
  place_ += length;
  while (!failed_.empty() && place_ >= failed_.back().end) {
    if (failed_.back().gaps == gaps_.size()) largest_ = std::min(largest_, failed_.back().smaller);
    failed_.pop_back();
  }
  const std::int64_t before = size_;
  size_ = 1;
  for (std::int64_t size = largest_; size > 1; size = smaller(size))
    if (place_ % size == 0) {
      size_ = size;
      break;
    }
  if (size_ != before) url_ = address();
}

// Trouble may pass, so there is a second time, once the forge has shown that it answers at all.
std::optional<Page> ListWalk::once_more(const std::string& reason) {
  reader_.look_whether_it_answers();
  try {
    auto page = reader_.page_of_size(url_);
    if (!page) done_ = true;
    return page;
  } catch (const http::ServerTrouble&) {
    const bool is_rest = ++in_a_row_ >= kMostInARow || gaps_.size() + 1 >= kMostGaps;
    if (is_rest) {
      // The places before it in this row are part of it.
      gaps_.resize(gaps_.size() - std::min(gaps_.size(), static_cast<std::size_t>(in_a_row_ - 1)));
      gaps_.push_back({place_ + 2 - in_a_row_, reason, true});
      done_ = true;
    } else {
      gaps_.push_back({place_ + 1, reason, false});
      pass(1);
      url_ = address();
    }
    return std::nullopt;
  }
}

void ListWalk::add_gap(std::size_t entry, const std::string& reason) {
  if (gaps_.size() + 1 < kMostGaps)
    gaps_.push_back({page_begins_ + static_cast<std::int64_t>(entry) + 1, reason, false});
}

std::optional<Page> ListWalk::next() {
  while (!done_) {
    std::optional<Page> page;
    try {
      page = reader_.page_of_size(url_);
      if (!page) {
        done_ = true;
        is_there_ = false;
        return std::nullopt;
      }
    } catch (const http::ServerTrouble& trouble) {
      if (const std::int64_t size = smaller(size_)) {
        failed_.push_back({place_ + size_, size, gaps_.size()});
        size_ = size;
        url_ = address();
        continue;
      }
      if (strict_) throw;
      page = once_more(trouble.what());
      if (!page) continue;
    }
    in_a_row_ = 0;
    page_begins_ = place_;
    const std::string next = page->next, here = std::exchange(url_, page->next);
    pass(size_);
    if (next.empty() || next == here) done_ = true;
    return page;
  }
  return std::nullopt;
}

}  // namespace resident::github
