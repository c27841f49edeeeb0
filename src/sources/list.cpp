// The list of sources; a new one is a line here.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <net/token.hpp>
#include <sources/source.hpp>

namespace resident {

extern const SourceKind public_inbox_source, chat_source, zulip_source, debbugs_source, launchpad_source,
    launchpad_live_source;
extern const SourceKind results_source, mbox_source, gitlab_source, gitea_source, forgejo_source, discourse_source,
    buildbot_source, benchmarks_source, redmine_source, trac_source, trac_database_source, bugzilla_source,
    gerrit_source, jira_source, jira_export_source;
extern const SourceKind github_source, git_source, github_metadata_source, ietf_archive_source, jsonl_source;

const std::vector<const SourceKind*>& source_kinds() {
  static const std::vector<const SourceKind*> list{
      &git_source,           &github_source,        &github_metadata_source, &ietf_archive_source, &jsonl_source,
      &gitlab_source,        &gitea_source,         &forgejo_source,         &discourse_source,    &mbox_source,
      &public_inbox_source,  &results_source,       &benchmarks_source,      &buildbot_source,     &redmine_source,
      &trac_source,          &trac_database_source, &bugzilla_source,        &gerrit_source,       &jira_source,
      &jira_export_source,   &chat_source,          &zulip_source,           &debbugs_source,      &launchpad_source,
      &launchpad_live_source};
  return list;
}

const SourceKind& find_source_kind(const std::string& name) {
  std::vector<std::string> names;
  for (const auto* kind : source_kinds()) {
    if (kind->name == name) return *kind;
    names.emplace_back(kind->name);
  }
  const std::string nearest = near_miss(name, names);
  throw Error(ErrorKind::usage, fmt::format("there is no source called {}", one_line(name)),
              nearest.empty() ? "`resident add --help` lists them" : fmt::format("did you mean {}?", nearest));
}

std::string place_of(const SourceKind& kind, const std::string& location) {
  if (kind.is_path()) return std::filesystem::absolute(location).lexically_normal().string();
  const std::size_t scheme = location.find("://");
  const std::string rest = location.substr(scheme == std::string::npos ? 0 : scheme + 3);
  const bool has_user = rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string::npos;
  if (has_user || redact(location) != location)
    throw Error(
        ErrorKind::usage, "the address holds a name, a password or a token, which would be kept and shown",
        "leave it out: tokens come from the environment, a file or a helper command (docs/guide/plan.md, Tokens)");
  if (const std::string name = to_lower(location.substr(0, scheme));
      scheme != std::string::npos && name != "http" && name != "https")
    throw Error(ErrorKind::usage, fmt::format("{} is read over https, not over {}", kind.name, one_line(name)),
                fmt::format("write it like {}:{}", kind.name, kind.argument));
  return kind.normal_location(location);
}

}  // namespace resident
