#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cli/init/survey.hpp>
#include <filesystem>
#include <git/repository.hpp>
#include <unordered_map>

namespace resident::init {

namespace {

constexpr std::size_t kMostText = 1'000'000;
constexpr std::size_t kFewestProposals = 10;
// Bitcoin Core's merge script (contrib/devtools, github-merge.py) puts them into the messages of merges.
constexpr const char* kListedAcks = "ACKs for top commit:";
constexpr std::size_t kMessages = 200, kFewestAcks = 5;

// The newest tree, by path.
class Tree {
 public:
  explicit Tree(const std::string& top) : repository_(top) {
    is_empty_ = repository_.default_branch_sha().empty();
    if (is_empty_) return;
    for (auto& file : repository_.head_files()) files_.emplace(file.path, file);
  }

  bool is_empty() const { return is_empty_; }
  std::size_t size() const { return files_.size(); }
  bool has(const std::string& path) const { return files_.contains(path); }
  bool has_below(const std::string& folder) const {
    return std::any_of(files_.begin(), files_.end(), [&](const auto& each) { return each.first.starts_with(folder); });
  }
  // "" where it is not there, or is no text.
  std::string text(const std::string& path) {
    const auto found = files_.find(path);
    if (found == files_.end() || found->second.is_link || found->second.is_submodule) return {};
    return clean_text(repository_.read_text(found->second, kMostText).text.value_or(""));
  }
  std::vector<std::string> newest_messages(std::size_t most) { return repository_.newest_messages(most); }
  template <class Take>
  void each(const Take& take) const {
    for (const auto& [path, file] : files_) take(path);
  }

