#include "simulate/history.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

std::vector<FileChange> as_changes(std::map<std::string, std::optional<std::string>> changed) {
  std::vector<FileChange> changes;
  // What is deleted goes first, so that a rename does not take the new file away.
  for (auto& [path, content] : changed)
    if (!content) changes.push_back({path, std::nullopt});
  for (auto& [path, content] : changed)
    if (content) changes.push_back({path, std::move(content)});
  return changes;
}

std::string version_file(const std::string& version) {
  return fmt::format("\"\"\"The version of {}.\"\"\"\n\nVERSION = \"{}\"\n", kProjectName, version);
}

std::string with_zone(Timestamp at) {
  return fmt::format("{} {} +0000", kForgeIdentity, at);
}

}  // namespace

History::History(std::uint64_t seed, const People& people, Repository& repository)
    : seed_(seed), people_(people), repository_(repository), tree_(seed) {}

void History::import_source(Timestamp at) {
  std::vector<FileChange> changes;
  for (std::uint32_t file = 0; file < tree_.count(); ++file)
    changes.push_back({tree_[file].path, tree_[file].content()});
  std::string owners = "# Who is asked for a review.\n";
  for (std::uint8_t module = 0; module < modules().size(); ++module) {
    const auto& experts = people_.experts(module);
    if (module % 3 == 2 || experts.empty()) continue;
    owners += fmt::format("/{}/", modules()[module].name);
    for (std::size_t i = 0; i < std::min<std::size_t>(2, experts.size()); ++i)
      owners += " @" + people_.login(experts[i]);
    owners += '\n';
  }
  changes.push_back({".github/CODEOWNERS", owners});
  changes.push_back({"README.md", fmt::format("# {}\n\nA made-up library. Its history is simulated.\n", kProjectName)});
  changes.push_back({"core/version.py", version_file("1.0")});
  const PersonId first = people_.core().front();
  for (PersonId person : people_.core()) note_author(person);
  changes.push_back({".mailmap", mailmap()});
  main_ = repository_.commit("refs/heads/main", {}, people_.signature(first, at, false),
                             people_.signature(first, at, false), "Import the source\n", changes);
}

void History::touch(Pull& pull, const std::string& path, LineCount lines) {
  auto found = std::find_if(pull.touched.begin(), pull.touched.end(),
                            [&](const TouchedFile& file) { return file.path == path; });
  if (found == pull.touched.end()) found = pull.touched.insert(found, {path, {}});
  found->lines.added += lines.added;
  found->lines.deleted += lines.deleted;
}

void History::estimate(Pull& pull, const Push& push) {
  for (const Edit& edit : push.edits) touch(pull, tree_[edit.file].path, simulation::estimate(edit));
}

void History::apply_to_branch(Pull& pull, const std::vector<Edit>& edits,
                              std::map<std::string, std::optional<std::string>>& changed) {
  for (const Edit& edit : edits) {
    if (edit.kind == EditKind::create) {
      SourceFile file = tree_.created(pull.topic, edit.seed);
      if (tree_.find(file.path)) continue;
      std::string content = file.content();
      touch(pull, file.path, {static_cast<int>(std::count(content.begin(), content.end(), '\n')), 0});
      changed[file.path] = std::move(content);
      continue;
    }
    // Later pushes stay within the files of the first, as they were at the base.
    auto found = pull.branch.files.find(edit.file);
    if (found == pull.branch.files.end()) {
      if (pull.branch.tip != 0 && !pull.branch.files.empty())
        found = pull.branch.files.begin();
      else
        found = pull.branch.files.emplace(edit.file, tree_[edit.file]).first;
    }
    SourceFile& file = found->second;
    const std::string path = file.path;
    const LineCount lines = apply(file, edit);
    if (file.path != path) {
      if (tree_.find(file.path))
        file.path = path;
      else
        changed[path] = std::nullopt;
    }
    touch(pull, file.path, lines);
    changed[file.path] = file.content();
  }
}

