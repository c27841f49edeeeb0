#include <algorithm>
#include <cmath>
#include <model/file_knowledge.hpp>
#include <model/file_touches.hpp>
#include <set>

namespace resident {

namespace {

// What files that were renamed since were called at the moment: lines are known by today's names.
std::map<std::int64_t, std::int64_t> names_of_then(const Context& context) {
  std::map<std::int64_t, std::int64_t> names;
  for (const auto rows = context.database.query(
           "SELECT f.path_id, f.old_path_id FROM git_commit c JOIN file_change f ON f.project_id = c.project_id AND "
           "f.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 1 AND c.committed_at > :as_of "
           "AND f.status = 'R' AND f.old_path_id IS NOT NULL ORDER BY c.committed_at, c.commit_id, f.path_id",
           context.parameters());
       rows->next();) {
    const auto before = names.find(rows->integer(1));
    names[rows->integer(0)] = before == names.end() ? rows->integer(1) : before->second;
  }
  return names;
}

}  // namespace

FileKnowledge::FileKnowledge(const Context& its_context, People its_people, const std::vector<std::int64_t>* only)
    : context(its_context),
      people(std::move(its_people)),
      map(context),
      filter(context, map),
      presence(context, people),
      half_life(context.whole_number("half-life", std::max(30, context.config.knowledge_half_life_days), 30, 100'000)),
      lines_missing(why_no_lines(context)) {
  const auto seconds = static_cast<double>(half_life * kDay);
  std::map<std::pair<std::int64_t, std::int64_t>, Known> known;  // by file, person
  const std::set<std::int64_t> wanted =
      only ? std::set<std::int64_t>(only->begin(), only->end()) : std::set<std::int64_t>();
  for (const FileTouch& touch : load_file_touches(context, people, map)) {
    if (only && !wanted.contains(touch.path_id)) continue;
    if (!filter.counts(touch.path_id)) continue;
    KnownFile& file = files[touch.path_id];
    file.path_id = touch.path_id;
    file.last_change = std::max(file.last_change, touch.at);
    if (!presence.is_person(touch.person)) continue;
    ++commits;
    Known& each = known[{touch.path_id, touch.person}];
    each.person = touch.person;
    ++each.commits;
    each.last = std::max(each.last, touch.at);
    each.points += std::log2(2 + static_cast<double>(touch.additions)) *
                   std::exp2(-static_cast<double>(context.as_of - touch.at) / seconds);
  }
  for (const auto& [key, each] : known) {
    KnownFile& file = files[key.first];
    file.people.push_back(each);
    file.points += each.points;
  }
  for (auto& [path, file] : files) {
    std::stable_sort(file.people.begin(), file.people.end(),
                     [](const Known& a, const Known& b) { return a.points > b.points; });
    file.at_risk =
        !file.people.empty() && std::all_of(file.people.begin(), file.people.end(), [&, of = &file](const Known& each) {
          return of->share(each) < kKnowerShare || !presence.is_active(each.person);
        });
  }
  if (only || !lines_missing.empty()) return;
  for (auto& [path, file] : files) file.lines = 0;
  const auto names = names_of_then(context);
  each_lines(context, people, line_moment(context), false, [&](const Lines& lines) {
    auto found = files.find(lines.path_id);
    if (found == files.end())
      if (const auto name = names.find(lines.path_id); name != names.end()) found = files.find(name->second);
    if (found != files.end()) *found->second.lines += lines.count;
  });
}

std::int64_t truck_factor(const std::vector<const KnownFile*>& files, const Presence& presence) {
  std::vector<std::set<std::int64_t>> authors;
  for (const KnownFile* file : files) {
    authors.emplace_back();
    for (const Known& each : file->people)
      if (each.points >= kAuthorShare * file->people.front().points && presence.is_active(each.person))
        authors.back().insert(each.person);
  }
  for (std::int64_t gone = 0;; ++gone) {
    std::map<std::int64_t, std::int64_t> count;
    std::size_t covered = 0;
    for (const auto& each : authors) {
      covered += !each.empty();
      for (const auto person : each) ++count[person];
    }
    if (2 * covered < authors.size() || count.empty()) return gone;
    const auto first =
        std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    for (auto& each : authors) each.erase(first->first);
  }
}

}  // namespace resident
