#include <algorithm>
#include <cmath>
#include <map>
#include <model/authorship.hpp>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

namespace resident {

namespace {

// Fritz et al.'s weights.
constexpr double kBase = 3.293, kFirst = 1.098, kDelivery = 0.164, kAcceptance = 0.321;
// Avelino et al.'s thresholds: of the best author's degree, and of the degree itself.
constexpr double kOfBest = 0.75, kLeast = 3.293;

struct Change {
  std::int64_t author = 0;  // person
  char status = 'M';
  std::int64_t old_path = 0;  // of a rename
};

using Changes = std::unordered_map<std::int64_t, std::vector<Change>>;  // by the path they made

Changes load_changes(const Context& context, const People& people) {
  Changes changes;
  const auto rows = context.database.query(
      "SELECT f.path_id, c.author_id, f.status, f.old_path_id FROM git_commit c JOIN file_change f ON f.project_id = "
      "c.project_id AND f.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 1 AND "
      "c.parent_count < 2 AND c.committed_at <= :as_of AND f.status IN ('A', 'M', 'R')",
      context.parameters());
  while (rows->next())
    changes[rows->integer(0)].push_back(
        {people.person(rows->optional_integer(1)), rows->text(2)[0], rows->is_null(3) ? 0 : rows->integer(3)});
  return changes;
}

struct Degree {
  bool is_first = false;
  std::int64_t deliveries = 0;
};

void collect(const Changes& changes, std::int64_t path, std::unordered_set<std::int64_t>& seen,
             std::map<std::int64_t, Degree>& degrees, std::int64_t& deliveries) {
  std::vector<std::int64_t> names{path};
  seen.insert(path);
  while (!names.empty()) {
    const auto found = changes.find(names.back());
    names.pop_back();
    if (found == changes.end()) continue;
    for (const Change& change : found->second) {
      Degree& degree = degrees[change.author];
      if (change.status == 'A') {
        degree.is_first = true;
        continue;
      }
      ++degree.deliveries;
      ++deliveries;
      if (change.status == 'R' && seen.insert(change.old_path).second) names.push_back(change.old_path);
    }
  }
}

}  // namespace

std::vector<AuthoredFile> authored_files(const Context& context, const People& people,
                                         std::span<const std::int64_t> paths) {
  const Changes changes = load_changes(context, people);
  std::vector<AuthoredFile> files;
  std::map<std::int64_t, Degree> degrees;
  std::unordered_set<std::int64_t> seen;
  for (const std::int64_t path : paths) {
    degrees.clear();
    seen.clear();
    std::int64_t deliveries = 0;
    collect(changes, path, seen, degrees, deliveries);
    if (degrees.empty()) continue;
    const auto value = [&](const Degree& degree) {
      return kBase + kFirst * degree.is_first + kDelivery * static_cast<double>(degree.deliveries) -
             kAcceptance * std::log(1 + static_cast<double>(deliveries - degree.deliveries));
    };
    double best = 0;
    for (const auto& [person, degree] : degrees) best = std::max(best, value(degree));
    AuthoredFile file{path, {}};
    for (const auto& [person, degree] : degrees) {
      const double own = value(degree);
      if (own > kOfBest * best && (own >= kLeast || degree.is_first) && person != 0 && !people.bots.contains(person))
        file.authors.push_back(person);
    }
    files.push_back(std::move(file));
  }
  return files;
}

TruckFactor leave_one_by_one(const std::vector<AuthoredFile>& files, std::size_t all) {
  std::map<std::int64_t, std::vector<std::size_t>> by_person;
  std::vector<std::size_t> left(files.size());  // authors of each file who are still here
  std::size_t covered = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    left[i] = files[i].authors.size();
    covered += left[i] > 0;
    for (const std::int64_t person : files[i].authors) by_person[person].push_back(i);
  }
  const auto share = [&] { return all == 0 ? 0.0 : static_cast<double>(covered) / static_cast<double>(all); };
  TruckFactor result{share(), {}};
  while (!by_person.empty() && share() >= 0.5) {
    const auto first = std::max_element(by_person.begin(), by_person.end(),
                                        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    for (const std::size_t file : first->second) covered -= --left[file] == 0;
    result.steps.push_back({first->first, static_cast<std::int64_t>(first->second.size()), share()});
    by_person.erase(first);
  }
  return result;
}

std::int64_t absence_factor(std::vector<double> contributions) {
  std::sort(contributions.begin(), contributions.end(), std::greater<>());
  const double all = std::accumulate(contributions.begin(), contributions.end(), 0.0);
  std::int64_t people = 0;
  for (double sum = 0; people < static_cast<std::int64_t>(contributions.size()) && 2 * sum < all; ++people)
    sum += contributions[static_cast<std::size_t>(people)];
  return people;
}

}  // namespace resident
