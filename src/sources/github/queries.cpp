#include <fmt/format.h>

#include <base/embedded.hpp>
#include <base/error.hpp>
#include <map>
#include <mutex>
#include <set>
#include <sources/github/queries.hpp>

namespace resident::github {

namespace {

constexpr std::string_view kFragment = "fragment_", kEnding = ".graphql";

// Name of the fragment that a file defines: the word after "fragment ".
std::string fragment_name(const std::string& text) {
  const std::size_t begin =
      text.find("\nfragment ") == std::string::npos ? text.find("fragment ") + 9 : text.find("\nfragment ") + 10;
  return text.substr(begin, text.find(' ', begin) - begin);
}

bool uses(const std::string& text, const std::string& fragment) {
  const std::string spread = "..." + fragment;
  for (std::size_t at = text.find(spread); at != std::string::npos; at = text.find(spread, at + 1)) {
    const char next = at + spread.size() < text.size() ? text[at + spread.size()] : ' ';
    if (next == ' ' || next == '\n' || next == '}') return true;
  }
  return false;
}

std::string with_fragments(std::string text) {
  std::set<std::string> added;
  for (bool again = true; again;) {
    again = false;
    for (const auto& file : embedded::graphql_files()) {
      if (!file.name.starts_with(kFragment) || !uses(text, fragment_name(file.content))) continue;
      if (!added.insert(file.name).second) continue;
      text += file.content;
      again = true;
    }
  }
  return text;
}

}  // namespace

const std::string& query(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::string, std::less<>> made;
  const std::lock_guard lock(mutex);
  if (const auto found = made.find(name); found != made.end()) return found->second;
  for (const auto& file : embedded::graphql_files())
    if (file.name == fmt::format("{}{}", name, kEnding))
      return made.emplace(name, with_fragments(file.content)).first->second;
  throw Error(fmt::format("there is no query {}", name));
}

std::string items_query(std::size_t count) {
  std::string variables, fields;
  for (std::size_t index = 0; index < count; ++index) {
    variables += fmt::format(", $n{}: Int!", index);
    fields += fmt::format("    i{0}: issueOrPullRequest(number: $n{0}) {{ ...WholeIssue ...WholePull }}\n", index);
  }
  return with_fragments(
      fmt::format("query Items($owner: String!, $name: String!{}) {{\n  rateLimit {{ cost limit remaining resetAt }}\n"
                  "  repository(owner: $owner, name: $name) {{\n{}  }}\n}}\n",
                  variables, fields));
}

std::string checks_query(std::size_t count) {
  std::string variables, fields;
  for (std::size_t index = 0; index < count; ++index) {
    variables += fmt::format(", $n{}: Int!", index);
    fields += fmt::format("    i{0}: pullRequest(number: $n{0}) {{ ...Checks }}\n", index);
  }
  return with_fragments(
      fmt::format("query Checks($owner: String!, $name: String!{}) {{\n  rateLimit {{ cost limit remaining resetAt }}\n"
                  "  repository(owner: $owner, name: $name) {{\n{}  }}\n}}\n",
                  variables, fields));
}

std::string more_entries_query(const std::vector<bool>& is_pull) {
  std::string variables, fields;
  for (std::size_t index = 0; index < is_pull.size(); ++index) {
    variables += fmt::format("{0}$id{1}: ID!, $after{1}: String", index ? ", " : "", index);
    fields += fmt::format(
        "  i{0}: node(id: $id{0}) {{ ... on {1} {{ timelineItems(first: 100, after: $after{0}) {{ nodes {{ ...Entry }} "
        "pageInfo {{ hasNextPage endCursor }} }} }} }}\n",
        index, is_pull[index] ? "PullRequest" : "Issue");
  }
  return with_fragments(fmt::format("query MoreEntries({}) {{\n  rateLimit {{ cost limit remaining resetAt }}\n{}}}\n",
                                    variables, fields));
}

}  // namespace resident::github
