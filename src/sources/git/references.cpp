#include <git2.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/git/references.hpp>

namespace resident::git {

namespace {

ObjectId to_id(const git_oid& oid) {
  ObjectId id;
  std::memcpy(id.data(), oid.id, id.size());
  return id;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.empty() || text.size() > 10) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number ? std::optional(number) : std::nullopt;
}

// 'object <sha>' and 'tagger …' of a tag.
struct Tag {
  std::optional<ObjectId> object;
  std::optional<Timestamp> at;
};

Tag parse_tag(std::string_view bytes) {
  Tag tag;
  for (const std::string_view line : split(bytes.substr(0, 10'000), '\n')) {
    if (line.empty()) break;
    if (line.starts_with("object ") && !tag.object) tag.object = parse_id(line.substr(7));
    if (line.starts_with("tagger ") && !tag.at) tag.at = parse_signature(line.substr(7), nullptr).time;
  }
  return tag;
}

}  // namespace

std::optional<std::int64_t> pull_number(const std::string& reference) {
  std::vector<std::string_view> parts = split(reference, '/');
  if (parts.size() < 4 || parts[0] != "refs") return std::nullopt;
  const std::string_view last = parts.back();
  const auto is_kind = [](std::string_view kind) {
    return kind == "pull" || kind == "pr" || kind == "merge-requests" || kind == "mr" || kind == "pull-requests";
  };
  if (parts[1] == "remotes" && parts.size() >= 5) {
    // refs/remotes/origin/pr/12, …/pull/12/head
    if (is_kind(parts[parts.size() - 2])) return whole_number(last);
    if ((last == "head" || last == "from") && parts.size() >= 6 && is_kind(parts[parts.size() - 3]))
      return whole_number(parts[parts.size() - 2]);
    return std::nullopt;
  }
  if (parts.size() == 4 && is_kind(parts[1]) && (last == "head" || last == "from")) return whole_number(parts[2]);
  return std::nullopt;
}

std::optional<Target> References::peel(const std::string& name, ObjectId id) {
  std::optional<Timestamp> tagged_at;
  for (int depth = 0; depth < 100; ++depth) {
    const auto type = objects_.type(id);
    if (!type) {
      problems_.add(
          "dangling references", name,
          "leads to " + to_hexadecimal(id) + ", which cannot be read: commits that only it reaches are absent");
      return std::nullopt;
    }
    if (*type == ObjectType::commit) {
      const auto commit = objects_.read(id, ObjectType::commit);
      if (!commit) {
        problems_.add("dangling references", name,
                      "its commit is " + objects_.last_fault() + ": commits that only it reaches are absent");
        return std::nullopt;
      }
      return Target{name, id, tagged_at.value_or(parse_commit_header(commit->bytes()).committed_at)};
    }
    if (*type != ObjectType::tag) return std::nullopt;
    const auto object = objects_.read(id, ObjectType::tag);
    const Tag tag = object ? parse_tag(object->bytes()) : Tag{};
    if (!tag.object) {
      problems_.add("damaged tags", name, "the tag cannot be read: commits that only it reaches are absent");
      return std::nullopt;
    }
    if (!tagged_at) tagged_at = tag.at;
    id = *tag.object;
  }
  problems_.add("damaged tags", name, "a hundred tags of tags; not followed");
  return std::nullopt;
}

const std::vector<Target>& References::all() {
  if (all_) return *all_;
  all_.emplace();
  std::vector<std::pair<std::string, ObjectId>> found;
  git_strarray names{};
  if (git_reference_list(&names, repository_) < 0) {
    problems_.add("unreadable references", "references",
                  "cannot be listed (" + libgit2_message() + "): only HEAD is read");
  }
  const auto add = [&](const std::string& name) {
    git_oid oid;
    const int status = git_reference_name_to_id(&oid, repository_, name.c_str());
    if (status == 0) {
      found.emplace_back(name, to_id(oid));
    } else if (name != "HEAD") {
      problems_.add("unreadable references", name, libgit2_message() + ": commits that only it reaches are absent");
    }
  };
  add("HEAD");
  for (std::size_t i = 0; i < names.count; ++i) {
    const std::string name = names.strings[i];
    if (name.starts_with("refs/heads/") || name.starts_with("refs/remotes/") || name.starts_with("refs/tags/") ||
        pull_number(name))
      add(name);
  }
  git_strarray_dispose(&names);
  std::sort(found.begin(), found.end());
  // libgit2 passes over files that are no references in silence.
  const std::filesystem::path folder = git_repository_commondir(repository_);
  for (const char* part : {"refs/heads", "refs/remotes", "refs/tags"}) {
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator file(folder / part, error), end; !error && file != end;
         file.increment(error)) {
      const std::string name = file->path().lexically_relative(folder).string();
      std::error_code ignored;
      if (!file->is_regular_file(ignored) || name.ends_with(".lock")) continue;
      const auto place = std::lower_bound(found.begin(), found.end(), std::pair(name, ObjectId{}));
      if (place == found.end() || place->first != name)
        problems_.add("unreadable references", name, "holds no id: commits that only it reaches are absent");
    }
  }
  for (const auto& [name, id] : found)
    if (auto target = peel(name, id)) all_->push_back(std::move(*target));
  return *all_;
}

std::optional<ObjectId> References::resolve(const std::string& name) {
  for (const std::string prefix : {"", "refs/", "refs/heads/", "refs/tags/", "refs/remotes/", "refs/remotes/origin/"})
    for (const Target& target : all())
      if (target.name == prefix + name) return target.id;
  if (const auto id = parse_id(name); id && objects_.type(*id) == ObjectType::commit) return id;
  return std::nullopt;
}

std::optional<ObjectId> References::default_branch(const std::string& wanted) {
  if (!wanted.empty()) {
    if (const auto id = resolve(wanted)) return id;
    std::vector<std::string> names;
    for (const Target& target : all())
      if (target.name.starts_with("refs/heads/")) names.push_back(target.name.substr(11));
    const std::string near = near_miss(wanted, names);
    throw Error(ErrorKind::usage, "there is no branch " + wanted + " in this clone",
                near.empty() ? "" : "Did you mean " + near + "?");
  }
  // A clone with a work tree may have any branch checked out.
  for (const char* name : {"refs/remotes/origin/HEAD", "HEAD", "refs/heads/main", "refs/heads/master",
                           "refs/remotes/origin/main", "refs/remotes/origin/master"})
    if (const auto id = resolve(name)) return id;
  return std::nullopt;
}

}  // namespace resident::git