 private:
  git::Repository repository_;
  bool is_empty_ = false;
  std::unordered_map<std::string, git::Repository::HeadFile> files_;
};

// Presets of one project (and its forks), by files or folders that no other has together.
struct OneProject {
  const char* preset;
  std::array<const char*, 3> places;
};
constexpr OneProject kProjects[] = {{"cpython", {"Include/Python.h", "Lib/test/", "Misc/NEWS.d/"}},
                                    {"django", {"django/__init__.py", "django/db/models/", "docs/releases/"}},
                                    {"go", {"src/go.mod", "src/runtime/", "codereview.cfg"}},
                                    {"linux", {"Kbuild", "MAINTAINERS", "Documentation/process/"}},
                                    {"qt", {"qmake/", "src/corelib/", "src/gui/"}},
                                    {"ruby", {"include/ruby.h", "vm.c", "lib/bundler/"}}};

bool choose_preset_of_one(const Tree& tree, Survey& result) {
  const auto names = preset_names();
  for (const OneProject& each : kProjects) {
    const bool is_there = std::all_of(each.places.begin(), each.places.end(), [&](const std::string& place) {
      return place.ends_with('/') ? tree.has_below(place) : tree.has(place);
    });
    if (!is_there || std::find(names.begin(), names.end(), each.preset) == names.end()) continue;
    result.preset = each.preset;
    result.preset_reason = fmt::format("{}, {} and {} are there", each.places[0], each.places[1], each.places[2]);
    return true;
  }
  return false;
}

void choose_preset(Tree& tree, Survey& result) {
  result.preset = "github";
  result.preset_reason = tree.is_empty() ? "there is no commit yet" : "nothing in the tree says otherwise";
  if (choose_preset_of_one(tree, result)) return;
  if (tree.text(".gitreview").find("host=review.opendev.org") != std::string::npos) {
    result.preset = "openstack";
    result.preset_reason = ".gitreview names review.opendev.org";
    return;
  }
  // Where issues are GitHub's own the file says so, and the preset of most projects fits.
  if (const std::string asf = tree.text(".asf.yaml");
      !asf.empty() && asf.find("issues: true") == std::string::npos && asf.find("jira") != std::string::npos) {
    result.preset = "apache";
    result.preset_reason = ".asf.yaml speaks of Jira";
    return;
  }
  const Pattern document(ReviewRules{}.document_paths);
  const Pattern number("[0-9]{2,}");
  std::size_t proposals = 0;
  std::string example;
  tree.each([&](const std::string& path) {
    if (!document.found_in(path) || !number.found_in(path)) return;
    ++proposals;
    if (example.empty() || path < example) example = path;
  });
  // Beside each stand pictures, tests and reference code: what counts is that they are what the tree is about.
  if (proposals >= kFewestProposals && proposals * 5 >= tree.size()) {
    result.preset = "proposals";
    result.preset_reason = fmt::format(
        "{} of {} files are numbered proposals, such as {}", with_thousands(static_cast<long long>(proposals)),
        with_thousands(static_cast<long long>(tree.size())), one_line(clean_text(example, 100)));
    return;
  }
  static const Pattern ack(R"(\b(?:utACK|tACK|crACK|Concept ACK|Approach ACK|Code Review ACK|NACK)\b)");
  for (const char* path : {"CONTRIBUTING.md", ".github/CONTRIBUTING.md", "doc/CONTRIBUTING.md", "docs/CONTRIBUTING.md",
                           "CONTRIBUTING.rst", "CONTRIBUTING.adoc", "CONTRIBUTING", "HACKING.md", "doc/hacking.md"}) {
    const std::string text = tree.text(path);
    std::string_view found[1];
    if (text.empty() || !ack.search(text, 0, Pattern::Anchor::none, found)) continue;
    result.preset = "ack";
    result.preset_reason = fmt::format("{} speaks of \"{}\"", path, one_line(found[0]));
    return;
  }
  const auto messages = tree.newest_messages(kMessages);
  const auto with_acks =
      static_cast<std::size_t>(std::count_if(messages.begin(), messages.end(), [](const std::string& each) {
        return each.find(kListedAcks) != std::string::npos;
      }));
  if (with_acks >= kFewestAcks && with_acks * 10 >= messages.size()) {
    result.preset = "ack";
    result.preset_reason = fmt::format("{} of the newest {} commits have \"{}\" in their messages", with_acks,
                                       messages.size(), kListedAcks);
  }
}

void choose_remote(const Config& config, Survey& result) {
  const auto& remotes = result.clone.remotes;
  if (remotes.empty()) return;
  const auto named = [&](std::string_view name) {
    return std::find_if(remotes.begin(), remotes.end(), [&](const git::Remote& each) { return each.name == name; });
  };
  auto chosen = named("upstream");
  std::string reason = "origin is then usually a fork";
  if (chosen == remotes.end()) {
    chosen = named("origin");
    reason = "it is what was cloned";
  }
  // A folder or a bundle leads to no forge; another remote may.
  if (chosen == remotes.end() || !parse_remote_address(config, chosen->url)) {
    const auto with_forge = std::find_if(remotes.begin(), remotes.end(), [&](const git::Remote& each) {
      return parse_remote_address(config, each.url).has_value();
    });
    reason = "the first that leads to a forge";
    if (with_forge != remotes.end()) {
      chosen = with_forge;
    } else if (chosen == remotes.end()) {
      chosen = remotes.begin();
      reason = "the first";
    }
  }
  result.remote_name = chosen->name;
  result.remote_url = chosen->url;
  result.remote_reason =
      remotes.size() > 1 ? fmt::format("of {} remotes, {}: {}", remotes.size(), chosen->name, reason) : "";
  result.address = parse_remote_address(config, chosen->url);
}

// What runs on a forge leaves its files in the tree.
void guess_kind(const Tree& tree, Survey& result) {
  static constexpr std::array<std::array<const char*, 2>, 5> kSigns{{{".gitlab-ci.yml", "gitlab"},
                                                                     {".gitlab/", "gitlab"},
                                                                     {".forgejo/", "forgejo"},
                                                                     {".gitea/", "gitea"},
                                                                     {".github/", "github"}}};
  for (const auto& [sign, kind] : kSigns) {
    if (!tree.has(sign) && !tree.has_below(sign)) continue;
    result.guessed_kind = kind;
    result.guess_reason = fmt::format("{} is there", sign);
    return;
  }
}

std::optional<ModuleSuggestion> read_codeowners(Tree& tree, const std::string& kind) {
  for (const char* path : {".github/CODEOWNERS", ".gitlab/CODEOWNERS", ".gitea/CODEOWNERS", ".forgejo/CODEOWNERS",
                           "CODEOWNERS", "docs/CODEOWNERS"}) {
    const std::string text = tree.text(path);
    if (text.empty()) continue;
    const bool are_expressions = kind == "gitea" || kind == "forgejo";
    ModuleSuggestion found = modules_of_codeowners(path, text, are_expressions);
    if (!found.rules.empty()) return found;
  }
  return std::nullopt;
}

std::string project_name(const Survey& result) {
  std::string name = result.address ? result.address->name() : std::string();
  if (name.empty()) name = std::filesystem::path(result.clone.top).filename().string();
  if (name.ends_with(".git") && name.size() > 4) name.resize(name.size() - 4);
  name = std::string(trim(one_line(clean_text(name, 100))));
  return name.empty() ? "project" : name;
}

}  // namespace

Survey survey(const std::string& folder, const Config& config) {
  Survey result;
  result.clone = git::find_clone(folder);
  Tree tree(result.clone.top);
  result.is_empty = tree.is_empty();
  result.files = tree.size();
  choose_remote(config, result);
  guess_kind(tree, result);
  choose_preset(tree, result);
  result.name = project_name(result);
  result.codeowners = read_codeowners(tree, result.address ? result.address->kind : "");
  if (const std::string text = tree.text("MAINTAINERS"); !text.empty()) {
    ModuleSuggestion found = modules_of_maintainers("MAINTAINERS", text);
    if (!found.rules.empty()) result.maintainers = std::move(found);
  }
  return result;
}

std::optional<ModuleSuggestion> codeowners_of(const std::string& top, const std::string& kind) {
  Tree tree(top);
  return read_codeowners(tree, kind);
}

}  // namespace resident::init
