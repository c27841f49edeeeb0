// A thread as a list: posts as they were written, and between them, in a line each, what was done.
#include <fmt/format.h>

#include <base/text.hpp>
#include <map>
#include <views/page.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestDeed = 200;

std::string text_of(const Result& result, const std::vector<Cell>& row, std::string_view name) {
  for (std::size_t i = 0; i < result.columns.size(); ++i)
    if (result.columns[i].name == name && !std::holds_alternative<std::monostate>(row.at(i)))
      return format_cell(row.at(i), result.columns[i].type);
  return {};
}

// What a forge calls an event, as a reader does.
std::string verb_of(const std::string& kind) {
  static const std::map<std::string, const char*, std::less<>> verbs{
      {"labeled", "added the label"},
      {"unlabeled", "took away the label"},
      {"review_requested", "asked for a review by"},
      {"review_request_removed", "no longer asks for a review by"},
      {"assigned", "assigned"},
      {"unassigned", "no longer assigns"},
      {"milestoned", "set the milestone"},
      {"demilestoned", "took away the milestone"},
      {"ready_for_review", "said that it is ready for review"},
      {"convert_to_draft", "made it a draft"},
      {"head_ref_force_pushed", "pushed anew (forced)"},
      {"committed", "pushed"},
      {"cross-referenced", "named it in"},
      {"marked_as_duplicate", "marked it as a duplicate of"},
      {"renamed", "renamed it"},
      {"opened", "opened it"},
      {"comment", "commented"},
      {"post", "wrote"},
      {"comment on code", "commented on"},
      {"review: approved", "approved it"},
      {"review: changes_requested", "asked for changes"},
      {"review: commented", "reviewed it"},
      {"review: dismissed", "reviewed it (dismissed since)"},
  };
  const auto found = verbs.find(kind);
  if (found != verbs.end()) return found->second;
  std::string words = kind;
  for (char& c : words)
    if (c == '_') c = ' ';
  return html_text(words);
}

bool is_post(const std::string& kind) {
  return kind == "opened" || kind.starts_with("comment") || kind == "post" || kind.starts_with("review:");
}

}  // namespace

std::string written_text(std::string_view text) {
  std::string result;
  bool is_first = true;
  for (const std::string_view line : split(text, '\n')) {
    std::string spaced;
    for (const char c : line) spaced += c == '\t' ? std::string("    ") : std::string(1, c);
    if (!spaced.empty() && spaced.back() == '\r') spaced.pop_back();
    result += (is_first ? "" : "\n") + html_text(spaced);
    is_first = false;
  }
  return result;
}

std::string render_thread(const Result& result) {
  if (result.rows.empty()) return "<p class=\"nothing\">Nothing was said or done.</p>\n";
  std::string out = "<ol class=\"thread\">\n";
  for (const auto& row : result.rows) {
    const std::string kind = text_of(result, row, "kind"), text = text_of(result, row, "text"),
                      path = text_of(result, row, "path");
    // Review tools wrap remarks on code into a review that says nothing itself.
    if (kind == "review: commented" && trim(text).empty()) continue;
    const bool has_post = is_post(kind) && !trim(text).empty();
    const std::string object = !path.empty()               ? " " + html_text(path)
                               : is_post(kind) || has_post ? std::string()
                                                           : " " + html_text(clean_text(text, kLongestDeed));
    out += fmt::format("<li{}><p class=\"deed\"><time>{}</time> <b>{}</b> {}{}</p>{}</li>\n",
                       has_post ? " class=\"post\"" : "", html_text(text_of(result, row, "at")),
                       html_text(text_of(result, row, "who")), verb_of(kind), object,
                       has_post ? render_post(text) : std::string());
  }
  return out + "</ol>\n";
}

}  // namespace resident