void History::push_backport(Pull& pull) {
  Push& push = pull.pushes.front();
  Line& line = maintenance_.at(pull.base);
  std::vector<FileChange> changes;
  std::map<std::string, std::optional<std::string>> changed;
  for (const Edit& edit : push.edits) {
    if (edit.file >= line.tree.count()) continue;
    auto& file = pull.branch.files.try_emplace(edit.file, line.tree[edit.file]).first->second;
    touch(pull, file.path, apply(file, edit));
    changed[file.path] = file.content();
  }
  const std::string message =
      fmt::format("{}\n\n(cherry picked from commit {})\n", original_title_of(pull), pull.original_id);
  const std::string bot = people_.signature(kBackportBot, push.at, false);
  const Commit commit = repository_.commit(fmt::format("refs/pull/{}/head", pull.number), {line.tip.mark}, bot, bot,
                                           message, as_changes(std::move(changed)));
  pull.branch.tip = commit.mark;
  push.id = pull.head_id = commit.id;
}

void History::push(Pull& pull) {
  Push& push = pull.pushes[pull.pushed++];
  if (!pull.material || !repository_.enabled()) {
    estimate(pull, push);
    push.id = pull.head_id = pull.material ? repository_.commit({}, {}, {}, {}, {}, {}).id : repository_.made_up_id();
    return;
  }
  if (pull.type == PullType::backport) return push_backport(pull);
  std::map<std::string, std::optional<std::string>> changed;
  std::int64_t parent = pull.branch.tip;
  if (push.forced) {  // begun anew on main, everything in one commit
    pull.branch = {};
    pull.touched.clear();
    for (std::size_t i = 0; i + 1 < pull.pushed; ++i) apply_to_branch(pull, pull.pushes[i].edits, changed);
  }
  if (pull.branch.tip == 0) parent = main_.mark;
  if (push.forced) pull.branch.tip = -1;
  apply_to_branch(pull, push.edits, changed);
  const bool first = pull.pushed == 1 || push.forced;
  const std::string message = first && pull.seed % 3 != 0
                                  ? original_title_of(pull) + "\n"
                                  : work_message(pull.topic, first, mix(pull.seed, pull.pushed)) + "\n";
  const std::string author = people_.signature(pull.author, push.at - 60, false);
  const std::string committer = people_.signature(pull.author, push.at, false);
  const Commit commit = repository_.commit(fmt::format("refs/pull/{}/head", pull.number), {parent}, author, committer,
                                           message, as_changes(std::move(changed)));
  pull.branch.tip = commit.mark;
  push.id = pull.head_id = commit.id;
}

std::vector<FileChange> History::apply_to_tree(SourceTree& tree, const Pull& pull) {
  std::map<std::string, std::optional<std::string>> changed;
  for (std::size_t i = 0; i < pull.pushed; ++i)
    for (const Edit& edit : pull.pushes[i].edits) {
      if (edit.kind == EditKind::create) {
        SourceFile file = tree.created(pull.topic, edit.seed);
        if (tree.find(file.path)) continue;
        changed[file.path] = file.content();
        tree.add(std::move(file));
        continue;
      }
      if (edit.file >= tree.count()) continue;
      const bool known = pull.type == PullType::backport || pull.branch.files.contains(edit.file);
      const std::uint32_t id = known || pull.branch.files.empty() ? edit.file : pull.branch.files.begin()->first;
      SourceFile& file = tree[id];
      const std::string path = file.path;
      apply(file, edit);
      if (file.path != path) {
        if (tree.find(file.path)) {
          file.path = path;
        } else {
          tree.renamed(id, path);
          changed[path] = std::nullopt;
        }
      }
      changed[file.path] = file.content();
    }
  return as_changes(std::move(changed));
}

std::string History::merge_message(const Pull& pull) const {
  const std::string title = title_of(pull);
  if (pull.merge_commit) {
    std::string slug = function_name(pull.topic);
    std::replace(slug.begin(), slug.end(), '_', '-');
    return fmt::format("Merge pull request #{} from {}/{}\n\n{}\n", pull.number, people_.login(pull.author), slug,
                       title);
  }
  std::string message = fmt::format("{} (#{})\n", title, pull.number);
  if (pull.type == PullType::backport)
    message += fmt::format("\n(cherry picked from commit {})\n", pull.original_id);
  else if (pull.fixes != 0)
    message += fmt::format("\n{} #{}\n", pull.seed % 3 == 0 ? "Closes" : "Fixes", pull.fixes);
  if (pull.co_author != kNobody) {
    const Identity who = people_.identity(pull.co_author);
    message += fmt::format("\nCo-authored-by: {} <{}>\n", who.name,
                           who.private_email ? who.emails.back() : who.emails.front());
  }
  return message;
}

