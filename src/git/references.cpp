#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <git/file_changes.hpp>
#include <git/references.hpp>
#include <git/reftable.hpp>

namespace resident::git {

namespace {

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

// Every reference by name with what its file, its line or its table says.
std::map<std::string, std::string> References::listed() {
  std::map<std::string, std::string> found;
  if (layout_.has_reftables) {
    found = read_reftables(layout_.common_folder + "reftable/", layout_.id_bytes, problems_);
    if (layout_.git_folder == layout_.common_folder) return found;
    // A work tree beside the first has its own HEAD.
    found.erase("HEAD");
    for (auto& [name, value] : read_reftables(layout_.git_folder + "reftable/", layout_.id_bytes, problems_))
      found[name] = value;
    return found;
  }
  list_files(found);
  return found;
}

void References::list_files(std::map<std::string, std::string>& found) {
  constexpr std::size_t kMaxPacked = std::size_t{1} << 30, kMaxLoose = 10'000;
  const std::string packed = read_plain_file(layout_.common_folder + "packed-refs", kMaxPacked);
  for (const std::string_view line : split(packed, '\n')) {
    if (line.empty() || line.front() == '#' || line.front() == '^') continue;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) {
      problems_.add("unreadable references", "packed-refs",
                    "a line cannot be read: commits that only it reaches are absent");
      continue;
    }
    found[std::string(trim(line.substr(space + 1)))] = line.substr(0, space);
  }
  std::error_code error;
  const std::filesystem::path common = layout_.common_folder;
  for (std::filesystem::recursive_directory_iterator
           file(common / "refs", std::filesystem::directory_options::skip_permission_denied, error),
       end;
       !error && file != end; file.increment(error)) {
    std::error_code ignored;
    const std::string name = file->path().lexically_relative(common).string();
    if (!file->is_regular_file(ignored) || name.ends_with(".lock")) continue;
    found[name] = std::string(trim(read_plain_file(file->path().string(), kMaxLoose)));
  }
  if (error) problems_.add("unreadable references", "refs", "cannot be listed: " + error.message());
  const std::string head = layout_.git_folder + "HEAD";
  found["HEAD"] = std::string(trim(read_plain_file(head, kMaxLoose)));
  std::error_code ignored;
  // Old repositories have a link there.
  if (std::filesystem::is_symlink(head, ignored))
    found["HEAD"] = "ref: " + std::filesystem::read_symlink(head, ignored).string();
}

std::optional<ObjectId> References::id_of(const std::map<std::string, std::string>& found, const std::string& name,
                                          bool& is_unborn) const {
  const auto first = found.find(name);
  std::string text = first == found.end() ? "" : first->second;
  for (int depth = 0; depth < 6 && text.starts_with("ref:"); ++depth) {
    const auto next = found.find(std::string(trim(std::string_view(text).substr(4))));
    is_unborn = next == found.end();
    text = is_unborn ? "" : next->second;
  }
  return parse_id(std::string_view(text).substr(0, 2 * layout_.id_bytes));
}

const std::vector<Target>& References::all() {
  if (all_) return *all_;
  all_.emplace();
  const std::map<std::string, std::string> found = listed();
  for (const auto& [name, value] : found) {
    if (name != "HEAD" && !name.starts_with("refs/heads/") && !name.starts_with("refs/remotes/") &&
        !name.starts_with("refs/tags/") && !pull_number(name))
      continue;
    bool is_unborn = false;
    const auto id = id_of(found, name, is_unborn);
    if (!id) {
      // A branch without a commit yet is no fault.
      if (!is_unborn)
        problems_.add("unreadable references", path_text(name), "holds no id: commits that only it reaches are absent");
    } else if (auto target = peel(name, *id)) {
      all_->push_back(std::move(*target));
    }
  }
  return *all_;
}

namespace {

// In the order in which they are likely to be the default branch.
constexpr std::string_view kUsualNames[] = {"main", "master", "trunk", "develop", "development", "dev", "default"};

std::size_t place_of(std::string_view reference) {
  // refs/heads/main, refs/remotes/origin/main
  const std::size_t begin = reference.starts_with("refs/heads/") ? 11 : reference.find('/', 13) + 1;
  const auto* found = std::find(std::begin(kUsualNames), std::end(kUsualNames), reference.substr(begin));
  return static_cast<std::size_t>(found - std::begin(kUsualNames));
}

bool is_usual(std::string_view reference) {
  return place_of(reference) < std::size(kUsualNames);
}

// By name, else the one with the newest commit; null for none.
const Target* most_usual(const std::vector<const Target*>& branches) {
  const Target* best = nullptr;
  for (const Target* each : branches) {
    if (!best) {
      best = each;
      continue;
    }
    const std::size_t place = place_of(each->name), before = place_of(best->name);
    if (place != before ? place < before : each->at > best->at) best = each;
  }
  return best;
}

constexpr const char* kPrefixes[] = {"", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/", "refs/remotes/origin/"};

}  // namespace

std::unordered_map<ObjectId, ObjectId, HashOfId> References::replacements() {
  std::unordered_map<ObjectId, ObjectId, HashOfId> result;
  const auto found = listed();
  constexpr std::string_view kFolder = "refs/replace/";
  for (auto each = found.lower_bound(std::string(kFolder)); each != found.end() && each->first.starts_with(kFolder);
       ++each) {
    bool is_unborn = false;
    const auto original = parse_id(std::string_view(each->first).substr(kFolder.size()));
    const auto other = id_of(found, each->first, is_unborn);
    if (original && other) result.emplace(*original, *other);
  }
  return result;
}

bool References::exists(const std::string& name) {
  const auto found = listed();
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](const std::string prefix) { return found.contains(prefix + name); });
}

