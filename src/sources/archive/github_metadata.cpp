// `resident add github-metadata DIR|TAR`: what github-metadata-backup writes, one
// JSON file an item in issues/ and pulls/, as a folder or a tar archive. Every
// file is a record of its own: unchanged files are skipped by their fingerprint.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <sources/files/files.hpp>
#include <sources/forge/github_objects.hpp>
#include <sources/source.hpp>
#include <unordered_map>

namespace resident {

namespace {

// Parts of a name: "x/issues/12.json" → {"issues", "12"}.
struct RecordName {
  std::string folder, stem;
  bool is_json;
};

RecordName parse_name(const std::string& name) {
  const auto parts = split(name, '/');
  RecordName result{{}, std::string(parts.back()), parts.back().ends_with(".json")};
  for (const auto part : parts)
    if (part == "issues" || part == "pulls") result.folder = part;
  if (result.is_json) result.stem.resize(result.stem.size() - 5);
  return result;
}

bool is_beside_the_point(const std::string& name) {
  const std::string last(split(name, '/').back());
  return last == "state.json" || last.starts_with(".") || name.find(".git/") != std::string::npos ||
         to_lower(last).starts_with("readme") || to_lower(last).starts_with("license");
}

using Problems = std::vector<std::pair<std::string, std::string>>;  // place, reason

class GithubMetadata : public Source {
 public:
  explicit GithubMetadata(std::string location) : location_(std::move(location)) {}

  std::string sync(const Cursor&, Writer& writer) override {
    Progress progress("reading " + location_, 0);
    std::size_t since_checkpoint = 0;
    writer.reads_whole_source();
    for_each_file(location_, [&](ArchiveFile&& file) {
      progress.advance();
      const RecordName name = parse_name(file.name);
      if (name.folder.empty() && name.stem == "state") note_backup_time(file, writer);
      if (name.folder.empty() && file.problem.empty() && is_beside_the_point(file.name)) return;
      if (!file.problem.empty()) return writer.quarantine(file.name, file.problem);
      if (name.folder.empty() || !name.is_json)
        return writer.quarantine(file.name, "not a file of a metadata backup: expected issues/N.json or pulls/N.json");
      ++files_;
      const std::string first = read_first(name, file.name);
      if (!first.empty())
        return writer.quarantine(file.name, fmt::format("the same item as {}, which was kept", first));
      const std::string print = fingerprint(file.content);
      if (writer.seen(file.name, print)) return;
      read(file, print, name, writer);
      if (++since_checkpoint == 500) {
        writer.checkpoint("");
        since_checkpoint = 0;
      }
    });
    if (files_ == 0)
      throw Error(fmt::format("{} holds no issues/ or pulls/ with JSON files", location_),
                  "give the folder or archive that github-metadata-backup wrote");
    writer.end_of_source();
    return "";
  }

  std::string coverage() const override { return {}; }

 private:
  // The backup speaks of everything until it was made, quiet days included.
  void note_backup_time(const ArchiveFile& file, Writer& writer) {
    try {
      const json::Object state(json::parse(parser_, file.content), "state");
      if (const auto time = state.time("last_backup")) writer.data_until(*time);  // touches no store
    } catch (const Error& error) {
      writer.quarantine(file.name, error.what());
    }
  }

  // Name of the file that has this item already in this run, or empty.
  std::string read_first(const RecordName& name, const std::string& file) {
    const auto [found, is_new] = names_.emplace(name.folder + "/" + name.stem, file);
    return is_new ? std::string() : found->second;
  }

  // Nothing, and the file set aside, where it cannot be read. Only what reading throws is the file's fault: what the
  // store fails at goes through.
  std::optional<ItemRecord> parse(const ArchiveFile& file, const RecordName& name, Problems& problems, Writer& writer) {
    try {
      ItemRecord item = github::metadata_file(
          json::parse(parser_, file.content),
          [&](const std::string& place, const std::string& reason) { problems.emplace_back(place, reason); });
      if (std::to_string(item.number) != name.stem)
        throw Error(fmt::format("the file is named {} but holds number {}", name.stem, item.number));
      if (item.is_pull != (name.folder == "pulls"))
        throw Error(fmt::format("a {} in the folder {}", item.is_pull ? "pull request" : "issue", name.folder));
      return item;
    } catch (const Error& error) {
      writer.quarantine(file.name, error.what());
      return std::nullopt;
    }
  }

  void read(const ArchiveFile& file, const std::string& print, const RecordName& name, Writer& writer) {
    Problems problems;
    const auto item = parse(file, name, problems, writer);
    if (!item) return;
    writer.mark(file.name, print, file.content);
    for (const auto& [place, reason] : problems) writer.quarantine(file.name + "#" + place, reason);
    writer.item(*item);
    if (named_project_ || item->url.empty()) return;
    const std::size_t end = item->url.find(item->is_pull ? "/pull/" : "/issues/");
    if (end != std::string::npos) writer.project(item->url.substr(0, end), false);
    named_project_ = true;
  }

  std::string location_;
  json::Parser parser_{std::size_t{1} << 30};
  std::unordered_map<std::string, std::string> names_;
  std::size_t files_ = 0;
  bool named_project_ = false;
};

}  // namespace

extern const SourceKind github_metadata_source;
const SourceKind github_metadata_source{
    "github-metadata", "DIR|TAR", "issues and pull requests as github-metadata-backup writes them",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<GithubMetadata>(location); }};

}  // namespace resident