void History::note_author(PersonId person) {
  if (authored_.size() <= person) authored_.resize(person + 1000);
  if (authored_[person]) return;
  authored_[person] = true;
  new_authors_.push_back(person);
}

void History::merge(Pull& pull) {
  const Timestamp at = *pull.merged;
  if (!pull.material || !repository_.enabled()) {
    pull.merge_id = pull.material ? repository_.commit({}, {}, {}, {}, {}, {}).id : repository_.made_up_id();
    if (pull.material && pull.base == "main") main_.id = pull.merge_id;
    return;
  }
  note_author(pull.author);
  const bool backport = pull.type == PullType::backport;
  Line* line = backport ? &maintenance_.at(pull.base) : nullptr;
  Commit& tip = backport ? line->tip : main_;
  const std::vector<FileChange> changes = apply_to_tree(backport ? line->tree : tree_, pull);
  const PersonId author = pull.merge_commit ? pull.merged_by : pull.author;
  std::vector<std::int64_t> parents = {tip.mark};
  if (pull.merge_commit) parents.push_back(pull.branch.tip);
  tip = repository_.commit("refs/heads/" + pull.base, parents, people_.signature(author, at, true), with_zone(at),
                           merge_message(pull), changes);
  pull.merge_id = tip.id;
}

std::string History::repair(const std::string& message, PersonId author, Timestamp at, const std::string& test_path,
                            std::uint64_t seed) {
  std::vector<FileChange> changes;
  if (const auto file = tree_.find(test_path)) {
    apply(tree_[*file], {*file, EditKind::modify, seed});
    changes.push_back({test_path, tree_[*file].content()});
  }
  const std::string signature = people_.signature(author, at, false);
  main_ = repository_.commit("refs/heads/main", {main_.mark}, signature, signature, message, changes);
  return main_.id;
}

std::string History::mailmap() {
  // About a third of those with several addresses have asked to be listed.
  for (PersonId person : new_authors_) {
    if (people_[person].standing == Standing::bot || people_.identity(person).emails.size() < 2) continue;
    if (Random(mix(seed_, 77), Purpose::identity, person).chance(0.35)) in_mailmap_.push_back(person);
  }
  new_authors_.clear();
  std::string text = "# Proper Name <proper@address> <other@address>\n";
  for (PersonId person : in_mailmap_) {
    const Identity who = people_.identity(person);
    for (std::size_t i = 1; i < who.emails.size(); ++i)
      text += fmt::format("{} <{}> <{}>\n", who.name, who.emails[0], who.emails[i]);
  }
  return text;
}

void History::release(const std::string& version, PersonId manager, Timestamp at) {
  const std::string signature = people_.signature(manager, at, false);
  if (main_.mark != 0 && version != "1.0")
    main_ = repository_.commit("refs/heads/main", {main_.mark}, signature, signature,
                               fmt::format("{} {}\n", kProjectName, version),
                               {{"core/version.py", version_file(version)}, {".mailmap", mailmap()}});
  repository_.tag("v" + version, main_.mark, signature, fmt::format("{} {}\n", kProjectName, version));
  repository_.reset("refs/heads/" + version, main_.mark);
  maintenance_.emplace(version, Line{tree_, main_, 0});
}

void History::point_release(const std::string& version, PersonId manager, Timestamp at) {
  const auto found = maintenance_.find(version);
  if (found == maintenance_.end()) return;
  Line& line = found->second;
  const std::string name = fmt::format("{}.{}", version, ++line.point);
  const std::string signature = people_.signature(manager, at, false);
  line.tip = repository_.commit("refs/heads/" + version, {line.tip.mark}, signature, signature,
                                fmt::format("{} {}\n", kProjectName, name), {{"core/version.py", version_file(name)}});
  repository_.tag("v" + name, line.tip.mark, signature, fmt::format("{} {}\n", kProjectName, name));
}

}  // namespace resident::simulation