std::optional<ObjectId> References::resolve(const std::string& name) {
  for (const std::string prefix : kPrefixes)
    for (const Target& target : all())
      if (target.name == prefix + name) return target.id;
  // Notes, the stash and whatever else stands outside of branches and tags.
  if (name.starts_with("refs/")) {
    const auto found = listed();
    bool is_unborn = false;
    if (const auto id = id_of(found, name, is_unborn))
      if (const auto target = peel(name, *id)) return target->id;
  }
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
                near.empty() ? "" : "did you mean " + near + "?");
  }
  return usual_branch();
}

// What a clone says of its default branch, and what is taken where it says nothing: then that is told, as all figures
// hang on it.
std::optional<ObjectId> References::usual_branch() {
  // A clone with a work tree may have any branch checked out.
  if (const auto id = resolve("refs/remotes/origin/HEAD")) return id;
  const auto found = listed();
  const auto head = found.find("HEAD");
  const bool is_named = head != found.end() && head->second.starts_with("ref:");
  const auto id_of_head = resolve("HEAD");
  if (is_named && id_of_head) return id_of_head;
  std::vector<const Target*> local, remote;
  for (const Target& target : all()) {
    if (target.name.starts_with("refs/heads/")) local.push_back(&target);
    if (target.name.starts_with("refs/remotes/") && !pull_number(target.name)) remote.push_back(&target);
  }
  const Target* chosen = local.empty() ? most_usual(remote) : most_usual(local);
  // Detached, as after `git checkout COMMIT`: no branch, but better than one that nobody names.
  if (id_of_head && (!chosen || !is_usual(chosen->name))) return id_of_head;
  if (!chosen) return std::nullopt;
  if (!id_of_head)
    problems_.add(
        "default branch", "HEAD",
        (is_named ? "names " + path_text(trim(std::string_view(head->second).substr(4))) + ", which the clone lacks"
                  : std::string("names no branch")) +
            ": " + path_text(chosen->name) +
            " counts as the default branch; `git symbolic-ref HEAD refs/heads/NAME` in the clone mends it");
  return chosen->id;
}

}  // namespace resident::git
