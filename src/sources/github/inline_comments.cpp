// Inline comments of all pull requests, as the repository's own list has them.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/github/list_walk.hpp>
#include <store/read/stored_items.hpp>

namespace resident::github {

namespace {

const char* const kName = "comments on lines";

std::string pull_number_of(const std::string& url) {
  return url.substr(url.rfind('/') + 1);
}

}  // namespace

void Reader::inline_comment(const json::Object& object, std::set<std::int64_t>& unknown, std::set<std::string>* seen) {
  std::string name = "inline/?";
  try {
    const CommentRecord comment = inline_comment_object(object);
    name = "inline/" + comment.key;
    const std::int64_t number = std::strtoll(pull_number_of(object.text("pull_request_url")).c_str(), nullptr, 10);
    if (number < 1) throw Error("an inline comment of no pull request");
    if (seen) seen->insert(comment.key);
    const std::string print = fingerprint(fmt::format("{}/{}", object.text("updated_at"), object.text("body")));
    const std::int64_t item_id = number * 2 + 1;
    if (writer_.seen(name, print)) return;
    if (!writer_.inline_comment(item_id, comment)) {
      unknown.insert(number);
      return;
    }
    writer_.mark(name, print);
  } catch (const Error& error) {
    writer_.quarantine(name, error.what());
  }
}

std::set<std::int64_t> Reader::inline_comments() {
  std::set<std::int64_t> unknown;
  const std::string list = repository_url("/pulls/comments?sort=updated&direction=asc&per_page=100");
  const auto cursor = writer_.stream_cursor("inline");
  std::optional<Timestamp> newest = cursor ? parse_time(*cursor) : options_.since;
  ListWalk walk(*this, list + (newest ? "&since=" + format_time(*newest) : ""));
  bool is_held = false;
  for (auto found = walk.next(); found;) {
    // What stands behind a gap is written; the next sync begins in front of it.
    is_held = is_held || !walk.gaps().empty();
    const std::optional<Timestamp> before = newest;
    std::size_t entry = 0;
    for (const json::Element element : found->items) {
      try {
        const json::Object object(element, "comment");
        inline_comment(object, unknown, nullptr);
        const auto updated = object.time("updated_at");
        if (updated && (!newest || *updated > *newest)) newest = updated;
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::failed) throw;
        walk.add_gap(entry, error.what());
      }
      ++entry;
    }
    if (!is_held && !walk.gaps().empty()) newest = before, is_held = true;
    // A comment of a pull request that is not there yet is asked for again the next time.
    if (newest && unknown.empty() && !is_held)
      writer_.set_stream("inline", format_time(*newest), walk.is_done() ? "current" : "filling");
    checkpoint();
    found = walk.next();
  }
  const std::size_t gaps = walk.gaps().size();
  set_aside_.places(kName, walk.gaps());
  // That there is a cursor says that it was read, though it may say no more.
  if (gaps > 0) writer_.set_stream("inline", writer_.stream_cursor("inline").value_or(""), "filling");
  checkpoint();
  if (unknown.empty() && !options_.since && !walk.is_cut_short()) all_inline_comments(unknown, gaps);
  return unknown;
}

// Where the forge counts another number than the store has, some were deleted, or missed: all are read again.
void Reader::all_inline_comments(std::set<std::int64_t>& unknown, std::size_t gaps) {
  ListWalk counting(*this, repository_url("/pulls/comments?per_page=1"));
  const auto first = counting.next();
  if (!first) return;
  const std::int64_t there = first->last_page ? first->last_page : static_cast<std::int64_t>(first->items.size());
  writer_.flush();
  const std::int64_t here = inline_comment_count(writer_);
  if (writer_.stream_state("inline") == "new") writer_.set_stream("inline", format_time(now() - kOverlap), "current");
  writer_.stream_audit("inline", there, here, now());
  checkpoint();
  const std::string name = fmt::format("{}, all", kName);
  if (there == here || (gaps > 0 && there == here + static_cast<std::int64_t>(gaps))) {
    set_aside_.places(name, {});
    return checkpoint();
  }
  std::set<std::string> seen;
  const bool is_whole = each_past_gaps(repository_url("/pulls/comments?sort=created&direction=asc&per_page=100"), name,
                                       [&](const json::Object& object) { inline_comment(object, unknown, &seen); });
  // What a place that could not be read holds is not gone.
  std::vector<std::pair<std::int64_t, std::string>> gone;
  writer_.flush();
  if (is_whole)
    for (auto& [item, key] : resident::inline_comments(writer_))
      if (!seen.contains(key)) gone.emplace_back(item, std::move(key));
  writer_.remove_inline_comments(gone);
  checkpoint();
}

}  // namespace resident::github
