#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <model/module_places.hpp>

namespace resident {

ModulePlaces::ModulePlaces(const Context& context, const People& people) : map_(context) {
  texts_.learn(map_);
  read_commits(context);
  read_items(context, people);
  if (items_.empty()) return;
  place_by_files(context);
  place_by_commits(context, true);
  place_by_labels(context);
  place_by_texts(context);
  place_by_commits(context, false);
}

ModulePlaces::Module ModulePlaces::number_of(const std::string& name) {
  const auto [found, is_new] = numbers_.emplace(name, static_cast<Module>(names_.size()));
  if (is_new) names_.push_back(name);
  return found->second;
}

void ModulePlaces::add(Place& place, Module module) {
  const auto at = std::lower_bound(place.modules.begin(), place.modules.end(), module);
  if (at == place.modules.end() || *at != module) place.modules.insert(at, module);
}

std::optional<ModulePlaces::Module> ModulePlaces::find(const std::string& name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

const ModulePlaces::Place* ModulePlaces::commit(std::int64_t commit_id) const {
  const auto found = commits_.find(commit_id);
  return found == commits_.end() ? nullptr : &found->second;
}

const ModulePlaces::Item* ModulePlaces::item(std::int64_t item_id) const {
  const auto found = std::lower_bound(items_.begin(), items_.end(), item_id,
                                      [](const Item& item, std::int64_t id) { return item.id < id; });
  return found == items_.end() || found->id != item_id ? nullptr : &*found;
}

ModulePlaces::Item* ModulePlaces::find_item(std::int64_t item_id) {
  return const_cast<Item*>(item(item_id));  // NOLINT: ours to change
}

std::optional<ModulePlaces::Module> ModulePlaces::of_path(std::int64_t path_id) {
  const auto found = paths_.find(path_id);
  if (found != paths_.end()) return found->second;
  const std::string& name = map_.module_of(path_id);
  return paths_[path_id] = name.empty() ? std::nullopt : std::optional(number_of(name));
}

std::optional<ModulePlaces::Module> ModulePlaces::of_text(const std::string& title, const std::string& body) {
  const auto place = texts_.find(title, body);
  return place ? std::optional(number_of(place->module)) : std::nullopt;
}

void ModulePlaces::read_commits(const Context& context) {
  for (const auto rows = context.database.query(
           "SELECT f.commit_id, f.path_id, c.committed_at FROM git_commit c JOIN file_change f ON f.project_id = "
           "c.project_id AND f.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 1 AND "
           "c.parent_count < 2 AND c.committed_at <= :as_of",
           context.parameters());
       rows->next();) {
    const auto module = of_path(rows->integer(1));
    if (!module) continue;
    Place& place = commits_[rows->integer(0)];
    place.known_at = rows->integer(2);
    add(place, *module);
  }
}

void ModulePlaces::read_items(const Context& context, const People& people) {
  const auto spam = spam_items(context);
  for (const auto rows = context.database.query(
           "SELECT item_id, kind, author_id, created_at FROM item WHERE project_id = :project AND created_at <= :as_of "
           "ORDER BY item_id",
           context.parameters());
       rows->next();) {
    const std::int64_t author = people.person(rows->optional_integer(2));
    if (people.bots.contains(author) || spam.contains(rows->integer(0))) continue;
    items_.push_back({rows->integer(0), rows->text(1) == "pull", author, rows->integer(3), {}});
  }
}

void ModulePlaces::place_by_files(const Context& context) {
  for (const auto rows = context.database.query("SELECT item_id, path_id FROM item_file WHERE project_id = :project",
                                                {{"project", context.project_id}});
       rows->next();)
    if (Item* item = find_item(rows->integer(0)))
      if (const auto module = of_path(rows->integer(1))) {
        item->place.known_at = item->created_at;
        add(item->place, *module);
      }
}

void ModulePlaces::place_by_commits(const Context& context, bool is_pull) {
  const std::string relation = is_pull ? " AND i.relation IN ('head', 'merge')" : "";
  for (const auto rows = context.database.query(
           "SELECT i.item_id, c.commit_id FROM item_commit i JOIN git_commit c ON c.project_id = i.project_id AND "
           "c.sha = i.sha WHERE i.project_id = :project AND c.on_default = 1 AND c.committed_at <= :as_of" +
               relation + " ORDER BY i.item_id, c.committed_at, c.commit_id",
           context.parameters());
       rows->next();) {
    Item* item = find_item(rows->integer(0));
    const Place* commit = this->commit(rows->integer(1));
    if (!item || !commit || item->is_pull != is_pull) continue;
    if (!item->place.modules.empty()) continue;  // the first commit decides: what comes later is later known
    item->place = *commit;
    item->place.known_at = std::max(item->created_at, commit->known_at);
    item->place.how = How::commits;
  }
}

std::string ModulePlaces::part_in_label(std::string_view label) {
  static const Pattern part(
      R"((?i)^\W*(?:area|topic|module|component|comp|pkg|package|lib|library|subsystem|part)\s*[-:/_ ]+\s*(.+)$)");
  std::string_view rest(label);
  std::string name;
  return part.find_next(rest, &name) ? to_lower(trim(name)) : std::string();
}

std::optional<ModulePlaces::Module> ModulePlaces::of_label(const Context& context, const std::string& label) {
  const auto known = labels_.find(label);
  if (known != labels_.end()) return known->second;
  std::optional<Module> module;
  const auto configured = context.config.module_labels.find(label);
  if (configured != context.config.module_labels.end()) {
    module = number_of(configured->second);
  } else if (const std::string part = part_in_label(label); !part.empty()) {
    if (const std::string name = texts_.module_called(part); !name.empty()) module = number_of(name);
  }
  return labels_[label] = module;
}

// By the first such label that an issue was given; of those that no event tells of, as if it had come with it.
void ModulePlaces::place_by_labels(const Context& context) {
  const auto place = [&](std::int64_t item_id, const std::string& label, std::optional<Timestamp> at) {
    Item* item = find_item(item_id);
    if (!item || item->is_pull || !item->place.modules.empty()) return;
    const auto module = of_label(context, label);
    if (!module) return;
    item->place = {{*module}, std::max(item->created_at, at.value_or(item->created_at)), How::label};
  };
  for (const auto rows = context.database.query(
           "SELECT item_id, label, occurred_at FROM event WHERE project_id = :project AND kind = 'labeled' AND "
           "occurred_at <= :as_of AND label IS NOT NULL ORDER BY occurred_at, item_id, position",
           context.parameters());
       rows->next();)
    place(rows->integer(0), rows->string(1), rows->integer(2));
  for (const auto rows = context.database.query(
           "SELECT l.item_id, l.name FROM item_label l WHERE l.project_id = :project AND NOT EXISTS (SELECT 1 FROM "
           "event e WHERE e.project_id = l.project_id AND e.item_id = l.item_id AND e.kind = 'labeled') ORDER BY "
           "l.item_id, l.name",
           {{"project", context.project_id}});
       rows->next();)
    place(rows->integer(0), rows->string(1), std::nullopt);
}

void ModulePlaces::place_by_texts(const Context& context) {
  if (map_.in_head().empty()) return;
  for (const auto rows = context.database.query(
           "SELECT item_id, title, body FROM item WHERE project_id = :project AND created_at <= :as_of AND kind = "
           "'issue' ORDER BY item_id",
           context.parameters());
       rows->next();) {
    Item* item = find_item(rows->integer(0));
    if (!item || !item->place.modules.empty()) continue;
    if (const auto module = of_text(rows->string(1), rows->string(2)))
      item->place = {{*module}, item->created_at, How::text};
  }
}

}  // namespace resident
